"""Long work at a terminal: a progress bar on stderr, and Ctrl-C that lets the work end in order."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

_PHASES = {
    "waiting": "Waiting",
    "narrating": "Narrating",
    "drawing": "Drawing",
    "sound": "Adding the sound",
    "assembling": "Putting together",
    "done": "Done",
}


class ProgressBar:
    """One line with phase, percentage and time left. Nothing is shown if stderr is not a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._phase = ""
        self._task: TaskID | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()

    def show(self, phase: str, done: float, total: float) -> None:
        """Show that ``done`` of ``total`` is done in this phase. Any thread may call it.

        A new phase starts a new bar, so that the time left is estimated from the pace of this phase alone.
        """
        with self._lock:
            if self._task is None or phase != self._phase:
                if self._task is not None:
                    self._progress.remove_task(self._task)
                self._task = self._progress.add_task(_PHASES.get(phase, phase), total=total or 1)
                self._phase = phase
            self._progress.update(self._task, completed=done, total=total or 1)


@contextmanager
def graceful_interrupt() -> Iterator[threading.Event]:
    """Yield an event that the first Ctrl-C or SIGTERM sets, so that the work can end in order.

    The second signal raises ``KeyboardInterrupt``.
    """
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
