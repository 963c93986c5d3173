"""`storyflow import`: create a project from a script with its pictures, or from a bundle."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from cli.bundle import import_file
from cli.main import start_django


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of pictures: 3-forest.jpg goes to segment 3; without numbers, in natural order of their names.",
)
@click.option("--title", help="The project's title; else the text's # heading, the JSON's title, or the file's name.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def import_story(ctx: click.Context, file: Path, images: Path | None, title: str | None, as_json: bool) -> int:
    """Import the story FILE (text blocks, JSON, or a bundle that `storyflow export` wrote) as a new project.

    Nothing is imported if the story has a problem; the message names the block. A picture that cannot be used is
    reported and the others are attached; the exit code is then 1.
    """
    start_django()
    from api.services.story_files import Attached, attach_pictures, read_story_file  # noqa: PLC0415 - needs Django
    from api.services.story_import import import_story as import_body  # noqa: PLC0415
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415

    if file.suffix.lower() == ".zip" and images:
        raise click.UsageError("A bundle brings its own pictures; leave out --images.")
    open_store_beside_server()
    if file.suffix.lower() == ".zip":
        _print_bundle(import_file(file, title=title), as_json=as_json)
        return 0
    project = import_body(read_story_file(file, title=title))
    pictures = Attached()
    if images:
        with Progress(
            console=Console(stderr=True), transient=True, disable=as_json or not sys.stderr.isatty()
        ) as progress:
            task = progress.add_task("Attaching pictures", total=None)
            pictures = attach_pictures(
                project["id"],
                images,
                by="cli",
                on_progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    if as_json:
        result = {
            "project": project["id"],
            "title": project["title"],
            "segments": len(project["segments"]),
            "attached": pictures.attached,
            "unmatched": pictures.unmatched,
            "failed": pictures.failed,
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        click.echo(
            f"Imported “{project['title']}” as project {project['id']}: {len(project['segments'])} segments, "
            f"{len(pictures.attached)} pictures."
        )
        for name in pictures.unmatched:
            click.echo(f"  {name} matches no segment", err=True)
        for name, reason in pictures.failed.items():
            click.echo(f"  {name} was not used: {reason}", err=True)
    return 1 if pictures.failed else 0


def _print_bundle(made: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
        return
    click.echo(f"Imported “{made['title']}” as project {made['project']}: {made['segments']} segments.")
    for name, reason in made["left_out"].items():
        sentence = reason[name][0] if isinstance(reason, dict) and name in reason else reason
        click.echo(f"  The setting {name} was left out: {sentence}", err=True)
