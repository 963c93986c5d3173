"""Rate limits per client address, counted for all forked processes together, in bounded space."""

from __future__ import annotations

import fcntl
import ipaddress
import json
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

WINDOW_S = 60.0
MAX_CLIENTS = 1_000


class RateLimited(Throttled):
    """Too many requests. DRF responds with 429 and Retry-After, and appends one of the two sentences below."""

    extra_detail_singular = "Try again in {wait} second."
    extra_detail_plural = "Try again in {wait} seconds."


class Limit:
    """A limit of ``times`` hits per client in any ``WINDOW_S`` seconds.

    ``what`` names the limited act in the error sentence. Beyond ``MAX_CLIENTS`` clients, the least recently seen one
    is dropped.
    """

    def __init__(self, what: str, times: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = what
        self.times = times
        self._clock = clock
        self._counter = SharedCounter()

    def hit(self, client: str) -> None:
        """Count one hit. Raises ``RateLimited`` with the time to wait; a refused hit is not counted."""
        with self._counter.open() as seen:
            now = self._clock()
            moments = [moment for moment in seen.pop(client, []) if moment > now - WINDOW_S]
            seen[client] = moments
            if len(moments) >= self.times:
                sentence = f"No more than {self.times} {self.what} a minute are taken from one address."
                raise RateLimited(max(1, math.ceil(moments[0] + WINDOW_S - now)), sentence)
            moments.append(now)
            while len(seen) > MAX_CLIENTS:
                del seen[next(iter(seen))]

    def undo(self, client: str) -> None:
        """Remove the client's last hit from the count."""
        with self._counter.open() as seen:
            if seen.get(client):
                seen[client].pop()

    def reset(self) -> None:
        """Remove all hits of all clients, as a restart does."""
        with self._counter.open() as seen:
            seen.clear()


class SharedCounter:
    """Request timestamps per client, least recently seen first, in an unlinked file that all forked processes share."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the limit exists
        self._lock = Lock()

    @contextmanager
    def open(self) -> Iterator[dict[str, list[float]]]:
        """Yield the timestamps per client for changing, and write them back at the end, also after an exception.

        No other thread or process can open the counter in the meantime.
        """
        descriptor = self._file.fileno()
        with self._lock:
            # Excludes other processes. The system releases the lock of a killed process.
            fcntl.lockf(descriptor, fcntl.LOCK_EX)
            try:
                written = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
                seen = json.loads(written or b"{}")
                try:
                    yield seen
                finally:
                    written = json.dumps(seen).encode()
                    os.pwrite(descriptor, written, 0)
                    os.ftruncate(descriptor, len(written))
            finally:
                fcntl.lockf(descriptor, fcntl.LOCK_UN)


DELETIONS = Limit("deletions", 20)
UPLOADS = Limit("uploads", 10)
SIGN_INS = Limit("wrong sign-ins", 10)


def client_of(request: Any) -> str:
    """Return the address of the connection; for IPv6 its /64 network, which is what one household has.

    ``X-Forwarded-For`` is ignored, because every client can write anything there.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(number, ipaddress.IPv4Address):
        return str(number)
    return str(number.ipv4_mapped or ipaddress.ip_network((int(number) >> 64 << 64, 64)))


class UploadAndDeleteThrottle(BaseThrottle):
    """Throttles every DELETE and every multipart request of any view, so that no list of views has to be maintained."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if not settings.RATE_LIMITS:
            return True
        if request.method == "DELETE":
            DELETIONS.hit(client_of(request))
        elif request.method != "GET" and str(request.content_type).lower().startswith("multipart/"):
            UPLOADS.hit(client_of(request))
        return True
