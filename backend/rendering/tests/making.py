"""Helpers that make small films of real pictures and sounds in a temporary folder."""

from __future__ import annotations

import hashlib
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from rendering.film import Film, Format, Picture, Scene, Sound, SpokenWord, SubtitleStyle

SMALL = Format(width=160, height=90, fps=10, transition_s=0.4)
SPOKEN = "A fig tree stood in the yard. Nobody came."


def a_picture(folder: Path, seed: int = 1, size: tuple[int, int] = (240, 160), **options: Any) -> Picture:
    """Coloured noise, coarse enough to survive being scaled."""
    coarse = np.random.default_rng(seed).integers(0, 255, (8, 12, 3), dtype=np.uint8)
    path = folder / f"{seed}-{size[0]}x{size[1]}.png"
    Image.fromarray(coarse).resize(size, Image.Resampling.BILINEAR).save(path)
    return Picture(path, hashlib.sha256(path.read_bytes()).hexdigest(), **options)


def a_plain_picture(folder: Path, colour: tuple[int, int, int], size: tuple[int, int] = (160, 90)) -> Picture:
    path = folder / f"{'-'.join(map(str, colour))}.png"
    Image.new("RGB", size, colour).save(path)
    return Picture(path, path.name)


def a_sound(folder: Path, seconds: float = 2.0, hertz: float = 440, rate: int = 24_000) -> Sound:
    path = folder / f"{hertz:g}-{seconds:g}.wav"
    tone = 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((tone * 32767).astype("<i2").tobytes())
    return Sound(path, hashlib.sha256(path.read_bytes()).hexdigest(), seconds)


def spoken(text: str = SPOKEN, seconds: float = 2.0) -> tuple[SpokenWord, ...]:
    words = text.split()
    each = seconds / len(words)
    return tuple(SpokenWord(word, number * each, (number + 0.9) * each) for number, word in enumerate(words))


def a_scene(folder: Path, seed: int = 1, seconds: float = 2.0, text: str = SPOKEN, **changes: Any) -> Scene:
    scene = Scene(
        f"segment {seed}",
        text,
        a_picture(folder, seed),
        a_sound(folder, seconds, 300 + 40 * seed),
        spoken(text, seconds),
    )
    return replace(scene, **changes)


def a_film(folder: Path, scenes: int = 3, **changes: Any) -> Film:
    return Film("Half a Fig", tuple(a_scene(folder, seed) for seed in range(1, scenes + 1)), replace(SMALL, **changes))


def with_scene(film: Film, index: int, **changes: Any) -> Film:
    scenes = list(film.scenes)
    scenes[index] = replace(scenes[index], **changes)
    return replace(film, scenes=tuple(scenes))


def without_subtitles(film: Film) -> Film:
    return replace(film, format=replace(film.format, subtitles=None))


def with_subtitles(film: Film, **style: Any) -> Film:
    return replace(film, format=replace(film.format, subtitles=SubtitleStyle(**style)))


def frames_of(path: Path) -> list[np.ndarray]:
    """(height, width, 3) uint8 each."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def samples_of(path: Path) -> np.ndarray:
    """Mono float32 at 48 kHz, as a player hears it."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def a_font(path: Path, characters: str) -> Path:
    """A font file that draws each of ``characters`` as a square of nearly its full height."""
    pen = TTGlyphPen(None)
    pen.moveTo((60, 0))
    for corner in ((60, 800), (940, 800), (940, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square, names = pen.glyph(), [".notdef", "space", "square"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({32: "space", **{ord(char): "square" for char in characters if char != " "}})
    builder.setupGlyf({name: square if name == "square" else TTGlyphPen(None).glyph() for name in names})
    builder.setupHorizontalMetrics({name: (1000 if name == "square" else 500, 0) for name in names})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.save(path)
    return path
