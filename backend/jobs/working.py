"""A worker process: takes jobs from the queue until it is told to stop, and looks after those of dead workers."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from types import FrameType

from django.db import Error as DatabaseFailure
from django.db import connection
from django_tasks_db.management.commands.db_worker import Worker

from jobs import queue, running

log = logging.getLogger(__name__)

POLL_S = 0.5
REAP_S = 3.0
FORGET_S = 3600.0
# After a failure of the database; waiting for its lock takes 20 s before that.
PAUSE_S = 1.0


class _StoppableWorker(Worker):
    """The package's loop, with stopping of our own: running work is put back, not waited for."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        running.shutting_down.set()
        self.running = False
        if not self.running_task:
            raise SystemExit(0)


def work() -> None:
    """Run jobs until SIGTERM or SIGINT."""
    threading.Thread(target=_look_after, name="housekeeping", daemon=True).start()
    worker = _StoppableWorker(
        queue_names=["*"],
        interval=POLL_S,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:30]}-{os.getpid()}",
        excluded_queue_names=[],
    )
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), worker.shutdown)
    while worker.running:
        try:
            worker.run()
        except DatabaseFailure:
            # Another program, or a long change, kept it longer than SQLite waits. A job that was claimed goes on by
            # its lease.
            log.warning("The queue could not be read or written; it is tried again.", exc_info=True)
            connection.close()
            running.shutting_down.wait(PAUSE_S)


def _look_after() -> None:
    waited = 0.0
    while True:
        if running.shutting_down.wait(1.0):
            return
        waited += 1.0
        try:
            if waited % REAP_S < 1.0:
                running.reap()
            if waited % FORGET_S < 1.0:
                queue.forget_old()
        except Exception:
            # The thread must outlive one busy moment of the database.
            log.warning("Looking after the queue failed; it is tried again.", exc_info=True)
        finally:
            connection.close()
