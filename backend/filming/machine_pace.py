"""Measure how fast this machine narrates and draws, and estimate durations from the latest measurements."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, FloatField, Sum
from django.db.models.functions import Cast

from api.services.rows import write_transaction
from filming.models import Render
from narration.catalogue import engine_of
from preferences.models import SettingValue

SCOPE = "machine"
DRAWING = "drawing"
# The number of latest measurements that count; each is an amount and the seconds it took.
KEPT_MEASUREMENTS = 8
# Pixels of a hundred frames of 320 by 180; in less, the start takes more time than the drawing.
MIN_PIXELS = 100 * 320 * 180
MIN_SPOKEN_S = 2.0
# Faster narrations came from the cache.
MAX_SPOKEN_PER_SECOND = 400.0
# Guesses for a machine without measurements: 50 frames of 1080p per second, and seconds of speech per second.
_GUESSED_PIXELS = 50.0 * 1920 * 1080
_GUESSED_SPEECH = {"hibari": 8.0, "espeak-ng": 40.0, "kokoro": 1.5}


def note_drawing(frames: int, width: int, height: int, seconds: float) -> None:
    """Save a measurement of drawing and encoding, unless it is too small."""
    pixels = frames * width * height
    if pixels >= MIN_PIXELS and seconds > 0:
        _note(DRAWING, pixels, seconds)


def note_narrating(engine: str, spoken_s: float, seconds: float) -> None:
    """Save a measurement of narrating, unless it is too small or came from the cache."""
    if spoken_s >= MIN_SPOKEN_S and seconds > spoken_s / MAX_SPOKEN_PER_SECOND:
        _note(_narrating(engine), spoken_s, seconds)


def note_speech(spoken: Iterable[tuple[str, float]], seconds: float) -> None:
    """Save a measurement of narrations that may have run in parallel.

    ``spoken`` are pairs of a voice and its seconds of speech. If several engines were used, the time of each is
    unknown, and nothing is saved.
    """
    said = list(spoken)
    engines = {engine_of(voice).name for voice, _ in said}
    if len(engines) == 1:
        note_narrating(engines.pop(), sum(length for _, length in said), seconds)


def drawing_s(frames: int, width: int, height: int) -> float:
    """Estimate the seconds that drawing and encoding take."""
    pixels_a_second = _pace(DRAWING) or _pace_of_renders() or _GUESSED_PIXELS
    return frames * width * height / pixels_a_second


def narrating_s(engine: str, spoken_s: float) -> float:
    """Estimate the seconds that narrating ``spoken_s`` seconds of speech takes."""
    return spoken_s / (_pace(_narrating(engine)) or _GUESSED_SPEECH.get(engine, 1.0))


def _narrating(engine: str) -> str:
    return f"narrating with {engine}"[:60]


def _note(name: str, amount: float, seconds: float) -> None:
    with write_transaction():
        known = SettingValue.objects.filter(scope=SCOPE, name=name).first()
        kept = [*(known.value if known else []), [amount, round(seconds, 3)]][-KEPT_MEASUREMENTS:]
        SettingValue.objects.update_or_create(scope=SCOPE, name=name, defaults={"value": kept})


def _pace(name: str) -> float | None:
    known = SettingValue.objects.filter(scope=SCOPE, name=name).first()
    if known is None:
        return None
    amounts, seconds = (sum(column) for column in zip(*known.value, strict=True))
    return float(amounts / seconds)


def _pace_of_renders() -> float | None:
    """Return the pace, in pixels per second, of renders by older releases, which stored it only in their rows."""
    last = Render.objects.filter(drawn_frames__gt=100, took_s__gt=0).order_by("-pk")[:KEPT_MEASUREMENTS]
    pixels = Cast(F("drawn_frames") * F("width") * F("height"), FloatField())
    found = Render.objects.filter(pk__in=list(last.values_list("pk", flat=True))).aggregate(
        pixels=Sum(pixels), seconds=Sum("took_s")
    )
    return found["pixels"] / found["seconds"] if found["seconds"] else None
