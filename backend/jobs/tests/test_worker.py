"""The loop of a worker process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from jobs import running, worker

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run without the housekeeping thread, and restore the signal handlers afterwards."""
    before = [signal.getsignal(name) for name in SIGNALS]
    monkeypatch.setattr(running, "shutting_down", threading.Event())
    monkeypatch.setattr(worker, "_run_housekeeping", lambda: None)
    monkeypatch.setattr(worker, "RETRY_S", 0.0)
    yield
    for name, handler in zip(SIGNALS, before, strict=True):
        signal.signal(name, handler)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("failure", [OperationalError("database is locked"), InterfaceError("connection lost")])
def test_it_outlives_a_database_that_is_busy_for_long(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = iter([failure, failure, None])
    runs = []

    def run(loop: Any) -> None:
        runs.append(loop)
        if (problem := next(outcomes)) is not None:
            raise problem
        loop.running = False

    monkeypatch.setattr(worker.Worker, "run", run)
    worker.run_worker()
    assert len(runs) == 3


@pytest.mark.django_db(transaction=True)
def test_another_failure_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(loop: Any) -> None:
        raise RuntimeError("a fault of the code")

    monkeypatch.setattr(worker.Worker, "run", run)
    with pytest.raises(RuntimeError):
        worker.run_worker()
