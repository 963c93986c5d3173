"""Detect lost workers of running jobs, even when somebody sets the computer's clock.

``lease_until`` is a wall-clock time, so it alone proves little: after a clock change, the lease of a living worker can
look expired, and the lease of a dead worker can look valid for a year. Two checks that no clock affects come first:
whether the process that claimed the job is alive, and whether the lease was renewed while this process watched it.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from jobs.models import Job

LEASE_S = 10.0
_HOST_CHARACTERS = 32


def this_worker() -> str:
    """Return the owner string of this thread: host, process id, thread id and start time of the process."""
    process = os.getpid()
    return f"{_this_host()}:{process}:{threading.get_ident()}:{_start_time(process)}"


def _this_host() -> str:
    return socket.gethostname()[:_HOST_CHARACTERS]


def _start_time(process: int) -> str:
    """Return the start time of a process, in clock ticks since boot; "" without such a process or without /proc.

    Field 22 of ``/proc/PID/stat`` (proc_pid_stat(5)). A process id that was reused has another start time.
    """
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _is_alive(owner: str) -> bool | None:
    """Return whether the owner's process is alive; None if this machine cannot know."""
    host, _, rest = owner.partition(":")
    process, _, rest = rest.partition(":")
    started = rest.partition(":")[2]
    if host != _this_host() or not process.isdecimal() or not hasattr(os, "kill"):
        return None
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    if not started:
        return None
    return started == _start_time(int(process))


class LeaseWatch:
    """The leases seen so far, each with the monotonic time since which it is unchanged."""

    def __init__(self) -> None:
        self._seen: dict[object, tuple[object, float]] = {}

    def lost(self, running: list[Job]) -> list[Job]:
        """Return the jobs whose worker has ended, or has not renewed its lease for ``LEASE_S`` seconds.

        ``running`` must be all running jobs: leases of others are forgotten.
        """
        now_s = time.monotonic()
        seen, self._seen = self._seen, {}
        lost = []
        for job in running:
            lease = (job.owner, job.attempts, job.lease_until)
            known, since_s = seen.get(job.pk, (None, now_s))
            since_s = since_s if known == lease else now_s
            self._seen[job.pk] = lease, since_s
            if _is_lost(job, unchanged_s=now_s - since_s):
                lost.append(job)
        return lost


def _is_lost(job: Job, *, unchanged_s: float) -> bool:
    is_alive = _is_alive(job.owner)
    if is_alive is False or unchanged_s > LEASE_S:
        return True
    return is_alive is None and (job.lease_until is None or job.lease_until <= timezone.now())


def lease_end() -> datetime:
    """Return the end of a lease that is renewed now."""
    return timezone.now() + timedelta(seconds=LEASE_S)
