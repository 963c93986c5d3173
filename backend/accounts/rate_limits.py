"""How often one address may ask: counted for all processes that were forked from this one, in bounded space."""

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
    """DRF answers it with 429 and Retry-After, and adds the last sentence."""

    extra_detail_singular = "Try again in {wait} second."
    extra_detail_plural = "Try again in {wait} seconds."


class Limit:
    """At most ``times`` in any sixty seconds for each client; of ``what``, in words.

    Beyond ``MAX_CLIENTS`` the one that was quiet longest is forgotten.
    """

    def __init__(self, what: str, times: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = what
        self.times = times
        self._clock = clock
        self._counter = SharedCounter()

    def hit(self, client: str) -> None:
        """Count one. Raises ``RateLimited``, which says when to come back; what is refused is not counted."""
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
        """The last one does not count after all."""
        with self._counter.open() as seen:
            if seen.get(client):
                seen[client].pop()

    def reset(self) -> None:
        """Begin anew, as a restart does."""
        with self._counter.open() as seen:
            seen.clear()


class SharedCounter:
    """Moments by client, the client that was quiet longest first, in a nameless file that forked processes share."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as there is a limit
        self._lock = Lock()

    @contextmanager
    def open(self) -> Iterator[dict[str, list[float]]]:
        """What is in it, to be changed; nobody else has it meanwhile, and it is kept whatever is raised."""
        descriptor = self._file.fileno()
        with self._lock:
            # Of processes; the system takes it from one that is killed.
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
    """The address the connection comes from, of IPv6 the /64 that one household has.

    What a request says of itself (``X-Forwarded-For``) is not asked: anybody can write anything there.
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
    """Deletions and uploads, at any view: what a DELETE or a multipart body is needs no list to be kept."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if not settings.RATE_LIMITS:
            return True
        if request.method == "DELETE":
            DELETIONS.hit(client_of(request))
        elif request.method != "GET" and str(request.content_type).lower().startswith("multipart/"):
            UPLOADS.hit(client_of(request))
        return True
