"""`storyflow make`: render a video from a story file, without a server or a project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.foreground import ProgressBar, graceful_interrupt
from cli.main import start_django
from filming.setting_table import FILM_SETTINGS, FilmSetting

if TYPE_CHECKING:
    from filming.story_films import StoryFilm


def film_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each setting of voice and video, with the setting's default."""
    for option in reversed(FILM_SETTINGS):
        command = _click_option(option)(command)
    return command


def _click_option(option: FilmSetting) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    dashed = option.name.replace("_", "-")
    if option.name == "size":
        text = f"{option.help} As often as you like."
        return click.option("--size", "sizes", multiple=True, default=[option.default], show_default=True, help=text)
    if isinstance(option.default, bool):
        return click.option(f"--{dashed}/--no-{dashed}", default=option.default, show_default=True, help=option.help)
    kind: Any = str
    if option.choices:
        kind = click.Choice(option.choices)
    elif isinstance(option.default, int):
        kind = click.IntRange(int(option.within[0]), int(option.within[1]))
    elif isinstance(option.default, float):
        kind = click.FloatRange(*option.within)
    return click.option(f"--{dashed}", type=kind, default=option.default, show_default=True, help=option.help)


@click.command()
@click.argument("story", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of pictures, matched as `import` does; else the folder pictures or images beside STORY.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The video; else STORY's name, in this folder.")
@click.option("--title", help="The film's title; else the text's # heading, the JSON's title, or the file's name.")
@film_options
@click.option("--draft", is_flag=True, help="A preview: half the width and height, drawn in a fraction of the time.")
@click.option(
    "--font",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A font file for the subtitles; else STORYFLOW_SUBTITLE_FONT, or the one that comes along.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def make(
    story: Path,
    images: Path | None,
    output: Path | None,
    title: str | None,
    sizes: tuple[str, ...],
    draft: bool,
    font: Path | None,
    as_json: bool,
    **choices: Any,
) -> None:
    """Turn STORY into a video: narrate it, draw it, put it together.

    STORY is a text file of blocks between lines of ---, each with a line "Text: ..." and, if you like, "Prompt: ...",
    or a JSON file with a title and segments. Other prose and Markdown are divided in the web client's import.

    With subtitles an .srt and a .vtt are written beside the video. An older video is replaced when the new one is
    whole and was read back; Ctrl-C and every failure leave it as it was. A segment without a picture gets a title
    card, one without a word to say is silent. A second run makes only what changed.

    Several sizes are narrated once; each video has its size in its name, such as story-1080x1920.mp4.
    """
    start_django()
    from filming.story_films import make_films  # noqa: PLC0415 - needs Django

    with graceful_interrupt() as stop, ProgressBar() as bar:
        made = make_films(
            story,
            output or Path(f"{story.stem}.mp4"),
            choices,
            sizes=sizes,
            title=title,
            images=images,
            font=font,
            is_draft=draft,
            report=bar.show,
            is_cancelled=stop.is_set,
        )
    for line in dict.fromkeys(line for film in made for line in _remarks(film)):
        click.echo(f"  {line}", err=True)
    payloads = [_payload(film) for film in made]
    if as_json:
        click.echo(json.dumps({**payloads[0], "renders": payloads}, ensure_ascii=False))
        return
    for film in made:
        click.echo(_summary(film))


def _remarks(made: StoryFilm) -> list[str]:
    return [
        *(f"{name} matches no segment" for name in made.unmatched),
        *(f"Segment {number} has no picture; it got a title card." for number in made.cards),
        *(f"Segment {number} has nothing that can be spoken; it is silent." for number in made.silent),
        *made.rendered.notes,
    ]


def _payload(made: StoryFilm) -> dict[str, Any]:
    film, rendered = made.film, made.rendered
    beside = {name: rendered.path.with_suffix(f".{name}") for name in ("srt", "vtt")}
    return {
        "file": str(rendered.path),
        **{name: str(path) if path.exists() else None for name, path in beside.items()},
        "title": film.title,
        "segments": len(film.scenes),
        "duration_s": round(rendered.duration_s, 3),
        "frames": rendered.frames,
        "width": film.format.width,
        "height": film.format.height,
        "fps": film.format.fps,
        "is_draft": film.format.is_draft,
        "size_bytes": rendered.path.stat().st_size,
        "chunks": rendered.chunks,
        "drawn": rendered.drawn,
        "drawn_frames": rendered.drawn_frames,
        "loudness_lufs": made.loudness_lufs,
        "cards": made.cards,
        "silent": made.silent,
        "notes": list(made.rendered.notes),
        "unmatched": made.unmatched,
    }


def _summary(made: StoryFilm) -> str:
    fmt, rendered = made.film.format, made.rendered
    minutes, seconds = divmod(round(rendered.duration_s), 60)
    return (
        f"{rendered.path}: “{made.film.title}”, {minutes}:{seconds:02} min, {fmt.width}x{fmt.height} at {fmt.fps} fps, "
        f"{rendered.path.stat().st_size / 1e6:.1f} MB; {rendered.drawn} of {rendered.chunks} parts drawn anew."
    )
