"""The process that works, from its own loop's point of view."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from jobs import running, working

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without the thread beside it, and with the signals as they were."""
    before = [signal.getsignal(name) for name in SIGNALS]
    monkeypatch.setattr(running, "shutting_down", threading.Event())
    monkeypatch.setattr(working, "_look_after", lambda: None)
    monkeypatch.setattr(working, "PAUSE_S", 0.0)
    yield
    for name, handler in zip(SIGNALS, before, strict=True):
        signal.signal(name, handler)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("failure", [OperationalError("database is locked"), InterfaceError("connection lost")])
def test_it_outlives_a_database_that_is_busy_for_long(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = iter([failure, failure, None])
    runs = []

    def run(worker: Any) -> None:
        runs.append(worker)
        if (problem := next(outcomes)) is not None:
            raise problem
        worker.running = False

    monkeypatch.setattr(working.Worker, "run", run)
    working.work()
    assert len(runs) == 3


@pytest.mark.django_db(transaction=True)
def test_another_failure_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(worker: Any) -> None:
        raise RuntimeError("a fault of the code")

    monkeypatch.setattr(working.Worker, "run", run)
    with pytest.raises(RuntimeError):
        working.work()
