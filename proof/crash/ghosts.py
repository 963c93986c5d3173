"""A commit whose process is killed in the fsync of SQLite's log, so that no open connection sees it.

A process with an open connection settles what the dead one left. After that nothing is written. Then everything is
started again, and SQLite reads the log again. The state after the restart must be the state that the living process
saw.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proof.crash.power_loss import Record

if TYPE_CHECKING:
    from proof.crash.driver import Driver

LOGS, ENDINGS = ("new log", "used log"), ("closed", "killed")


class Bystander:
    """A process with an open connection, like the other processes of a server; it keeps the log's index in use."""

    def __init__(self, data_dir: Path, log: str) -> None:
        (waits, self.go), (self.ready, says) = os.pipe(), os.pipe()
        self.process = os.fork()
        if self.process == 0:
            connection = sqlite3.connect(data_dir / "db.sqlite3")
            if log == "used log":
                connection.execute("PRAGMA user_version = 1")
            connection.execute("SELECT count(*) FROM media_op").fetchone()
            os.write(says, b".")
            os.read(waits, 1)
            connection.close()
            os._exit(0)
        os.close(waits)
        os.close(says)
        os.read(self.ready, 1)

    def end(self, how: str) -> None:
        if how == "killed":
            os.kill(self.process, signal.SIGKILL)
        else:
            os.write(self.go, b".")
        os.waitpid(self.process, 0)
        os.close(self.go)
        os.close(self.ready)


def upkeep(driver: Driver) -> None:
    from media_store.recovery import recover

    recover()


def next_removal(driver: Driver) -> None:
    """Run an operation that finds the files of the dead operation, and commit it."""
    from api.services import segment_images
    from core.errors import StoryFlowError
    from items.services import item_images
    from proof.crash.acts import BY, item_id

    for segment_id in (1, 2):
        with suppress(StoryFlowError):
            segment_images.remove_image(segment_id, by=BY)
    for word in ("lamp", "drill"):
        with suppress(StoryFlowError):
            item_images.delete_image(str(item_id(word)), by=BY)


def refused_removals(driver: Driver) -> None:
    """Run operations that find the files of the dead operation, undo it, and then roll back."""
    from api.models import Segment
    from items.models import Item
    from media_store.operations import Operation
    from media_store.trash import TrashRecord

    what = TrashRecord(kind="image", record="1", group="", title="A removal", reason="removed")
    places = [f"media/{segment.image_file.name}" for segment in Segment.objects.exclude(image_file=None)]
    places += [f"uploads/{item.image_file}" for item in Item.objects.exclude(image_file=None)]
    discards: list[dict[str, Any]] = [{"files": {"image_file": place}} for place in places]
    for discard in [
        *discards,
        {"files": {}, "folder": "media/projects/1"},
        {"files": {}, "folder": "media/projects/3"},
    ]:
        with suppress(ZeroDivisionError), Operation("remove", by="test") as operation, operation.transaction():
            operation.discard(what, **discard)
            raise ZeroDivisionError


def next_restore(driver: Driver) -> None:
    from core.errors import StoryFlowError
    from media_store.models import TrashEntry
    from media_store.restoring import restore_entry

    for entry in TrashEntry.objects.filter(state="trashed"):
        with suppress(StoryFlowError):
            restore_entry(entry.pk, by="test")


def next_purge(driver: Driver) -> None:
    from core.errors import StoryFlowError
    from media_store.models import TrashEntry
    from media_store.purging import purge

    for entry in TrashEntry.objects.filter(state="trashed"):
        with suppress(StoryFlowError):
            purge(entry.pk, by="test")


def killed_removal(driver: Driver) -> None:
    """Run a removal that is killed in its own first commit."""
    driver.shim.storyflow_arm_log_sync(1, 0, 0)
    next_removal(driver)


def killed_upkeep(driver: Driver) -> None:
    driver.shim.storyflow_arm_log_sync(2, 0, 0)
    upkeep(driver)


# Who settles, one after another; what the last of them sees is what has to be found.
SETTLERS: dict[str, tuple[Callable[[Driver], None], ...]] = {
    "nobody": (),
    "upkeep": (upkeep,),
    "the next removal": (next_removal,),
    "a removal that is taken back": (refused_removals,),
    "the next restore": (next_restore,),
    "the next purge": (next_purge,),
    "a removal that is killed, then one that is taken back": (killed_removal, refused_removals),
    "upkeep that is killed, then a removal that is taken back": (killed_upkeep, refused_removals),
}
# These change nothing themselves; after them it is as before the act or as after it.
CHANGING_NOTHING = ("nobody", "upkeep", "a removal that is taken back")


def faults(driver: Driver, log: str) -> Iterator[tuple[int, int, int]]:
    """Yield a kill in each sync of the log, and an error of each sync followed by a kill at each later call."""
    for sync in range(1, in_living_company(driver, log, (0, 0, 0))["log_syncs"] + 1):
        yield sync, 0, 0
        made = in_living_company(driver, log, (sync, errno.EIO, 0)).get("made", 0)
        yield from ((sync, errno.EIO, call) for call in range(1, made + 1))


def in_living_company(driver: Driver, log: str, fault: tuple[int, int, int]) -> dict[str, Any]:
    driver.lay()
    bystander = Bystander(driver.data_dir, log)
    answered = driver.run(log_sync=fault)
    bystander.end("killed")
    return answered


def cases(driver: Driver) -> Iterator[tuple[str, tuple[int, int, int], str, str]]:
    """(log, fault, settler, ending)."""
    for log in LOGS:
        for fault in faults(driver, log):
            if fault[1]:
                yield from product([log], [fault], CHANGING_NOTHING, ["killed"])
            else:
                yield from product([log], [fault], SETTLERS, ENDINGS)


def kill_inside_commits(driver: Driver, step: int) -> None:
    for number, (log, fault, settler, ending) in enumerate(cases(driver)):
        if number % step:
            continue
        driver.lay()
        bystander = Bystander(driver.data_dir, log)
        answered = driver.run(log_sync=fault)
        seen = settled(driver, settler)
        bystander.end(ending)
        how = f"sync {fault[0]} failed, killed before call {fault[2]}" if fault[1] else f"killed in sync {fault[0]}"
        judge(driver, f"{log}, {how}, settled by {settler}, {ending}", answered, settler, seen)


def settled(driver: Driver, settler: str, *, record: int = -1) -> dict[str, Any]:
    """Run each settler in its own process, which ends without closing its connection, as a server process does."""
    from proof.crash.driver import forked

    seen: dict[str, Any] | None = {"state": "MISSING"} if settler == "nobody" else None
    for settle in SETTLERS[settler]:

        def act(settle: Callable[[Driver], None] = settle) -> dict[str, Any]:
            from proof.crash.acts import state

            driver.shim.storyflow_record(record)
            settle(driver)
            driver.shim.storyflow_record(-1)
            return {"state": state()}

        _, seen = forked(act)
    return seen or {"state": None}


def judge(driver: Driver, where: str, answered: dict[str, Any], settler: str, seen: dict[str, Any]) -> None:
    driver.points += 1
    if seen["state"] is None:
        driver.note(where, ["settling it failed"])
    found = driver.recovered()
    driver.note(where, found["violations"])
    if settler not in CHANGING_NOTHING:
        driver.outcomes["changed by the settler"] += 1
        return
    if found["state"] == driver.before and "calls" not in answered:
        driver.outcomes["before"] += 1
    elif found["state"] == driver.after:
        driver.outcomes["after"] += 1
    else:
        driver.note(where, [f"this is how it is: {found['state']}"])
    if not is_as_seen(seen["state"], found["state"]):
        driver.note(where, [f"it was seen otherwise before the restart: {seen['state']}"])


def is_as_seen(seen: Any, found: Any) -> bool:
    """Return whether rows and bytes are those that the living process saw, and the trash is the expected one."""
    if isinstance(seen, dict):
        return seen.keys() == found.keys() and all(is_as_seen(seen[key], found[key]) for key in seen if key != "trash")
    if isinstance(seen, list):
        return len(seen) == len(found) and all(map(is_as_seen, seen, found))
    return seen in (found, "MISSING")


def cut_power_while_settling(driver: Driver, most: int) -> None:
    """Check at most so many of the disks that a power cut during the settling may leave."""
    driver.lay()
    log = driver.data_dir.with_name("calls")
    bystander = Bystander(driver.data_dir, "used log")
    act, whole = Record(driver.data_dir), Record(driver.data_dir)
    with log.open("wb") as file:
        driver.run(record=file.fileno(), log_sync=(1, 0, 0))
        act.read(log.read_bytes())
        seen = settled(driver, "upkeep", record=file.fileno())
    bystander.end("killed")
    whole.read(log.read_bytes())
    disks = list(whole.disks(samples=4, seed=driver.name, first=len(act.history)))
    driver.outcomes["possible"] = len(disks)
    random.Random(driver.name).shuffle(disks)
    disks.sort(key=lambda disk: not disk[1])
    for where, is_over, disk in disks[:most]:
        shutil.rmtree(driver.data_dir)
        disk.lay(driver.data_dir)
        driver.points += 1
        found = driver.recovered()
        driver.note(where, found["violations"])
        if found["state"] not in ([seen["state"]] if is_over else [driver.before, driver.after]):
            driver.note(where, [f"this is how it is: {found['state']}"])
