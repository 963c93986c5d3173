"""`storyflow trash`: list the trash, restore from it, or empty it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.main import start_django

BY = "cli"


@click.group()
def trash() -> None:
    """Look into the trash, restore from it, or empty it."""


@trash.command("list")
@click.option("--project", type=click.IntRange(min=1), help="Only what belonged to this project.")
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
def list_entries(project: int | None, as_json: bool) -> None:
    """Show what can be brought back, newest first."""
    _open()
    from api.services.story_trash import trash_entries  # noqa: PLC0415 - needs Django

    entries = trash_entries(project)
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
    elif not entries:
        click.echo("The trash is empty. What you delete or replace waits here.")
    else:
        _print_table(entries)


def _print_table(entries: list[dict[str, Any]]) -> None:
    table = Table(box=None, header_style="bold")
    for column, justify in (
        ("id", "right"),
        ("what", "left"),
        ("", "left"),
        ("why", "left"),
        ("kB", "right"),
        ("deleted", "left"),
        ("kept until", "left"),
    ):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for entry in entries:
        table.add_row(
            str(entry["id"]),
            entry["what"],
            shown(entry["title"]),
            entry["why"],
            f"{entry['size_bytes'] / 1024:,.0f}",
            entry["deleted_at"][:16].replace("T", " "),
            entry["expires_at"][:10],
        )
    Console().print(table)


def shown(title: str) -> Text:
    """Return the text of a user for one line of a table: shortened, without markup and terminal control codes."""
    return Text("".join(char if char.isprintable() else " " for char in title[:50]))


@trash.command()
@click.argument("entry", type=click.IntRange(min=1))
@click.option("--segment", type=click.IntRange(min=1), help="Give a picture to this segment instead of its own.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def restore(entry: int, segment: int | None, as_json: bool) -> None:
    """Bring ENTRY (an id of `trash list`) back to its place.

    A picture that is there now goes to the trash in the same step.
    """
    _open()
    from api.services.story_trash import restore_entry  # noqa: PLC0415 - needs Django

    restored = restore_entry(entry, by=BY, segment_id=segment)
    click.echo(json.dumps(restored) if as_json else f"{restored['message']}.")


@trash.command()
@click.option("--project", type=click.IntRange(min=1), help="Only what belonged to this project.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def empty(project: int | None, yes: bool, as_json: bool) -> None:
    """Delete everything in the trash for good. This cannot be undone."""
    _open()
    from api.services.story_trash import trash_entries  # noqa: PLC0415 - needs Django
    from media_store.errors import NotInTrash  # noqa: PLC0415
    from media_store.purging import purge  # noqa: PLC0415

    entries = trash_entries(project)
    size_mb = sum(entry["size_bytes"] for entry in entries) / 2**20
    if entries and not yes:
        click.confirm(f"Delete {things(len(entries))} for good? {size_mb:.1f} MB are freed.", abort=True, err=True)
    deleted = 0
    for entry in entries:
        # Another process may have restored or deleted the entry while this one asked.
        with suppress(NotInTrash):
            purge(entry["id"], by=BY)
            deleted += 1
    if as_json:
        click.echo(json.dumps({"deleted": deleted}))
    else:
        click.echo(f"{things(deleted)} deleted for good.")


def things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"


def _open() -> None:
    start_django()
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415 - needs Django

    open_store_beside_server()
