"""Expiry of trash entries by the time that has really passed, even if the computer's clock is wrong.

The expiry time of a trash entry is a time of the computer's clock, and a person, an empty battery or a virtual
machine may set that clock to any value. The uptime of the computer cannot be set. If the two disagree, the clock has
jumped, and the expiry times of the entries from before the jump are moved by the jump. Across a restart of the
computer only the clock is left, and if it says that days have passed, that may be wrong. Then a purge of more than a
tenth of the trash is delayed.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from media_store import locks
from media_store.models import MediaOperation, TrashClock, TrashEntry

# Network time corrects a clock by seconds.
CLOCK_TOLERANCE = timedelta(minutes=2)
# If two checks with a restart between them are further apart, the clock is not trusted.
TRUSTED_GAP = timedelta(days=2)
PURGE_DELAY_S = 24 * 3600.0
MAX_PURGE_SHARE = 0.1

_PROCESS = uuid.uuid4().hex


@dataclass(frozen=True)
class Moment:
    """A time: ``wall`` by the clock, and ``uptime_s`` since the boot named ``boot``, suspend included."""

    wall: datetime
    boot: str
    uptime_s: float


def current_moment() -> Moment:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        uptime_s = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        # Without these files only times within this process can be compared.
        boot, uptime_s = _PROCESS, time.clock_gettime(time.CLOCK_MONOTONIC)
    return Moment(timezone.now(), boot, uptime_s)


@dataclass(frozen=True)
class DueEntries:
    """The ids of the entries that expired at or before ``until``; none while a large purge is delayed.

    ``waiting`` of ``whole`` entries wait in a delayed purge.
    """

    until: datetime
    ids: list[int]
    waiting: int = 0
    whole: int = 0

    @property
    def sentence(self) -> str:
        """The reason for a delayed purge, or ""."""
        if not self.waiting:
            return ""
        return (
            f"{self.waiting} of {self.whole} things in the trash are past their end, if the computer's clock is right. "
            "It has leapt since StoryFlow last ran, so they are kept until StoryFlow has run for a day. Check the date."
        )


def due_entries() -> DueEntries:
    """Record the present time, move expiry times if the clock has jumped, and return the expired entries."""
    now = current_moment()
    with locks.write_slot(), transaction.atomic():
        clock = _updated_clock(now)
        due = list(_in_trash().filter(expires_at__lte=now.wall).order_by("pk").values_list("pk", flat=True))
        whole = _in_trash().count()
    if clock.wait_s > 0 and len(due) > MAX_PURGE_SHARE * whole:
        return DueEntries(now.wall, [], len(due), whole)
    return DueEntries(now.wall, due)


def delayed_purge_sentence() -> str:
    """Return ``DueEntries.sentence`` for the present time without changing anything."""
    clock = TrashClock.objects.filter(pk=1).first()
    due, whole = _in_trash().filter(expires_at__lte=timezone.now()).count(), _in_trash().count()
    waits = clock is not None and clock.wait_s > 0 and due > MAX_PURGE_SHARE * whole
    return DueEntries(timezone.now(), [], due if waits else 0, whole).sentence


def _in_trash() -> QuerySet[TrashEntry]:
    return TrashEntry.objects.filter(state=TrashEntry.State.TRASHED)


def _updated_clock(now: Moment) -> TrashClock:
    """Update the clock's row to ``now`` and return it."""
    newest = TrashEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    clock = TrashClock.objects.filter(pk=1).first()
    if clock is None:
        # A data folder of an older release: it was last used at its last operation.
        last = MediaOperation.objects.aggregate(last=Max("at"))["last"]
        clock = TrashClock(pk=1, wall=last or now.wall, newest_entry=newest)
    passed_s = now.uptime_s - clock.uptime_s
    if clock.boot == now.boot and passed_s >= 0:
        _shift_expiry(clock, now, passed_s)
        clock.wait_s = max(0.0, clock.wait_s - passed_s)
    elif now.wall - clock.wall > TRUSTED_GAP:
        clock.wait_s = PURGE_DELAY_S
    clock.wall, clock.boot, clock.uptime_s, clock.newest_entry = now.wall, now.boot, now.uptime_s, newest
    clock.save()
    return clock


def _shift_expiry(clock: TrashClock, now: Moment, passed_s: float) -> None:
    """If the clock has jumped, move the expiry times of the entries from before the jump by the same time."""
    should_be = clock.wall + timedelta(seconds=passed_s)
    jump = now.wall - should_be
    if abs(jump) <= CLOCK_TOLERANCE:
        return
    # An entry made since the last check is from before or after the jump; its ``trashed_at`` shows which.
    is_before = Q(trashed_at__lte=should_be + CLOCK_TOLERANCE)
    since = is_before if jump > timedelta(0) else Q(trashed_at__gt=now.wall + CLOCK_TOLERANCE)
    moved = _in_trash().filter(Q(pk__lte=clock.newest_entry) | since)
    moved.update(expires_at=F("expires_at") + jump)
