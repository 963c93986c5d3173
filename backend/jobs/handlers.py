"""Who does which kind of work: rooms above register a function for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


class Running(Protocol):
    """What a handler is given."""

    id: str
    payload: dict[str, Any]
    by: str

    def report(self, phase: str, done: int, total: int, **details: Any) -> None:
        """Say how far it is; cheap, from any thread. The share shown never goes back."""
        ...

    def is_stopped(self) -> bool:
        """True when it must not go on; cheap, from any thread, a second behind at most."""
        ...


@dataclass(frozen=True)
class Handler:
    """``run`` does the work and returns what the row keeps as its result; ``over`` is told how it ended."""

    run: Callable[[Running], dict[str, Any]]
    over: Callable[[Any], None] = field(default=lambda job: None)


_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    return _handlers[kind]
