"""What a running server does by itself: it settles what was killed in the middle, and ends what has expired."""

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
    """To be called every now and then; does its work when it is due, or when a process died amid something."""

    def __init__(self) -> None:
        self._due_s = time.monotonic() + HOUR_S

    def __call__(self, has_died: bool = False) -> None:
        if time.monotonic() < self._due_s and not has_died:
            return
        self._due_s = time.monotonic() + HOUR_S
        try:
            purge_expired()
            delete_expired_sessions()
            interests.forget_old()
            recover(wait=False)
        except BlockingIOError:
            # Somebody is changing pictures just now.
            self._due_s = time.monotonic() + RETRY_S
        except Exception:
            # The server must outlive one bad hour; what happened is in the log.
            log.exception("The hourly upkeep failed; it is tried again in an hour.")
