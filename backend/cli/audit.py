"""`storyflow audit`: print the audit of changes to files."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from cli.main import start_django
from cli.trash import shown


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many rows.")
@click.option("--before", type=click.IntRange(min=1), help="Only rows older than the one with this id.")
@click.option("--record", help="Only what was done to the segment, project or item with this id.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def audit(limit: int, before: int | None, record: str | None, as_json: bool) -> None:
    """Show who did what to which file, newest first."""
    start_django()
    from media_store.audit import audit_rows  # noqa: PLC0415 - needs Django
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415

    open_store_beside_server()
    rows = audit_rows(limit=limit, before=before, record=record)
    if as_json:
        click.echo(json.dumps([row | {"at": row["at"].isoformat()} for row in rows], ensure_ascii=False))
        return
    table = Table(box=None, header_style="bold")
    for column in ("id", "when", "act", "by", "of", "file", "note"):
        table.add_column(column)
    for row in rows:
        table.add_row(
            str(row["id"]),
            f"{row['at']:%Y-%m-%d %H:%M:%S}",
            row["act"],
            shown(row["by"]),
            f"{row['kind']} {row['record']}",
            shown(row["file_name"]),
            shown(row["note"]),
        )
    Console().print(table)
