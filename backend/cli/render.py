"""`storyflow render`: a project's video."""

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
    answers = finished_renders(job)
    for answer in answers:
        path = output_for(copy, answer["size"], len(answers)) if copy else None
        if path:
            copy_video(Path(answer["file"]), path)
        answer["copy"] = str(path) if path else None
    for line in _remarks(answers[0]):
        click.echo(f"  {line}", err=True)
    if as_json:
        click.echo(json.dumps({"project": project, **answers[0], "renders": answers}))
        return
    for answer in answers:
        click.echo(_summary(answer))


def _remarks(answer: dict[str, Any]) -> list[str]:
    return [
        *(f"Segment {segment} has no picture; it got a title card." for segment in answer["cards"]),
        *(f"Segment {segment} has nothing that can be heard; it is silent." for segment in answer["silent"]),
        *answer["notes"],
    ]


def _summary(answer: dict[str, Any]) -> str:
    minutes, seconds = divmod(round(answer["duration_s"]), 60)
    return (
        f"{answer['copy'] or answer['file']}: {minutes}:{seconds:02} min, {answer['width']}x{answer['height']} at "
        f"{answer['fps']} fps, {answer['size_bytes'] / 1e6:.1f} MB; {answer['drawn']} of {answer['chunks']} parts "
        "drawn anew."
    )
