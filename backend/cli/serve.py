"""`storyflow serve`: check everything, then serve until Ctrl-C."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING

import click

from cli.main import start_django
from cli.work import run_worker
from core.lazy import load_when_used

if TYPE_CHECKING:
    from storyflow.environment import Environment
    from storyflow.processes import ProcessSpec


@click.command()
def serve() -> None:
    """Start StoryFlow: the web client, the API, the media, and what narrates and renders.

    The address comes from STORYFLOW_HOST and PORT, the data folder from STORYFLOW_DATA_DIR. Ctrl-C stops it.
    """
    # These packages take most of the memory and of the start time, and only narrating and rendering need them.
    load_when_used("av", "cv2", "numpy")
    start_django()
    from cli.first_start import import_example_once  # noqa: PLC0415 - needs Django
    from storyflow import exposure, processes, server, start_up, upkeep  # noqa: PLC0415
    from storyflow.settings import DATA_DIR, ENVIRONMENT  # noqa: PLC0415

    report = start_up.open_store()
    if warning := exposure.require_first_user(ENVIRONMENT):
        click.echo(warning)
    for line in start_up.report_lines(report):
        click.echo(line)
    if ENVIRONMENT.example:
        import_example_once(say=click.echo)

    specs = _process_specs(server.listen(ENVIRONMENT.host, ENVIRONMENT.port), ENVIRONMENT)

    def announce() -> None:
        click.echo(f"Data folder: {DATA_DIR}")
        address = server.format_address(ENVIRONMENT.host, ENVIRONMENT.port)
        click.echo(f"StoryFlow is running at http://{address}/. Ctrl-C stops it.")
        click.echo(f"It listens on {exposure.describe_exposure(ENVIRONMENT)}.")

    processes.run_until_stopped(specs, on_ready=announce, on_tick=upkeep.Upkeep())
    start_up.close_store()
    click.echo("StoryFlow has stopped. Everything is saved.")


def _process_specs(sockets: list[socket.socket], environment: Environment) -> list[ProcessSpec]:
    """Return the specs of the server processes and of the workers."""
    from media_store import pictures  # noqa: PLC0415
    from storyflow import processes, server  # noqa: PLC0415
    from storyflow.wsgi import application  # noqa: PLC0415

    pictures.share_decodes(environment.processes)
    counts = server.ConnectionCounts(environment.processes)
    serve = partial(server.serve, application, sockets, threads=environment.threads, counts=counts)
    servers = [
        processes.ProcessSpec("answers", partial(serve, process=number)) for number in range(environment.processes)
    ]
    worker = processes.ProcessSpec("works", partial(_run_worker, sockets))
    return servers + [worker] * environment.workers


def _run_worker(sockets: list[socket.socket]) -> None:
    """Run a worker. It closes the sockets, so that the port is free when the server processes have ended."""
    for one in sockets:
        one.close()
    run_worker()
