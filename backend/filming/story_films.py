"""Make videos from a story file, without a project or a database; only the caches are shared."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from api.picture_matching import match_pictures
from api.services.story_files import read_story_file
from api.services.story_import import Story, read_story
from core.errors import InvalidInput
from filming.card_pictures import plain_text
from filming.film_settings import check_sizes, format_of, voice_settings_from, with_defaults
from filming.interests import focused
from filming.narrations import speech_cache
from filming.outputs import check_output, exclusive_workdir, output_for
from media_store.errors import InvalidPicture
from media_store.layout import current_layout
from media_store.pictures import check_picture
from media_store.uploads import MAX_PICTURE_BYTES, check_size
from narration.catalogue import engine_of
from narration.errors import NothingToSay, TextTooLong
from narration.loudness import integrated_loudness
from narration.narrator import MAX_CHARACTERS, VoiceSettings, narrate
from narration.script import Sentence, parse_script
from narration.sound_files import write_flac
from rendering.encoder import translate_io_errors
from rendering.film import Film, Format, Picture, Scene, Sound, SpokenWord
from rendering.lettering import check_segment
from rendering.renderer import Progress, Rendered, render
from rendering.sound import duration_s

PICTURE_FOLDERS = ("pictures", "images")

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class StoryFilm:
    """A finished video. ``unmatched`` are the names of pictures that match no segment.

    ``loudness_lufs`` is the loudness of the quietest and of the loudest narration, None if nothing is spoken.
    """

    film: Film
    rendered: Rendered
    unmatched: list[str]
    loudness_lufs: tuple[float, float] | None

    @property
    def cards(self) -> list[int]:
        """Return the numbers of the scenes without a picture."""
        return [number for number, scene in enumerate(self.film.scenes, 1) if scene.picture is None]

    @property
    def silent(self) -> list[int]:
        """Return the numbers of the scenes without speech."""
        return [number for number, scene in enumerate(self.film.scenes, 1) if scene.sound is None]


@dataclass(frozen=True)
class _Narration:
    sound: Sound
    words: tuple[SpokenWord, ...]
    loudness_lufs: float


def make_films(
    story_file: Path,
    out: Path,
    settings: Mapping[str, Any],
    *,
    sizes: Sequence[str],
    title: str | None = None,
    images: Path | None = None,
    font: Path | None = None,
    is_draft: bool = False,
    report: Report = lambda phase, done, total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[StoryFilm]:
    """Narrate the story once and render it in each of ``sizes``; unchanged parts come from the cache.

    ``settings`` are values for some of ``setting_table.FILM_SETTINGS``; ``images`` is a folder of pictures, by default
    the one beside the story. With several sizes, each video has its size in its name. On any error, the video that was
    at the output path stays in place. Raises ``InvalidInput``, ``BeingMade``, and the errors of the engines.
    """
    values = [with_defaults({**settings, "size": size}) for size in sizes]
    check_sizes([some["size"] for some in values])
    formats = [format_of(some, is_draft=is_draft, font=font) for some in values]
    story = read_story(read_story_file(story_file, title=title))
    engine_of(values[0]["voice"])
    _check_lengths(story)
    if formats[0].subtitles:
        _check_letters(story, formats[0].subtitles.font)
    check_output(out)
    outs = [check_output(output_for(out, some["size"], len(values))) for some in values]
    with ExitStack() as stack:
        folder, *_ = [stack.enter_context(exclusive_workdir(path)) for path in outs]
        pictures, unmatched = _copied_pictures(images or _folder_beside(story_file), len(story.segments), folder)
        narrations = _narrate(story, voice_settings_from(values[0]), folder, report, is_cancelled)
        levels = [narration.loudness_lufs for narration in narrations if narration]
        loudness = (round(min(levels), 1), round(max(levels), 1)) if levels else None
        made = []
        for fmt, path in zip(formats, outs, strict=True):
            film = _film_of(story, pictures, narrations, fmt)
            cache = current_layout().cache / "render"
            rendered = render(film, path, cache, report=_frames_to(report), is_cancelled=is_cancelled)
            made.append(StoryFilm(film, rendered, unmatched, loudness))
    return made


def _check_lengths(story: Story) -> None:
    """Check the length of each segment. Raises ``TextTooLong`` with the segment's number."""
    for number, segment in enumerate(story.segments, 1):
        if len(segment.text_content) > MAX_CHARACTERS:
            raise TextTooLong(
                f"Segment {number} has {len(segment.text_content):,} characters; one can have {MAX_CHARACTERS:,}. "
                "Split it into several."
            )


def _check_letters(story: Story, font: Path | None) -> None:
    """Check that the subtitles can be drawn, before the long narration. Raises ``SubtitleUndrawable``."""
    for number, segment in enumerate(story.segments, 1):
        for part in parse_script(segment.text_content):
            if isinstance(part, Sentence):
                check_segment(number, " ".join(word.text for word in part.words), font)


def _folder_beside(story_file: Path) -> Path | None:
    return next((folder for name in PICTURE_FOLDERS if (folder := story_file.parent / name).is_dir()), None)


def _copied_pictures(source: Path | None, count: int, folder: Path) -> tuple[dict[int, Picture], list[str]]:
    """Copy the pictures, so that nobody changes them during the work.

    Returns the copies by segment, counted from 0, and the names that match no segment. Raises ``InvalidInput`` with a
    reason for each bad picture.
    """
    if source is None:
        return {}, []
    try:
        matching = match_pictures([path.name for path in source.iterdir() if path.is_file()], count)
    except OSError as exc:
        raise InvalidInput(f"{source} cannot be read: {exc.strerror}.") from exc
    pictures, problems = {}, {}
    for number, name in matching.by_segment.items():
        try:
            pictures[number] = _picture(source / name, folder / f"{number + 1}{Path(name).suffix.lower()}")
        except InvalidInput as exc:
            problems[name] = str(exc.details or exc.message)
    if problems:
        raise InvalidInput("Some pictures cannot be used.", details=problems)
    return pictures, list(matching.unmatched)


def _picture(source: Path, copy: Path) -> Picture:
    try:
        check_size(source.stat().st_size, MAX_PICTURE_BYTES)
        data = source.read_bytes()
    except OSError as exc:
        raise InvalidPicture(details=f"It cannot be read: {exc.strerror}.") from exc
    with translate_io_errors():
        copy.write_bytes(data)
    with copy.open("rb") as file:
        check_picture(file)
    return Picture(copy, hashlib.sha256(data).hexdigest())


def _narrate(
    story: Story, voice_settings: VoiceSettings, folder: Path, report: Report, is_cancelled: Callable[[], bool]
) -> list[_Narration | None]:
    """Narrate the segments in parallel; progress counts letters, because sentences differ in length."""
    texts = [segment.text_content for segment in story.segments]
    letters, said, has_failed = sum(map(len, texts)), [0] * len(texts), False
    lock = threading.Lock()

    def count(number: int, done: int, sentences: int) -> None:
        with lock:  # so that the progress never decreases
            said[number] = len(texts[number]) * done // sentences
            report("narrating", sum(said), letters)

    def speak(number: int) -> _Narration | None:
        path = folder / f"{number + 1}.flac"
        return _spoken(
            texts[number], voice_settings, path, partial(count, number), lambda: has_failed or is_cancelled()
        )

    report("narrating", 0, letters)
    with ThreadPoolExecutor(max(1, min(len(texts), os.cpu_count() or 1)), "narrator") as pool:
        jobs = [pool.submit(speak, number) for number in range(len(texts))]
        try:
            return [job.result() for job in jobs]
        except BaseException:
            has_failed = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _spoken(
    text: str,
    voice_settings: VoiceSettings,
    path: Path,
    report: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> _Narration | None:
    """Narrate one text into ``path``. Returns None if it has nothing to speak."""
    try:
        speech = narrate(text, voice_settings, speech_cache(), report=report, is_cancelled=is_cancelled)
    except NothingToSay:
        return None
    with translate_io_errors():
        write_flac(path, speech.samples, speech.sample_rate)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _Narration(
        Sound(path, digest, duration_s(path)),
        tuple(SpokenWord(word.text, word.start_s, word.end_s) for word in speech.words),
        integrated_loudness(speech.samples, speech.sample_rate),
    )


def _film_of(story: Story, pictures: dict[int, Picture], narrations: list[_Narration | None], fmt: Format) -> Film:
    scenes = (
        Scene(
            str(number + 1),
            segment.text_content,
            pictures.get(number),
            narration.sound if narration else None,
            narration.words if narration else (),
            plain_text="" if narration else plain_text(segment.text_content),
        )
        for number, (segment, narration) in enumerate(zip(story.segments, narrations, strict=True))
    )
    looked_at = (focused(scene, None, fmt.width, fmt.height, is_auto=fmt.motion == "auto") for scene in scenes)
    return Film(story.title, tuple(looked_at), fmt)


def _frames_to(report: Report) -> Callable[[Progress], None]:
    return lambda progress: report(progress.phase, progress.done, progress.total)
