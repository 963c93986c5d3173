"""The supervisor of the server's processes. It loads the application once and forks the other processes.

A forked process shares the loaded memory, so that it costs a few megabytes and starts at once.
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
    """The name and the main function of a process. The name is a verb in the third person, which log lines contain.

    ``run`` returns, or raises ``SystemExit``, when the process receives SIGINT or SIGTERM.
    """

    name: str
    run: Callable[[], object]


def stop_on_signals() -> None:
    """Raise ``SystemExit`` on SIGINT, SIGTERM and SIGBREAK.

    The handler for SIGINT is set explicitly: a shell starts background jobs with SIGINT ignored, and Python keeps that.
    """

    def stop(*_: object) -> None:
        raise SystemExit(0)

    for name in _STOP_SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def run_until_stopped(
    specs: Sequence[ProcessSpec], *, on_ready: Callable[[], None], on_tick: Callable[[bool], object]
) -> None:
    """Keep a process for each of ``specs`` until SIGINT or SIGTERM.

    ``on_tick`` is called every ``POLL_INTERVAL_S`` with whether a process has exited unexpectedly since the last call.
    """
    stop_on_signals()
    # Exclude the objects loaded so far from garbage collection: in a child it would write to every shared page.
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
    """Forks the child processes, restarts those that exit, and stops them.

    The parent must have a single thread: a fork copies the locks of other threads, but not the threads.
    """

    def __init__(self) -> None:
        # Process id → what it runs and when it was started; and what to start at which time. Both on the monotonic
        # clock.
        self._children: dict[int, tuple[ProcessSpec, float]] = {}
        self._due: list[tuple[ProcessSpec, float]] = []
        # Nothing is written to this pipe. Children see its end when the parent ends, in any way.
        self._parent_alive_read, self._parent_alive_write = os.pipe()

    def start(self, spec: ProcessSpec) -> None:
        # A SQLite connection must not be used in a forked process.
        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        # Block signals: an exception that a signal handler raises inside os.fork() is lost.
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
            # With a session of its own, the child does not receive Ctrl-C; the parent stops its children in order.
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
            # os._exit skips the exit handlers, which belong to the parent.
            sys.stdout.flush()
            os._exit(code)

    def _exit_with_parent(self) -> None:
        """End this process when the parent ends. The next start recovers unfinished work, as after a kill."""
        os.close(self._parent_alive_write)
        if sys.platform == "linux":
            # At once: a client of the next start must not be served by a process of this one.
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

        def wait() -> None:
            os.read(self._parent_alive_read, 1)
            os._exit(1)

        threading.Thread(target=wait, name="parent", daemon=True).start()

    def restart_exited(self) -> bool:
        """Start a new process for each one that exited. Returns whether any had exited.

        A process that ran for less than ``MIN_UPTIME_S`` is restarted after a delay of ``MIN_UPTIME_S``.
        """
        now, running = time.monotonic(), len(self._children)
        for child in list(self._children):
            if (code := _exit_code(child)) is None:
                continue
            spec, started_s = self._children.pop(child)
            log.warning("Process %s, which %s, ended with code %s; another takes its place.", child, spec.name, code)
            self._due.append((spec, now if now - started_s > MIN_UPTIME_S else now + MIN_UPTIME_S))
        has_exited = len(self._children) < running
        for spec in [spec for spec, at_s in self._due if at_s <= now]:
            self.start(spec)
        self._due = [(spec, at_s) for spec, at_s in self._due if at_s > now]
        return has_exited

    def stop(self) -> None:
        """Send SIGTERM to all children, wait up to ``STOP_TIMEOUT_S``, then kill the rest.

        Their work is safe either way.
        """
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
    """Set the name that `ps` and `top` show, if the system allows it."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"sf-{name}")


def _exit_code(child: int) -> int | None:
    """Return the exit code of the child, negative for the signal that ended it; None while it runs."""
    found, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None
