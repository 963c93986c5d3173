"""`storyflow segment`: list, split, merge, duplicate and change the segments of a project."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from cli.main import start_django
from cli.trash import shown

BY = "cli"
AS_STORY = "story"
SEGMENT_ID = click.IntRange(min=1)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def segment() -> None:
    """List the segments of a project; split, merge, duplicate and change them."""


@segment.command("list")
@click.argument("project", type=SEGMENT_ID)
@as_json
def list_segments(project: int, as_json: bool) -> None:
    """Show the segments of PROJECT (an id) in their order."""
    _open()
    from api.services.rows import project_with_segments  # noqa: PLC0415 - needs Django

    rows = _shapes(project_with_segments(project)["segments"])
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None, header_style="bold")
    for column, justify in (("id", "right"), ("#", "right"), ("text", "left"), ("", "left")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for number, row in enumerate(rows, start=1):
        table.add_row(str(row["id"]), str(number), shown(row["text_content"]), _marks(row))
    Console().print(table)


def _marks(row: dict[str, Any]) -> str:
    has = {"picture": row["image_file"], "narration": row["audio_file"], "locked": row["is_locked"]}
    return ", ".join(name for name, value in has.items() if value)


@segment.command()
@click.argument("segment_id", metavar="SEGMENT", type=SEGMENT_ID)
@click.option("--at", type=click.IntRange(min=1), help="How many characters the first half keeps.")
@click.option("--before", metavar="WORDS", help="The second half begins with these words of the text.")
@as_json
def split(segment_id: int, at: int | None, before: str | None, as_json: bool) -> None:
    """Make two segments of SEGMENT (an id). The first keeps the picture."""
    if (at is None) == (before is None):
        raise click.UsageError("Say where: either --at CHARACTERS or --before WORDS.")
    _open()
    from api.services.rows import segment_row  # noqa: PLC0415 - needs Django
    from filming.splitting import split_segment  # noqa: PLC0415

    if before is not None:
        at = _offset_of(before, segment_row(segment_id)["text_content"])
    halves = split_segment(segment_id, {"at": at}, by=BY)
    payload = {"segments": _shapes(halves)}
    _print_result(as_json, payload, f"Segment {segment_id} was split; the second half is {halves[1]['id']}.")


def _offset_of(words: str, text: str) -> int:
    """Return the index of ``words`` in ``text``. Raises ``InvalidInput`` if they do not occur exactly once."""
    from core.errors import InvalidInput  # noqa: PLC0415

    count = text.count(words) if words else 0
    if count != 1:
        found = "not in the text" if count == 0 else f"{count} times in the text"
        raise InvalidInput(details={"before": [f"These words are {found}; they must be there once."]})
    return text.index(words)


@segment.command()
@click.argument("segment_id", metavar="SEGMENT", type=SEGMENT_ID)
@click.option("--text", help="The text of both; else theirs, joined.")
@as_json
def merge(segment_id: int, text: str | None, as_json: bool) -> None:
    """Join SEGMENT (an id) to the one before it. What is left over waits in the trash."""
    _open()
    from filming.merging import merge_segment  # noqa: PLC0415 - needs Django

    row, entry = merge_segment(segment_id, {} if text is None else {"text_content": text}, by=BY)
    sentence = f"Segment {segment_id} is part of {row['id']} now; `storyflow trash restore {entry}` takes it back."
    _print_result(as_json, {"segment": _shapes([row])[0], "trash": entry}, sentence)


@segment.command()
@click.argument("segment_id", metavar="SEGMENT", type=SEGMENT_ID)
@as_json
def duplicate(segment_id: int, as_json: bool) -> None:
    """Make a copy of SEGMENT (an id) behind it."""
    _open()
    from filming.duplicating import duplicate_segment  # noqa: PLC0415 - needs Django

    row = duplicate_segment(segment_id, by=BY)
    _print_result(as_json, _shapes([row])[0], f"The copy of segment {segment_id} is {row['id']}.")


@segment.command("set")
@click.argument("segment_ids", metavar="SEGMENTS", type=SEGMENT_ID, nargs=-1, required=True)
@click.option("--text", "text_content", help="The text that is narrated.")
@click.option("--prompt", "image_prompt", help="What the picture shows.")
@click.option("--voice", help="The voice that narrates it, an id of `storyflow voices`.")
@click.option("--pause", "pause_s", metavar="SECONDS", help="The silence after it.")
@click.option("--motion", help="How the camera moves over its picture.")
@click.option("--fit", help="Whether its picture fills the frame or is shown whole.")
@as_json
def change(segment_ids: tuple[int, ...], as_json: bool, **options: str | None) -> int:
    """Change SEGMENTS (ids, all of one project); `story` as a value means: as the story has it.

    Locked segments stay as they are and are named; the exit code is then 1.
    """
    wanted = {name: value for name, value in options.items() if value is not None}
    if not wanted:
        raise click.UsageError("Say what to change: --text, --prompt, --voice, --pause, --motion or --fit.")
    _open()
    from api.services.rows import segment_row  # noqa: PLC0415 - needs Django
    from filming.bulk_changes import change_segments  # noqa: PLC0415

    to = {name: _value(name, value) for name, value in wanted.items()}
    project = segment_row(segment_ids[0])["project"]
    changed = change_segments(project, {"changes": [{"id": number, **to} for number in segment_ids]})
    payload = {"segments": _shapes(changed.segments), "skipped": changed.skipped, "undo": changed.undo}
    _print_result(as_json, payload, f"{len(changed.segments)} of {len(segment_ids)} segments have it now.")
    for one in changed.skipped:
        click.echo(f"  Segment {one['id']} is {one['reason']} and stays as it is.", err=True)
    return 1 if changed.skipped else 0


def _value(name: str, value: str) -> Any:
    """Return the value for the service. None means the value of the story."""
    if name in ("text_content", "image_prompt"):
        return value
    if value == AS_STORY:
        return None
    if name == "pause_s":
        try:
            return float(value)
        except ValueError:
            return value  # the service refuses it with a sentence
    return value


def _shapes(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the segments in the response shape of the API."""
    from api.serializers import segment_shape  # noqa: PLC0415 - needs Django

    return [segment_shape(row) for row in rows]


def _print_result(as_json: bool, payload: Any, sentence: str) -> None:
    click.echo(json.dumps(payload, ensure_ascii=False) if as_json else sentence)


def _open() -> None:
    start_django()
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415 - needs Django

    open_store_beside_server()
