"""`storyflow serve`: check everything, then answer until Ctrl-C."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING

import click

from cli.main import start_django
from cli.work import work_off_jobs
from core.lazy import load_when_used

if TYPE_CHECKING:
    from storyflow.environment import Environment
    from storyflow.processes import Role


@click.command()
def serve() -> None:
    """Start StoryFlow: the web client, the API, the media, and what narrates and renders.

    The address comes from STORYFLOW_HOST and PORT, the data folder from STORYFLOW_DATA_DIR. Ctrl-C stops it.
    """
    # Most of the memory and of the time to start, and needed only once something is narrated or rendered.
    load_when_used("av", "cv2", "numpy")
    start_django()
    from cli.first_start import import_example_once  # noqa: PLC0415 - needs Django
    from storyflow import exposure, processes, server, start_up, upkeep  # noqa: PLC0415
    from storyflow.settings import DATA_DIR, ENVIRONMENT  # noqa: PLC0415

    report = start_up.open_store()
    if warning := exposure.refuse_nobody(ENVIRONMENT):
        click.echo(warning)
    for line in start_up.report_lines(report):
        click.echo(line)
    if ENVIRONMENT.example:
        import_example_once(say=click.echo)

    roles = _roles(server.listen(ENVIRONMENT.host, ENVIRONMENT.port), ENVIRONMENT)

    def announce() -> None:
        click.echo(f"Data folder: {DATA_DIR}")
        click.echo(
            f"StoryFlow is running at http://{server.in_words(ENVIRONMENT.host, ENVIRONMENT.port)}/. Ctrl-C stops it."
        )
        click.echo(f"It listens on {exposure.exposure_in_words(ENVIRONMENT)}.")

    processes.run_until_stopped(roles, on_ready=announce, meanwhile=upkeep.Upkeep())
    start_up.close_store()
    click.echo("StoryFlow has stopped. Everything is saved.")


def _roles(sockets: list[socket.socket], environment: Environment) -> list[Role]:
    """Processes that answer, and processes that narrate and render."""
    from media_store import pictures  # noqa: PLC0415
    from storyflow import processes, server  # noqa: PLC0415
    from storyflow.wsgi import application  # noqa: PLC0415

    pictures.share_decodes(environment.processes)
    crowd = server.Crowd(environment.processes)
    answer = partial(server.answer, application, sockets, threads=environment.threads, crowd=crowd)
    answering = [processes.Role("answers", partial(answer, process=number)) for number in range(environment.processes)]
    working = processes.Role("works", partial(_work_beside, sockets))
    return answering + [working] * environment.workers


def _work_beside(sockets: list[socket.socket]) -> None:
    """A worker must not keep the port once nobody answers there."""
    for one in sockets:
        one.close()
    work_off_jobs()
