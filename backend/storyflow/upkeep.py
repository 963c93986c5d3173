"""The hourly maintenance of a running server: recovery from a killed process, and deletion of what has expired."""

from __future__ import annotations

import logging
import time

from accounts.sign_in import delete_expired_sessions
from filming import interests
from media_store.purging import purge_expired
from media_store.recovery import recover

log = logging.getLogger(__name__)

HOUR_S = 3600.0
RETRY_S = 5.0


class Upkeep:
    """The maintenance task. Call it often: it works once an hour, and after a process has exited unexpectedly."""

    def __init__(self) -> None:
        self._due_s = time.monotonic() + HOUR_S

    def __call__(self, has_exited: bool = False) -> None:
        if time.monotonic() < self._due_s and not has_exited:
            return
        self._due_s = time.monotonic() + HOUR_S
        try:
            purge_expired()
            delete_expired_sessions()
            interests.delete_old()
            recover(wait=False)
        except BlockingIOError:
            # Another process holds the store's lock.
            self._due_s = time.monotonic() + RETRY_S
        except Exception:
            # An error here must not stop the server; it is in the log.
            log.exception("The hourly upkeep failed; it is tried again in an hour.")
