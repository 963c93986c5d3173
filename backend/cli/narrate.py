"""`storyflow narrate`: narrate the segments of a project."""

from __future__ import annotations

import json

import click

from cli.main import start_django


@click.command()
@click.argument("project", metavar="PROJECT", type=click.IntRange(min=1))
@click.option("--segment", type=click.IntRange(min=1), help="Only this segment (its id), whatever it has.")
@click.option("--force", is_flag=True, help="Narrate also what is narrated as it is now; never over a recording.")
@click.option("--json", "as_json", is_flag=True, help="Print what was narrated as JSON.")
def narrate(project: int, segment: int | None, force: bool, as_json: bool) -> int:
    """Narrate the segments of PROJECT (an id) that have no narration, or one of another text or voice.

    A running server's worker does it, or this process when there is none. Locked segments are passed over. Ctrl-C
    calls it off; what was narrated till then is kept. Exit code 1 when a segment could not be narrated.
    """
    start_django()
    from cli.job_runner import run_and_wait  # noqa: PLC0415 - needs Django
    from filming import narrating  # noqa: PLC0415
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415

    open_store_beside_server()
    if segment is None:
        job = run_and_wait(
            lambda: narrating.start_project(project, skip_locked=True, is_forced=force, by="cli")[0],
        )
    else:
        narrating.check_segment_of_project(segment, project)
        job = run_and_wait(lambda: narrating.start_segment(segment, by="cli"))
    made, errors = job.result["completed_segments"], job.result["errors"]
    if as_json:
        click.echo(json.dumps({"project": project, "narrated": made, "errors": errors}))
    else:
        length_s = sum(entry["duration"] for entry in made)
        click.echo(f"{_segments(len(made))} narrated, {length_s:.1f} s.")
    for error in errors:
        click.echo(f"  Segment {error['segment_id']}: {error['error']}", err=True)
    return 1 if errors else 0


def _segments(count: int) -> str:
    return "1 segment" if count == 1 else f"{count} segments"
