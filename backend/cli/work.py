"""`storyflow work`: run a worker process. `storyflow serve` starts its own workers."""

from __future__ import annotations

import click

from cli.main import start_django


@click.command()
def work() -> None:
    """Narrate and render what is queued, until stopped.

    The server starts its own workers (STORYFLOW_WORKERS); this is for more of them, or with STORYFLOW_WORKERS=0.
    """
    start_django()
    from storyflow import start_up  # noqa: PLC0415 - needs Django

    start_up.open_store_beside_server()
    run_worker()


def run_worker() -> None:
    """Run jobs until stopped. Called by this command and by the workers of the server."""
    from filming.render_snapshots import delete_abandoned  # noqa: PLC0415
    from jobs import worker  # noqa: PLC0415

    delete_abandoned()
    worker.run_worker()
