"""The HTTP server: the only file that knows waitress.

Waitress reads a request whole before a view sees it (large bodies from disk, not memory) and sends files from its
own loop, so a paused video holds no thread and no shutdown.
"""

from __future__ import annotations

import json
import logging
import signal
import tempfile
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from accounts.sign_in import forget_expired_sessions
from core.errors import ConfigurationError
from media_store.layout import current_layout
from media_store.purging import purge_expired
from media_store.recovery import recover

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1025 * 1024 * 1024
SEND_BYTES = 256 * 1024
RECEIVE_BYTES = 256 * 1024
HOUR_S = 3600
RETRY_S = 5


class JSONErrorTask(ErrorTask):
    """Requests the server itself refuses are answered like all others: JSON with a sentence."""

    def execute(self) -> None:
        problem = self.request.error
        body = json.dumps({"error": f"{problem.reason}: {problem.body}."}).encode()
        self.status = f"{problem.code} {problem.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    error_task_class = JSONErrorTask

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A piece is read for every try to send; the kernel's own figure is megabytes, most of them read in vain.
        self.sendbuf_len = min(self.sendbuf_len, SEND_BYTES)

    def _flush_outbufs_below_high_watermark(self) -> None:
        """A list that its client is slow to take waits in nameless files; waitress would have the thread wait.

        Raising the watermark instead would also keep what is sent already in memory, up to the watermark.
        """


BaseWSGIServer.channel_class = Channel


def serve(application: Any, *, host: str, port: int, threads: int, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. ``on_ready`` gets the address once connections are taken.

    Raises ``ConfigurationError`` when the port cannot be had.
    """
    # Bodies waitress puts aside go to the data folder's disk: /tmp may be memory. They have no name there.
    tempfile.tempdir = str(current_layout().incoming)
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        server = create_server(
            application,
            listen=listen,
            threads=threads,
            # A picture arrives in a few pieces, not in a hundred.
            recv_bytes=RECEIVE_BYTES,
            connection_limit=500,
            channel_timeout=300,
            max_request_body_size=MAX_BODY_BYTES,
            clear_untrusted_proxy_headers=True,
            ident="storyflow",
        )
    except (OSError, ValueError) as exc:
        raise ConfigurationError(
            f"{listen} cannot be listened on ({exc.strerror if isinstance(exc, OSError) else exc}). "
            "Is StoryFlow running already? Another port can be given with PORT."
        ) from exc
    _stop_on_signals()
    stopping = Event()
    Thread(target=_maintain, args=(stopping,), name="maintenance", daemon=True).start()
    on_ready(f"http://{listen}/")
    try:
        server.run()
    finally:
        stopping.set()
        server.close()


def _stop_on_signals() -> None:
    """Set explicitly: a shell starts its background jobs with SIGINT ignored, and Python then keeps it so."""

    def stop(*_: Any) -> None:
        raise SystemExit(0)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def _recovered() -> bool:
    """Whether recovery found a moment in which nobody was changing pictures."""
    try:
        recover(wait=False)
    except BlockingIOError:
        return False
    return True


def _maintain(stopping: Event) -> None:
    """Every hour: settle what a killed command left, and end what has expired, in the trash and of sessions."""
    while not stopping.wait(HOUR_S):
        try:
            purge_expired()
            forget_expired_sessions()
            while not _recovered() and not stopping.wait(RETRY_S):
                pass
        except Exception:
            # The thread must outlive one bad hour; what happened is in the log.
            log.exception("Maintenance failed; it is tried again in an hour.")
