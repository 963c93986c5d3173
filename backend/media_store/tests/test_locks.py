"""Writers of one process take turns; nobody waits for ever."""

from __future__ import annotations

import threading

import pytest

from media_store import locks
from media_store.layout import Layout
from media_store.operations import Operation


def test_a_second_writer_waits_for_its_turn() -> None:
    events: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with locks.turn_to_write():
            events.append("second")

    with locks.turn_to_write():
        thread = threading.Thread(target=second)
        thread.start()
        waiting.wait(timeout=10)
        thread.join(timeout=0.05)
        events.append("first")
    thread.join(timeout=10)
    assert events == ["first", "second"]


def test_a_turn_that_does_not_come_is_left_to_the_database_to_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "TURN_WITHIN_S", 0.01)
    with locks.turn_to_write():
        with locks.turn_to_write():
            pass
        assert locks._turn.locked()
    assert not locks._turn.locked()


@pytest.mark.parametrize("is_failing", [False, True])
def test_an_operation_has_its_turn_until_its_rows_are_decided(is_failing: bool, store: Layout) -> None:
    try:
        with Operation("test", by="test") as operation:
            with operation.transaction():
                assert locks._turn.locked()
                if is_failing:
                    raise KeyError
            assert not locks._turn.locked()
    except KeyError:
        pass
    assert not locks._turn.locked()
