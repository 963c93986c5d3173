"""`storyflow render`: render the video of a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cli.main import start_django


@click.command()
@click.argument("project", metavar="PROJECT", type=click.IntRange(min=1))
@click.option(
    "--size", "sizes", multiple=True, help="Width and height, such as 1080x1920; as often as you like. Else its own."
)
@click.option(
    "--fill/--no-fill",
    default=True,
    show_default=True,
    help="Narrate what is not narrated yet, and draw title cards for missing pictures; else refuse.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also copy the video and its subtitles here.")
@click.option("--draft", is_flag=True, help="A preview: half the width and height, drawn in a fraction of the time.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def render(project: int, sizes: tuple[str, ...], fill: bool, output: Path | None, draft: bool, as_json: bool) -> None:
    """Render PROJECT (an id) by its own settings; the video joins those the project has.

    What is not narrated, or no longer as the text has it, is narrated first; a segment without a picture gets a title
    card. Several sizes are made in one go, narrated once, each with its own copy at OUTPUT, such as film-1080x1920.mp4.
    A running server's worker does it, or this process when there is none. Ctrl-C calls it off: a size that is finished
    stays, and there is no half of anything.
    """
    start_django()
    from cli.job_runner import run_and_wait  # noqa: PLC0415 - needs Django
    from filming import renders  # noqa: PLC0415
    from filming.film_settings import check_sizes  # noqa: PLC0415
    from filming.outputs import check_output, copy_video, output_for  # noqa: PLC0415
    from filming.progress import finished_renders  # noqa: PLC0415
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415

    wanted = check_sizes(list(sizes)) if sizes else None
    copy = check_output(output) if output else None
    open_store_beside_server()
    job = run_and_wait(
        lambda: renders.start_render(project, is_draft=draft, by="cli", fills_gaps=fill, sizes=wanted)[0]
    )
    made = finished_renders(job)
    for one in made:
        path = output_for(copy, one["size"], len(made)) if copy else None
        if path:
            copy_video(Path(one["file"]), path)
        one["copy"] = str(path) if path else None
    for line in _remarks(made[0]):
        click.echo(f"  {line}", err=True)
    if as_json:
        click.echo(json.dumps({"project": project, **made[0], "renders": made}))
        return
    for one in made:
        click.echo(_summary(one))


def _remarks(made: dict[str, Any]) -> list[str]:
    return [
        *(f"Segment {segment} has no picture; it got a title card." for segment in made["cards"]),
        *(f"Segment {segment} has nothing that can be heard; it is silent." for segment in made["silent"]),
        *made["notes"],
    ]


def _summary(made: dict[str, Any]) -> str:
    minutes, seconds = divmod(round(made["duration_s"]), 60)
    return (
        f"{made['copy'] or made['file']}: {minutes}:{seconds:02} min, {made['width']}x{made['height']} at "
        f"{made['fps']} fps, {made['size_bytes'] / 1e6:.1f} MB; {made['drawn']} of {made['chunks']} parts "
        "drawn anew."
    )
