"""Writers of one machine share one write slot, and none waits for ever."""

from __future__ import annotations

import os
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
        with locks.write_slot():
            events.append("second")

    with locks.write_slot():
        thread = threading.Thread(target=second)
        thread.start()
        waiting.wait(timeout=10)
        thread.join(timeout=0.05)
        events.append("first")
    thread.join(timeout=10)
    assert events == ["first", "second"]


def another_process_writing() -> tuple[int, int]:
    """Return a process id and a descriptor; the process holds the write slot until the descriptor is closed."""
    (has_turn, tell), (wait, is_over) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(is_over)
            with locks.write_slot():
                os.write(tell, b"x")
                os.read(wait, 1)
        finally:
            os._exit(0)
    os.read(has_turn, 1)
    for descriptor in (has_turn, tell, wait):
        os.close(descriptor)
    return child, is_over


def test_a_writer_of_another_process_is_waited_for(store: Layout) -> None:
    store.ensure()
    child, is_over = another_process_writing()
    events: list[str] = []

    def write() -> None:
        with locks.write_slot():
            events.append("ours")

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(timeout=0.05)
    events.append("theirs")
    os.close(is_over)
    thread.join(timeout=10)
    os.waitpid(child, 0)
    assert events == ["theirs", "ours"]


def test_a_process_that_keeps_its_turn_does_not_keep_others_for_ever(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.ensure()
    child, is_over = another_process_writing()
    monkeypatch.setattr(locks, "SLOT_TIMEOUT_S", 0.05)
    with locks.write_slot():
        pass
    os.close(is_over)
    os.waitpid(child, 0)


def test_a_turn_that_does_not_come_is_left_to_the_database_to_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "SLOT_TIMEOUT_S", 0.01)
    with locks.write_slot():
        with locks.write_slot():
            pass
        assert locks._slot.locked()
    assert not locks._slot.locked()


@pytest.mark.parametrize("is_failing", [False, True])
def test_an_operation_has_its_turn_until_its_rows_are_decided(is_failing: bool, store: Layout) -> None:
    try:
        with Operation("test", by="test") as operation:
            with operation.transaction():
                assert locks._slot.locked()
                if is_failing:
                    raise KeyError
            assert not locks._slot.locked()
    except KeyError:
        pass
    assert not locks._slot.locked()
