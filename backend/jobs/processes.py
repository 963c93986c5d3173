"""The server's worker processes: started with it, started again when one dies, stopped with it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time

log = logging.getLogger(__name__)

STOP_WITHIN_S = 5.0
_LOOK_EVERY_S = 1.0
_COMMAND = (sys.executable, "-m", "cli.main", "work")


class WorkerProcesses:
    """A context manager around ``count`` worker processes."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="workers", daemon=True)

    def __enter__(self) -> WorkerProcesses:
        self._processes = [_start() for _ in range(self._count)]
        self._watcher.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Ask all to stop, wait a moment, then make them: their work is safe either way."""
        self._stopping.set()
        self._watcher.join()
        for process in self._processes:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN_S
        for process in self._processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _watch(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            for number, process in enumerate(self._processes):
                if process.poll() is not None:
                    log.warning(
                        "Worker %s ended with code %s; another takes its place.", process.pid, process.returncode
                    )
                    self._processes[number] = _start()


def _start() -> subprocess.Popen[bytes]:
    # Its own process group: Ctrl-C in the terminal reaches the server, which then stops the workers in order.
    return subprocess.Popen(  # noqa: S603
        [*_COMMAND, "--parent", str(os.getpid())], stdin=subprocess.DEVNULL, start_new_session=True
    )
