"""`storyflow export`, and the import of a bundle that it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cli.main import start_django


@click.command()
@click.argument("project", metavar="PROJECT", type=click.IntRange(min=1))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The bundle, a .zip file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def export(project: int, output: Path, as_json: bool) -> None:
    """Write PROJECT (an id) with its pictures, sound and settings into one file, to be imported elsewhere.

    It appears whole or not at all; a file of that name is replaced.
    """
    start_django()
    from filming.bundle_export import export_project  # noqa: PLC0415 - needs Django
    from filming.outputs import atomic_write, check_output  # noqa: PLC0415
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415

    out = check_output(output, kind="bundle", suffix=".zip")
    open_store_beside_server()
    _, pieces = export_project(project)
    with atomic_write(out) as beside, beside.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    size_bytes = out.stat().st_size
    if as_json:
        click.echo(json.dumps({"project": project, "file": str(out), "size_bytes": size_bytes}))
    else:
        click.echo(f"{out}: {size_bytes / 1e6:.1f} MB. `storyflow import` makes a project of it.")


def import_file(file: Path, *, title: str | None) -> dict[str, Any]:
    """Create a project from a bundle. Raises ``InvalidBundle`` or the errors of the media store."""
    from core.errors import InvalidInput  # noqa: PLC0415
    from filming.bundle_import import import_bundle  # noqa: PLC0415 - needs Django
    from filming.bundles import MAX_BUNDLE_BYTES  # noqa: PLC0415

    try:
        with file.open("rb") as bundle:
            made = import_bundle(bundle, by="cli", limit_bytes=MAX_BUNDLE_BYTES, title=title)
    except OSError as exc:
        raise InvalidInput(f"{file} cannot be read: {exc.strerror}.") from exc
    return {"project": made.project_id, "title": made.title, "segments": made.segments, "left_out": made.left_out}
