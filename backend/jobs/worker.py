"""A worker process: runs jobs from the queue until it is stopped, and requeues the jobs of dead workers."""

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
DELETE_OLD_S = 3600.0
# The pause after a database failure, which itself comes only after 20 s of waiting for the lock.
RETRY_S = 1.0


class _StoppableWorker(Worker):
    """The worker of django-tasks-db; on shutdown it requeues the running job instead of waiting for it."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        running.shutting_down.set()
        self.running = False
        if not self.running_task:
            raise SystemExit(0)


def run_worker() -> None:
    """Run jobs until SIGTERM or SIGINT."""
    threading.Thread(target=_run_housekeeping, name="housekeeping", daemon=True).start()
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
            # Another program, or a long transaction, held the lock longer than SQLite waits. A claimed job is not lost:
            # its lease expires, and it is queued again.
            log.warning("The queue could not be read or written; it is tried again.", exc_info=True)
            connection.close()
            running.shutting_down.wait(RETRY_S)


def _run_housekeeping() -> None:
    waited = 0.0
    while True:
        if running.shutting_down.wait(1.0):
            return
        waited += 1.0
        try:
            if waited % REAP_S < 1.0:
                running.reap()
            if waited % DELETE_OLD_S < 1.0:
                queue.delete_old()
        except Exception:
            # A database that is busy for a moment must not end this thread.
            log.warning("Looking after the queue failed; it is tried again.", exc_info=True)
        finally:
            connection.close()
