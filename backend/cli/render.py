"""`storyflow render`: a project's video."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.main import start_django


@click.command()
@click.argument("project", metavar="PROJECT", type=click.IntRange(min=1))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also copy the video and its subtitles here.")
@click.option("--draft", is_flag=True, help="A preview: half the width and height, drawn in a fraction of the time.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def render(project: int, output: Path | None, draft: bool, as_json: bool) -> None:
    """Render PROJECT (an id) by its own settings; the video joins those the project has.

    What is not narrated, or no longer as the text has it, is narrated first; a segment without a picture gets a title
    card. A running server's worker does it, or this process when there is none. Ctrl-C calls it off and leaves no half
    of anything.
    """
    start_django()
    from cli.following import finished  # noqa: PLC0415 - needs Django
    from filming import renders  # noqa: PLC0415
    from filming.outputs import check_output, copy_video  # noqa: PLC0415
    from filming.progress import finished_render  # noqa: PLC0415
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415

    copy = check_output(output) if output else None
    open_store_beside_server()
    job = finished(lambda: renders.start_render(project, is_draft=draft, by="cli", fills_gaps=True)[0])
    answer = finished_render(job)
    if copy:
        copy_video(Path(answer["file"]), copy)
    for segment in answer["cards"]:
        click.echo(f"  Segment {segment} has no picture; it got a title card.", err=True)
    for segment in answer["silent"]:
        click.echo(f"  Segment {segment} has nothing that can be heard; it is silent.", err=True)
    for note in answer["notes"]:
        click.echo(f"  {note}", err=True)
    if as_json:
        click.echo(json.dumps({"project": project, **answer, "copy": str(copy) if copy else None}))
        return
    minutes, seconds = divmod(round(answer["duration_s"]), 60)
    click.echo(
        f"{copy or answer['file']}: {minutes}:{seconds:02} min, {answer['width']}x{answer['height']} at "
        f"{answer['fps']} fps, {answer['size_bytes'] / 1e6:.1f} MB; {answer['drawn']} of {answer['chunks']} parts "
        "drawn anew."
    )
