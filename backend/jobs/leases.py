"""Whether the worker of a running job is still there, also when the computer's clock has been set.

``lease_until`` is a moment of the clock, so it alone proves little: after a jump a living worker's lease looks over, or
a dead one's good for a year. What no clock changes is asked first: is the process that claimed the job alive, and has
the lease been renewed while somebody watched it?
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
_HOST_LETTERS = 32


def this_worker() -> str:
    """The owner of what this thread claims: host, process, thread, and when the process began."""
    process = os.getpid()
    return f"{_this_host()}:{process}:{threading.get_ident()}:{_began(process)}"


def _this_host() -> str:
    return socket.gethostname()[:_HOST_LETTERS]


def _began(process: int) -> str:
    """When the process began, in clock ticks since the computer did; "" when there is none or the system has no /proc.

    Field 22 of ``/proc/PID/stat`` (proc_pid_stat(5)). A number that was given to another process has another beginning.
    """
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _is_alive(owner: str) -> bool | None:
    """Whether the process lives; None when that cannot be known here."""
    host, _, rest = owner.partition(":")
    process, _, rest = rest.partition(":")
    began = rest.partition(":")[2]
    if host != _this_host() or not process.isdecimal() or not hasattr(os, "kill"):
        return None
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    if not began:
        return None
    return began == _began(int(process))


class LeaseWatch:
    """Remembers the leases it has seen, and since when they have been the same, on a clock that nobody sets."""

    def __init__(self) -> None:
        self._seen: dict[object, tuple[object, float]] = {}

    def lost(self, running: list[Job]) -> list[Job]:
        """Those of all running jobs whose worker is gone, or has not renewed its lease for ``LEASE_S`` seconds."""
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
    """Until when a worker that beats now has the job."""
    return timezone.now() + timedelta(seconds=LEASE_S)
