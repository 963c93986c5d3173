"""No entry leaves the trash before its retention time has really passed, even if the computer's clock is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from media_store import purging, trash_clock
from media_store.layout import Layout
from media_store.models import TrashClock, TrashEntry
from media_store.purging import purge_expired
from media_store.tests.conftest import a_trash_entry, an_operation, write
from media_store.trash_clock import Moment, delayed_purge_sentence

pytestmark = pytest.mark.django_db
DAY_S = 86400.0


class Computer:
    """A clock that can be set, and an uptime that cannot."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = Moment(datetime(2026, 3, 1, 12, tzinfo=UTC), "first boot", 1000.0)
        monkeypatch.setattr(trash_clock, "current_moment", lambda: self.moment)
        monkeypatch.setattr(timezone, "now", lambda: self.moment.wall)

    def passes(self, *, days: float) -> None:
        self.moment = replace(
            self.moment, wall=self.moment.wall + timedelta(days=days), uptime_s=self.moment.uptime_s + days * DAY_S
        )

    def clock_jumps(self, *, days: float) -> None:
        self.moment = replace(self.moment, wall=self.moment.wall + timedelta(days=days))

    def restarts(self, *, days_by_the_clock: float = 0) -> None:
        self.moment = Moment(self.moment.wall + timedelta(days=days_by_the_clock), f"boot {self.moment.wall}", 30.0)


@pytest.fixture
def computer(store: Layout, monkeypatch: pytest.MonkeyPatch) -> Computer:
    computer = Computer(monkeypatch)
    purge_expired()
    return computer


def trashed(store: Layout, count: int = 1) -> list[int]:
    entries = []
    for number in range(count):
        place = f"media/projects/1/images/{number}_a.jpg"
        op_id = an_operation(is_committed=True)
        write(store.trashed(op_id, place))
        entries.append(a_trash_entry(op_id, place).pk)
    return entries


def waiting() -> set[int]:
    return set(TrashEntry.objects.filter(state="trashed").values_list("pk", flat=True))


@pytest.mark.parametrize("jump", [60, -60, 29.9, 3650, -3650, 0.5])
@pytest.mark.parametrize("is_looked_between", [True, False])
def test_a_jump_of_the_clock_neither_shortens_nor_lengthens_the_time(
    jump: float, is_looked_between: bool, store: Layout, computer: Computer
) -> None:
    (entry,) = trashed(store)
    computer.passes(days=2)
    if is_looked_between:
        purge_expired()
    computer.clock_jumps(days=jump)
    computer.passes(days=27.9)
    purge_expired()
    assert waiting() == {entry}
    computer.passes(days=0.2)
    assert purge_expired() == 1


@pytest.mark.parametrize("jump", [60, -60, 400])
def test_a_clock_that_jumps_and_is_put_right_changes_nothing(jump: float, store: Layout, computer: Computer) -> None:
    (before,) = trashed(store)
    computer.clock_jumps(days=jump)
    purge_expired()
    computer.passes(days=1)
    (meanwhile,) = trashed(store)
    computer.clock_jumps(days=-jump)
    purge_expired()
    computer.passes(days=28.9)
    purge_expired()
    assert waiting() == {before, meanwhile}
    computer.passes(days=0.2)
    purge_expired()
    assert waiting() == {meanwhile}
    computer.passes(days=1)
    purge_expired()
    assert waiting() == set()


@pytest.mark.parametrize("jump", [60, -60])
def test_what_was_thrown_away_after_the_jump_and_before_the_next_look_keeps_its_own_time(
    jump: float, store: Layout, computer: Computer
) -> None:
    trashed(store)
    computer.passes(days=0.02)
    computer.clock_jumps(days=jump)
    computer.passes(days=0.02)
    (after,) = trashed(store)
    computer.passes(days=29.97)
    purge_expired()
    assert waiting() == {after}
    computer.passes(days=0.04)
    purge_expired()
    assert waiting() == set()


def test_corrections_of_a_few_seconds_move_no_end(store: Layout, computer: Computer) -> None:
    (entry,) = trashed(store)
    ends = TrashEntry.objects.get(pk=entry).expires_at
    for _ in range(5):
        computer.clock_jumps(days=20 / DAY_S)
        purge_expired()
    assert TrashEntry.objects.get(pk=entry).expires_at == ends


def test_a_month_by_the_clock_alone_purges_no_tenth_of_the_trash(store: Layout, computer: Computer) -> None:
    entries = trashed(store, 4)
    computer.restarts(days_by_the_clock=60)
    assert purge_expired() == 0
    assert waiting() == set(entries)
    assert delayed_purge_sentence().startswith("4 of 4 things in the trash are past their end")


def test_what_waits_goes_after_a_day_of_running(store: Layout, computer: Computer) -> None:
    trashed(store, 4)
    computer.restarts(days_by_the_clock=60)
    purge_expired()
    computer.passes(days=0.6)
    assert purge_expired() == 0
    # Restarted for a moment: what has run before still counts.
    computer.restarts(days_by_the_clock=0.1)
    assert purge_expired() == 0
    computer.passes(days=0.5)
    assert purge_expired() == 4
    assert delayed_purge_sentence() == ""


def test_a_clock_put_right_after_such_a_restart_has_cost_nothing(store: Layout, computer: Computer) -> None:
    entries = trashed(store, 4)
    computer.restarts(days_by_the_clock=60)
    purge_expired()
    computer.restarts(days_by_the_clock=-60)
    computer.passes(days=1.5)
    assert purge_expired() == 0
    assert waiting() == set(entries)


def test_less_than_a_tenth_goes_at_once(store: Layout, computer: Computer) -> None:
    (old,) = trashed(store)
    computer.passes(days=25)
    purge_expired()
    young = trashed(store, 10)
    computer.restarts(days_by_the_clock=6)
    assert purge_expired() == 1
    assert waiting() == set(young)
    assert old not in waiting()


def test_a_folder_of_an_older_release_is_not_purged_on_the_word_of_the_clock(store: Layout, computer: Computer) -> None:
    entries = trashed(store, 3)
    TrashClock.objects.all().delete()
    computer.clock_jumps(days=60)
    assert purge_expired() == 0
    assert waiting() == set(entries)


def test_the_real_clock_of_this_machine_agrees_with_its_uptime() -> None:
    first, second = trash_clock.current_moment(), trash_clock.current_moment()
    assert first.boot == second.boot
    assert 0 <= second.uptime_s - first.uptime_s < 5
    assert abs((second.wall - first.wall).total_seconds()) < 5


def test_an_end_that_was_moved_away_meanwhile_is_looked_at_again_under_the_lock(
    store: Layout, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trashed(store)
    (kept,) = trashed(store)
    computer.passes(days=31)
    real = purging.due_entries

    def due_and_then_kept_longer() -> Any:
        due = real()
        TrashEntry.objects.filter(pk=kept).update(expires_at=computer.moment.wall + timedelta(days=60))
        return due

    monkeypatch.setattr(purging, "due_entries", due_and_then_kept_longer)
    assert purge_expired() == 1
    assert waiting() == {kept}
