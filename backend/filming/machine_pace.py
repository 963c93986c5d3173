"""How fast this machine narrates and draws, learned from what it did last, over all projects."""

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
# The last so many pieces of work count, each by what it took.
KEPT = 8
# Pixels of a hundred frames at half of 640 by 360; less says more of the start than of the pace.
FEWEST_PIXELS = 100 * 320 * 180
FEWEST_SPOKEN_S = 2.0
# What goes faster was in the cache.
MOST_SPOKEN_A_SECOND = 400.0
# Where nothing was measured yet: 50 frames of 1080p a second, and seconds of speech a second.
_GUESSED_PIXELS = 50.0 * 1920 * 1080
_GUESSED_SPEECH = {"hibari": 8.0, "espeak-ng": 40.0, "kokoro": 1.5}


def note_drawing(frames: int, width: int, height: int, seconds: float) -> None:
    """Remember how long drawing and encoding took; little is no measure."""
    pixels = frames * width * height
    if pixels >= FEWEST_PIXELS and seconds > 0:
        _note(DRAWING, pixels, seconds)


def note_narrating(engine: str, spoken_s: float, seconds: float) -> None:
    """Remember how long it took to say so much."""
    if spoken_s >= FEWEST_SPOKEN_S and seconds > spoken_s / MOST_SPOKEN_A_SECOND:
        _note(_narrating(engine), spoken_s, seconds)


def note_speech(spoken: Iterable[tuple[str, float]], seconds: float) -> None:
    """Remember how long it took to say these (voice, seconds of speech), which may have been said side by side.

    Where several engines spoke it is not known which took how long.
    """
    said = list(spoken)
    engines = {engine_of(voice).name for voice, _ in said}
    if len(engines) == 1:
        note_narrating(engines.pop(), sum(length for _, length in said), seconds)


def drawing_s(frames: int, width: int, height: int) -> float:
    """About how long drawing takes."""
    pixels_a_second = _pace(DRAWING) or _pace_of_renders() or _GUESSED_PIXELS
    return frames * width * height / pixels_a_second


def narrating_s(engine: str, spoken_s: float) -> float:
    """About how long saying it takes."""
    return spoken_s / (_pace(_narrating(engine)) or _GUESSED_SPEECH.get(engine, 1.0))


def _narrating(engine: str) -> str:
    return f"narrating with {engine}"[:60]


def _note(name: str, amount: float, seconds: float) -> None:
    with write_transaction():
        known = SettingValue.objects.filter(scope=SCOPE, name=name).first()
        kept = [*(known.value if known else []), [amount, round(seconds, 3)]][-KEPT:]
        SettingValue.objects.update_or_create(scope=SCOPE, name=name, defaults={"value": kept})


def _pace(name: str) -> float | None:
    known = SettingValue.objects.filter(scope=SCOPE, name=name).first()
    if known is None:
        return None
    amounts, seconds = (sum(column) for column in zip(*known.value, strict=True))
    return float(amounts / seconds)


def _pace_of_renders() -> float | None:
    """Of films that an older release made, which noted only their rows."""
    last = Render.objects.filter(drawn_frames__gt=100, took_s__gt=0).order_by("-pk")[:KEPT]
    pixels = Cast(F("drawn_frames") * F("width") * F("height"), FloatField())
    found = Render.objects.filter(pk__in=list(last.values_list("pk", flat=True))).aggregate(
        pixels=Sum(pixels), seconds=Sum("took_s")
    )
    return found["pixels"] / found["seconds"] if found["seconds"] else None
