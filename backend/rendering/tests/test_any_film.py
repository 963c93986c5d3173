"""Whatever a story is made of, it becomes a film or one sentence that says why not, never a traceback.

``STORYFLOW_RANDOM_FILMS`` makes more films than every test run does; ``STORYFLOW_RANDOM_SEED`` others.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageCms

from core.errors import StoryFlowError
from rendering import film as films
from rendering.errors import SubtitleUndrawable
from rendering.film import Film, Format, Picture, Scene, SpokenWord, SubtitleStyle
from rendering.renderer import render
from rendering.tests.making import a_font, a_sound
from rendering.timeline import lay_out

FILMS = int(os.environ.get("STORYFLOW_RANDOM_FILMS", "25"))
SEED = int(os.environ.get("STORYFLOW_RANDOM_SEED", "1"))
MOST_FRAMES = 1500  # of one film, so that a run ends

TEXTS = (
    "It rained.",
    "The old house stood empty, and nobody came; then the door moved — slowly.",
    "很久很久以前，在山脚下住着一位老人。他每天都去森林里砍柴，「你好」！",
    "むかしむかし、あるところに、おじいさんとおばあさんが住んでいました。",
    "กาลครั้งหนึ่งนานมาแล้วมีชายชราคนหนึ่ง",
    "שלום עולם 123 (כן)",
    "مرحبا بالعالم، كيف الحال؟",
    "https://example.com/" + "abcdefghij" * 12,
    "N" + "o" * 150 + "!",
    "Internationalization characteristically incomprehensibilities counterrevolutionaries",
    "→ ⇒ ≠ ≤ ∞ √2 ≈ −4 Ⅳ ＡＢＣ 𝗯𝗼𝗹𝗱 ① ♪",
    "👩‍🌾 🍇",
    "Z̷̡̛͇a̸̢̛͎l̴̡̛g̵̢̛o̶̡ " + "o" + "\u0301" * 60,
    "a\u00adb\u200bc\u2060d \u202eabc\u202c",
    "...",
    "{\\an8}<i>Italic</i> & <b>",
    "x",
    "नमस्ते दुनिया",
)
OWN_LETTERS = "".join(sorted({char for text in TEXTS for char in text if not char.isspace()}))
SHAPES = ((1, 1), (1, 900), (900, 1), (3, 700), (2000, 7), (64, 64), (300, 200), (200, 300), (500, 90), (33, 2000))
MODES = ("RGB", "RGBA", "L", "LA", "P", "P clear", "1", "CMYK", "I;16")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def a_format(dice: random.Random, font: Path) -> Format:
    style = SubtitleStyle(
        dice.choice(films.SUBTITLE_STYLES),
        dice.choice(films.SUBTITLE_SIZES),
        dice.choice(films.SUBTITLE_PLACES),
        dice.randint(1, 20),
        dice.choice((None, font)),
    )
    return Format(
        width=dice.choice((64, 66, 128, 160, 256, 320)),
        height=dice.choice((64, 66, 90, 128, 180, 320)),
        fps=dice.choice(films.FRAME_RATES),
        transition_s=dice.choice((0, 0.01, 0.2, 0.5, 1, 2, round(dice.uniform(0, 2), 3))),
        zoom=dice.choice((1, 1.25, 2)),
        fit=dice.choice(films.FITS),
        motion=dice.choice(films.MOTIONS),
        pause_s=dice.choice((0.1, 0.4, round(dice.uniform(0.1, 1), 3))),
        silent_scene_s=dice.choice((1, 1.5)),
        subtitles=dice.choice((None, style, style, style)),
        crf=dice.choice((10, 20, 35)),
        is_draft=dice.random() < 0.2,
    )


def a_picture(dice: random.Random, folder: Path) -> Picture | None:
    if dice.random() < 0.1:
        return None
    size, mode = dice.choice(SHAPES), dice.choice(MODES)
    noise = np.random.default_rng(dice.getrandbits(32)).integers(0, 256, (5, 4, 4), dtype=np.uint8)
    image = Image.fromarray(noise, "RGBA").resize(size)
    options = {"icc_profile": dice.choice((PROFILE, b"none"))} if dice.random() < 0.3 else {}
    if mode.startswith("P"):
        image = image.convert("RGB").quantize(8)
        options |= {"transparency": dice.choice((0, bytes([0, 128])))} if mode == "P clear" else {}
    elif mode == "I;16":
        image = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    path = folder / f"{dice.getrandbits(40):x}.{'jpg' if mode == 'CMYK' else 'png'}"
    image.save(path, **options)
    focus = (round(dice.random(), 2), round(dice.random(), 2))
    return Picture(path, hashlib.sha256(path.read_bytes()).hexdigest(), focus)


def a_scene(dice: random.Random, folder: Path, number: int) -> Scene:
    text = " ".join(dice.choice(TEXTS) for _ in range(dice.choice((1, 1, 2))))
    motion, fit = dice.choice(films.MOTIONS), dice.choice((None, *films.FITS))
    silent = Scene(str(number), text, a_picture(dice, folder), motion=motion, fit=fit)
    if dice.random() < 0.2:
        return silent
    seconds = dice.choice((0.02, 0.1, 0.3, 0.5, 1, 2, round(dice.uniform(0.02, 4), 3)))
    words, at = [], 0.0
    for word in text.split():
        end = min(seconds, at + dice.choice((0, seconds / len(text.split()))))
        words.append(SpokenWord(word, at, end))
        at = end
    return replace(silent, sound=a_sound(folder, seconds), words=tuple(words))


def a_film(dice: random.Random, folder: Path, font: Path) -> Film:
    fmt = a_format(dice, font)
    scenes = tuple(a_scene(dice, folder, number) for number in range(dice.choice((1, 2, 3, 4))))
    film = Film(dice.choice(TEXTS), scenes, fmt)
    while lay_out(film).frames > MOST_FRAMES:
        film = replace(film, scenes=film.scenes[:1], format=replace(film.format, fps=10, transition_s=0.1))
    return film


def outcome(seed: int, folder: Path, font: Path) -> str:
    """ "film", the code of the sentence, or what is wrong."""
    dice = random.Random(seed)
    try:
        film = a_film(dice, folder, font)
        rendered = render(film, folder / "out.mp4", folder / "cache", workers=1)
    except SubtitleUndrawable as exc:
        return exc.code if exc.message.startswith("Segment ") else f"unnamed segment: {exc.message}"
    except StoryFlowError as exc:
        return f"{exc.code}: {exc.details or exc.message}"
    except Exception:
        return traceback.format_exc()
    with av.open(str(rendered.path)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    return "film" if frames == rendered.frames else f"{frames} frames of {rendered.frames}"


@pytest.mark.timeout(300 + 5 * FILMS)
def test_any_story_becomes_a_film_or_one_sentence(tmp_path: Path) -> None:
    font = a_font(tmp_path / "own.ttf", OWN_LETTERS)
    seen, wrong = Counter[str](), {}
    for seed in range(SEED * 1_000_000, SEED * 1_000_000 + FILMS):
        folder = tmp_path / "film"
        folder.mkdir()
        ended = outcome(seed, folder, font)
        shutil.rmtree(folder)
        seen[ended.split("\n")[0][:40]] += 1
        if ended not in ("film", SubtitleUndrawable.code):
            wrong[seed] = ended
            print(f"seed {seed}: {ended}", flush=True)
    print(dict(seen), flush=True)
    assert wrong == {}
    assert seen["film"] > FILMS / 2
