"""The input of the renderer: the scenes in order, and the format of the film."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rendering.errors import InvalidFormat

SAMPLE_RATE = 48_000
MIN_SIDE, MAX_SIDE = 64, 4096
FRAME_RATES = (10, 12, 15, 16, 20, 24, 25, 30, 32, 40, 48, 50, 60)  # those that divide SAMPLE_RATE
FITS = ("cover", "contain", "contain-blur")
MOTIONS = ("auto", "zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down", "drift", "still")
SUBTITLE_STYLES = ("outline", "box")
SUBTITLE_SIZES = ("small", "medium", "large")
SUBTITLE_PLACES = ("bottom", "middle", "top")
CARD_LOOKS = ("night", "paper", "colour")
MAX_TRANSITION_S = 2.0
MAX_ZOOM = 2.0
MIN_PAUSE_S, MAX_PAUSE_S = 0.1, 5.0
MAX_SILENT_SCENE_S = 60.0
MIN_CRF, MAX_CRF = 10, 35


@dataclass(frozen=True)
class SpokenWord:
    """A written word; its times are in seconds from the start of its narration."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Sound:
    """A narration file in any format that FFmpeg reads; ``digest`` identifies its bytes."""

    path: Path
    digest: str
    duration_s: float


@dataclass(frozen=True)
class Picture:
    """A picture file; ``digest`` identifies its bytes, ``focus`` is the point in view, (0, 0) top left to (1, 1)."""

    path: Path
    digest: str
    focus: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True)
class Scene:
    """One segment of the story. Without a picture it gets a title card, without a sound a silent pause.

    ``pause_s`` is the silence after its sound, None for the film's. Raises ``InvalidFormat``.
    """

    name: str
    text: str
    picture: Picture | None = None
    sound: Sound | None = None
    words: tuple[SpokenWord, ...] = ()
    motion: str = "auto"
    fit: str | None = None
    pause_s: float | None = None
    # The text of its title card if nothing is spoken; "" means ``text``.
    plain_text: str = ""

    def __post_init__(self) -> None:
        if self.pause_s is not None:
            _within("pause", self.pause_s, MIN_PAUSE_S, MAX_PAUSE_S)


@dataclass(frozen=True)
class SubtitleStyle:
    style: str = "outline"
    size: str = "medium"
    place: str = "bottom"
    max_words: int = 8
    font: Path | None = None


@dataclass(frozen=True)
class Format:
    """The format of a film. Raises ``InvalidFormat`` for values that no video can have.

    ``transition_s`` is the length of a crossfade, 0 for a hard cut; ``zoom`` how far a motion goes in;
    ``pause_s`` the silence between two narrations; ``silent_scene_s`` how long a scene without sound stands.
    """

    width: int = 1920
    height: int = 1080
    fps: int = 30
    transition_s: float = 0.5
    zoom: float = 1.25
    fit: str = "cover"
    motion: str = "auto"
    pause_s: float = 0.4
    silent_scene_s: float = 4.0
    subtitles: SubtitleStyle | None = field(default_factory=SubtitleStyle)
    crf: int = 20
    is_draft: bool = False
    card_look: str = "night"

    def __post_init__(self) -> None:
        for name in ("width", "height"):
            side = getattr(self, name)
            if side % 2 or not MIN_SIDE <= side <= MAX_SIDE:
                raise InvalidFormat(f"The {name} must be an even number from {MIN_SIDE} to {MAX_SIDE}, not {side}.")
        _one_of("frame rate", self.fps, FRAME_RATES)
        _one_of("fit", self.fit, FITS)
        _one_of("motion", self.motion, MOTIONS)
        _one_of("look of title cards", self.card_look, CARD_LOOKS)
        _within("transition", self.transition_s, 0, MAX_TRANSITION_S)
        _within("zoom", self.zoom, 1, MAX_ZOOM)
        _within("pause", self.pause_s, MIN_PAUSE_S, MAX_PAUSE_S)
        _within("silent scene", self.silent_scene_s, 1, MAX_SILENT_SCENE_S)
        _within("quality (crf)", self.crf, MIN_CRF, MAX_CRF)
        if self.subtitles:
            _one_of("subtitle style", self.subtitles.style, SUBTITLE_STYLES)
            _one_of("subtitle size", self.subtitles.size, SUBTITLE_SIZES)
            _one_of("subtitle place", self.subtitles.place, SUBTITLE_PLACES)
            _within("words in a subtitle", self.subtitles.max_words, 1, 20)

    @property
    def transition_frames(self) -> int:
        """The number of frames that two scenes share; never 1, which would be a chunk of a single frame."""
        frames = round(self.transition_s * self.fps)
        return 0 if frames < 1 else max(2, frames)

    @property
    def samples_per_frame(self) -> int:
        return SAMPLE_RATE // self.fps


@dataclass(frozen=True)
class Film:
    title: str
    scenes: tuple[Scene, ...]
    format: Format

    def __post_init__(self) -> None:
        if not self.scenes:
            raise InvalidFormat("There is nothing to render: the story has no segments.")


def _one_of(name: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        raise InvalidFormat(f"The {name} {value!r} is not one of {', '.join(map(str, allowed))}.")


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InvalidFormat(f"The {name} must be from {low:g} to {high:g}, not {value:g}.")
