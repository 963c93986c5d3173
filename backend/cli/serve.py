"""`storyflow serve`: check everything, then answer until Ctrl-C."""

from __future__ import annotations

import click

from cli.main import start_django


@click.command()
def serve() -> None:
    """Start StoryFlow: the API, the media, and its housekeeping, in one process.

    The address comes from STORYFLOW_HOST and PORT, the data folder from STORYFLOW_DATA_DIR. Ctrl-C stops it.
    """
    start_django()
    from cli.first_start import import_example_once  # noqa: PLC0415 - needs Django
    from jobs.processes import WorkerProcesses  # noqa: PLC0415
    from storyflow import exposure, server, start_up  # noqa: PLC0415
    from storyflow.settings import DATA_DIR, ENVIRONMENT  # noqa: PLC0415
    from storyflow.wsgi import application  # noqa: PLC0415

    report = start_up.open_store()
    if warning := exposure.refuse_nobody(ENVIRONMENT):
        click.echo(warning)
    for line in start_up.report_lines(report):
        click.echo(line)
    if ENVIRONMENT.example:
        import_example_once(say=click.echo)

    def announce(address: str) -> None:
        click.echo(f"Data folder: {DATA_DIR}")
        click.echo(f"StoryFlow is running at {address}. Ctrl-C stops it.")
        click.echo(f"It listens on {exposure.exposure_in_words(ENVIRONMENT)}.")

    with WorkerProcesses(ENVIRONMENT.workers):
        server.serve(
            application, host=ENVIRONMENT.host, port=ENVIRONMENT.port, threads=ENVIRONMENT.threads, on_ready=announce
        )
    click.echo("StoryFlow has stopped. Everything is saved.")
