"""`storyflow work`: a worker process; `serve` starts as many as are wanted."""

from __future__ import annotations

import click

from cli.main import start_django


@click.command()
@click.option("--parent", type=int, help="Stop when the process with this id is gone.")
def work(parent: int | None) -> None:
    """Narrate and render what is queued, until stopped.

    The server starts its own workers (STORYFLOW_WORKERS); this is for more of them, or with STORYFLOW_WORKERS=0.
    """
    start_django()
    from filming.snapshots import drop_abandoned  # noqa: PLC0415 - needs Django
    from jobs.working import work as work_off  # noqa: PLC0415
    from storyflow import start_up  # noqa: PLC0415

    if parent is None:
        start_up.open_store_beside_server()
    drop_abandoned()
    work_off(parent=parent)
