"""The registry of job handlers: packages above `jobs` register one handler for each kind of job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


class JobContext(Protocol):
    """A running job as its handler sees it."""

    id: str
    payload: dict[str, Any]
    by: str

    def report(self, phase: str, done: int, total: int, **details: Any) -> None:
        """Report that ``done`` of ``total`` is done; cheap, from any thread. The percentage shown never decreases."""
        ...

    def is_stopped(self) -> bool:
        """True when the handler must stop; cheap, from any thread, at most one second late."""
        ...


@dataclass(frozen=True)
class Handler:
    """The functions of one kind of job.

    ``run`` does the work and returns the result, which the job's row stores. ``on_finished`` is called with the ``Job``
    after it is done, failed or cancelled.
    """

    run: Callable[[JobContext], dict[str, Any]]
    on_finished: Callable[[Any], None] = field(default=lambda job: None)


_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    return _handlers[kind]
