"""The processes of a running StoryFlow: forked from one that has loaded everything, which then looks after them.

A fork shares what was loaded, so that a second process that answers costs a few megabytes, and starts at once.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 0.5
MIN_UPTIME_S = 3.0
STOP_TIMEOUT_S = 6.0
_PR_SET_PDEATHSIG = 1
_STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")


@dataclass(frozen=True)
class ProcessSpec:
    """What a process does, in a verb; ``run`` returns, or raises ``SystemExit``, when the process is asked to stop."""

    name: str
    run: Callable[[], object]


def stop_on_signals() -> None:
    """Set explicitly: a shell starts its background jobs with SIGINT ignored, and Python then keeps it so."""

    def stop(*_: object) -> None:
        raise SystemExit(0)

    for name in _STOP_SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def run_until_stopped(
    specs: Sequence[ProcessSpec], *, on_ready: Callable[[], None], on_tick: Callable[[bool], object]
) -> None:
    """Keep a process for each of ``specs`` until SIGINT or SIGTERM.

    ``on_tick`` is called every now and then, with whether one of them has died since, in the middle of something.
    """
    stop_on_signals()
    # What is here now stays; a collection in a child would write to every page that it shares.
    gc.collect()
    gc.freeze()
    supervisor = Supervisor()
    try:
        for spec in specs:
            supervisor.start(spec)
        on_ready()
        while True:
            time.sleep(POLL_INTERVAL_S)
            on_tick(supervisor.restart_exited())
    except SystemExit:
        pass
    finally:
        supervisor.stop()


class Supervisor:
    """The processes of this one. It has to have a single thread: a fork copies the others' locks, not the threads."""

    def __init__(self) -> None:
        # By process id, each with when it was started; and what is to be started when. Both on the monotonic clock.
        self._children: dict[int, tuple[ProcessSpec, float]] = {}
        self._due: list[tuple[ProcessSpec, float]] = []
        # Nobody writes to it. It ends when this process does, however it does.
        self._parent_alive_read, self._parent_alive_write = os.pipe()

    def start(self, spec: ProcessSpec) -> None:
        # SQLite must not meet a connection of its own in another process.
        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        # What a signal's handler raises within a fork is lost: Python runs functions of its own there.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        child = os.fork()
        if not child:
            self._run_child(spec, before)
        self._children[child] = spec, time.monotonic()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _run_child(self, spec: ProcessSpec, signals: Iterable[int]) -> None:
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, signals)
            # Ctrl-C in the terminal reaches the parent only, which then stops its children in order.
            os.setsid()
            _set_process_name(spec.name)
            self._exit_with_parent()
            spec.run()
            code = 0
        except SystemExit:
            code = 0
        except BaseException:
            log.exception("The process that %s failed.", spec.name)
        finally:
            # What the parent has still to do, and to say, is not done again here.
            sys.stdout.flush()
            os._exit(code)

    def _exit_with_parent(self) -> None:
        """What is under way here is settled by the next start, as if this had been killed with it."""
        os.close(self._parent_alive_write)
        if sys.platform == "linux":
            # At once: who starts it again must not be answered by what is left of the last time.
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

        def wait() -> None:
            os.read(self._parent_alive_read, 1)
            os._exit(1)

        threading.Thread(target=wait, name="parent", daemon=True).start()

    def restart_exited(self) -> bool:
        """At once, but what dies as soon as it lives only every few seconds. Returns whether any had died."""
        now, living = time.monotonic(), len(self._children)
        for child in list(self._children):
            if (code := _exit_code(child)) is None:
                continue
            spec, started_s = self._children.pop(child)
            log.warning("Process %s, which %s, ended with code %s; another takes its place.", child, spec.name, code)
            self._due.append((spec, now if now - started_s > MIN_UPTIME_S else now + MIN_UPTIME_S))
        has_died = len(self._children) < living
        for spec in [spec for spec, at_s in self._due if at_s <= now]:
            self.start(spec)
        self._due = [(spec, at_s) for spec, at_s in self._due if at_s > now]
        return has_died

    def stop(self) -> None:
        """Ask all to stop, wait a moment, then make them: their work is safe either way."""
        for child in self._children:
            os.kill(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        waiting = set(self._children)
        while waiting and time.monotonic() < deadline:
            waiting = {child for child in waiting if _exit_code(child) is None}
            time.sleep(0.01)
        for child in waiting:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _set_process_name(name: str) -> None:
    """As `ps` and `top` show it, where that can be said."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"sf-{name}")


def _exit_code(child: int) -> int | None:
    """None while it runs; the number of the signal that ended it, negative, or what it returned."""
    found, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None
