"""The connection limits, with fake connections."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from storyflow import connection_limits
from storyflow.connection_limits import STALLED_S, connection_to_close, connections_to_abort, with_slow_heads

NOW = 1_000_000.0
MEGABYTE = 1024 * 1024


@dataclass(eq=False)
class Made:
    """A fake connection. Its times are seconds before now."""

    age_s: float = 100.0
    idle_s: float = 0.0
    head_for_s: float | None = None
    has_sent_request: bool = True
    answered: bool = False
    moving: bool = False
    waiting: int = 0
    addr: tuple[str, int] = ("127.0.0.1", 1)

    @property
    def creation_time(self) -> float:
        return NOW - self.age_s

    @property
    def last_activity(self) -> float:
        return NOW - self.idle_s

    @property
    def head_since(self) -> float | None:
        return None if self.head_for_s is None else NOW - self.head_for_s

    @head_since.setter
    def head_since(self, value: float | None) -> None:
        raise AssertionError("nobody sets it here")

    def has_pending_request(self) -> bool:
        return self.answered

    def is_transferring(self) -> bool:
        return self.moving

    def buffered_bytes(self) -> int:
        return self.waiting


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits, "MAX_CONNECTIONS", 4)
    monkeypatch.setattr(connection_limits, "MAX_SILENT", 3)
    monkeypatch.setattr(connection_limits, "MAX_BUFFERED_BYTES", 100 * MEGABYTE)


def test_a_head_may_take_twenty_seconds_however_its_bytes_come() -> None:
    slow, quick, idle = Made(head_for_s=20.1), Made(head_for_s=19.9), Made(idle_s=200)
    assert with_slow_heads([slow, quick, idle], NOW) == [slow]


def test_nobody_goes_while_there_are_few() -> None:
    newest = Made(has_sent_request=False)
    assert connection_to_close([Made(), Made(has_sent_request=False), newest], newest, NOW) is None


def test_of_too_many_that_asked_nothing_from_one_address_the_oldest_goes() -> None:
    newest = Made(has_sent_request=False)
    oldest = Made(has_sent_request=False, age_s=9)
    silent = [Made(has_sent_request=False, age_s=5), oldest, Made(has_sent_request=False, age_s=7)]
    assert connection_to_close([*silent, newest], newest, NOW) is oldest


def test_what_another_address_holds_does_not_count_as_ones_own() -> None:
    newest = Made(has_sent_request=False, addr=("10.0.0.2", 1))
    assert connection_to_close([Made(has_sent_request=False)] * 3 + [newest], newest, NOW) is None


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (
            Made(has_sent_request=False, age_s=0.1),
            [Made(idle_s=200), Made(moving=True, idle_s=200), Made(answered=True)],
        ),
        (Made(idle_s=1), [Made(idle_s=0.5), Made(moving=True, idle_s=200), Made(answered=True, idle_s=300)]),
        (Made(moving=True, idle_s=50), [Made(moving=True, idle_s=40), Made(answered=True), Made(moving=True)]),
    ],
)
def test_those_that_asked_nothing_go_first_then_idle_ones_then_stalled_ones(first: Made, others: list[Made]) -> None:
    newest = Made(has_sent_request=False)
    assert connection_to_close([*others, first, newest], newest, NOW) is first


def test_what_is_at_work_or_moves_is_never_closed() -> None:
    newest = Made(has_sent_request=False)
    busy = [Made(answered=True, idle_s=500), Made(answered=True, has_sent_request=False), *[Made(moving=True)] * 3]
    assert connection_to_close([*busy, newest], newest, NOW) is None


def test_what_waits_in_memory_is_nobodys_matter() -> None:
    assert connections_to_abort([Made(waiting=200 * MEGABYTE)], Made(), MEGABYTE, NOW) == []


def test_one_answer_that_waits_with_too_much_is_broken_off() -> None:
    mine = Made(waiting=99 * MEGABYTE)
    assert connections_to_abort([mine], mine, 2 * MEGABYTE, NOW) == [mine]


def test_stalled_answers_make_way_those_with_most_first_and_no_more_than_need_be() -> None:
    small, large = Made(waiting=20 * MEGABYTE, idle_s=60), Made(waiting=50 * MEGABYTE, idle_s=STALLED_S + 1)
    mine = Made(waiting=25 * MEGABYTE)
    assert connections_to_abort([small, large, mine], mine, 10 * MEGABYTE, NOW) == [large]


def test_answers_that_are_taken_stay_and_the_new_one_is_broken_off() -> None:
    mine, others = Made(waiting=10 * MEGABYTE), [Made(waiting=50 * MEGABYTE, idle_s=1) for _ in range(2)]
    assert connections_to_abort([*others, mine], mine, 1, NOW) == [mine]
