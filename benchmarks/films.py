"""Videos for the rendering benchmarks: the example's photographs in sequence, with sentences of known length."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from narration.sound_files import write_flac
from rendering.film import SAMPLE_RATE, Film, Format, Picture, Scene, Sound, SpokenWord

PHOTOGRAPHS = sorted((Path(__file__).parents[1] / "examples" / "half-a-fig" / "pictures").glob("*.jpg"))
SENTENCE = "The fig tree stood in the yard of the old house and nobody came there any more but a dog"
PAUSE_S = 0.4
TRANSITION_S = 0.5


def a_film(folder: Path, scenes: int, seconds: float, fmt: Format | None = None) -> Film:
    """Return a film of ``scenes`` scenes of ``seconds`` each (less the crossfade), each with own words and sound."""
    fmt = fmt or Format(pause_s=PAUSE_S, transition_s=TRANSITION_S)
    spoken_s = seconds - PAUSE_S - TRANSITION_S
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in PHOTOGRAPHS}
    return Film("Benchmark", tuple(_scene(folder, number, spoken_s, digests) for number in range(scenes)), fmt)


def _scene(folder: Path, number: int, spoken_s: float, digests: dict[Path, str]) -> Scene:
    picture = PHOTOGRAPHS[number % len(PHOTOGRAPHS)]
    text = f"{number + 1} {SENTENCE}"
    return Scene(
        str(number),
        text,
        Picture(picture, f"{digests[picture]}/{number}"),
        _hum(folder, number, spoken_s),
        _words(text, spoken_s),
    )


def with_edited_sentence(film: Film, index: int) -> Film:
    scene = film.scenes[index]
    text = scene.text.replace("old house", "last house")
    edited = replace(scene, text=text, words=_words(text, scene.sound.duration_s if scene.sound else 1.0))
    return replace(film, scenes=(*film.scenes[:index], edited, *film.scenes[index + 1 :]))


def _words(text: str, spoken_s: float) -> tuple[SpokenWord, ...]:
    words = text.split()
    each = spoken_s / len(words)
    return tuple(SpokenWord(word, n * each, (n + 0.9) * each) for n, word in enumerate(words))


def _hum(folder: Path, number: int, seconds: float) -> Sound:
    """Return the sound of a chord with syllables, different for each scene."""
    path = folder / f"{number}-{seconds:g}.flac"
    if not path.exists():
        at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (110 + number % 12 * 7, 220, 331))
        syllables = np.abs(np.sin(2 * np.pi * 2.5 * at))
        write_flac(path, (0.1 * chord * syllables).astype(np.float32), SAMPLE_RATE)
    return Sound(path, hashlib.sha256(path.read_bytes()).hexdigest(), seconds)
