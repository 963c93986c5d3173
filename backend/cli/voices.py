"""`storyflow voices`: list the voices, or write a sample of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from cli.main import start_django


@click.command()
@click.option("--sample", metavar="VOICE", help="Write a few words of this voice to a file.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The sample's .flac; else VOICE.flac, here.")
@click.option("--json", "as_json", is_flag=True, help="Print the voices, or the sample's file, as JSON.")
def voices(sample: str | None, output: Path | None, as_json: bool) -> None:
    """Show the voices, the default first, and what those need that cannot speak yet."""
    if output and not sample:
        raise click.UsageError("-o names the file of a --sample.")
    start_django()
    from filming import voices as known  # noqa: PLC0415 - needs Django
    from filming.outputs import check_output  # noqa: PLC0415
    from narration.catalogue import voice_named  # noqa: PLC0415

    if sample is None:
        rows = known.voice_rows()
        click.echo(json.dumps(rows, ensure_ascii=False)) if as_json else _print_table(rows)
        return
    out = check_output(output or Path(f"{voice_named(sample).id}.flac"), kind="sample", suffix=".flac")
    duration_s = known.write_sample(sample, out)
    if as_json:
        click.echo(json.dumps({"voice": sample, "file": str(out), "duration_s": round(duration_s, 3)}))
    else:
        click.echo(f"{out}: {duration_s:.1f} s of {sample}.")


def _print_table(rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, header_style="bold")
    for column in ("id", "name", "language", "gender", "engine", "can speak"):
        table.add_column(column)
    for row in rows:
        table.add_row(row["id"], row["name"], row["language"], row["gender"], row["engine"], row["missing"] or "yes")
    Console().print(table)
