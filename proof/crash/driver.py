"""A process, with the fault library preloaded, that injects a fault at each call of one act, recovers and checks.

It prints one JSON object with the number of points, their outcomes and the violations. The faults:

``kill``    SIGKILL before the call
``errno``   the call fails with an error instead of being made, once for each of `ERRORS`
``double``  SIGKILL before the call, then SIGKILL before each call of the recovery after it, then recovery again
``steps``   an exception at each step of the request of that name inside Django; see django_steps.py
``rivals``  another process that works in the middle of the act of that name; see rivals.py
``power``   a power cut after the call, with any subset of the unsynced changes lost; see power_loss.py
``ghost``   SIGKILL inside a commit, settled beside an open connection, then a restart; see ghosts.py
``ghost-power``  the same, with a power cut at any call of the settling
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from proof.crash.mutants import MUTANTS
from proof.crash.power_loss import Record
from proof.crash.process import start

ERRORS = ("EIO", "ENOSPC", "EACCES", "EROFS", "EDQUOT", "EMFILE")
FEWEST_CALLS = 5
FAULTS = ("kill", "errno", "double", "steps", "rivals", "power", "ghost", "ghost-power")


class Found(Exception):
    """Raised to stop at the first violation."""


def forked(act: Callable[[], Any]) -> tuple[int, Any]:
    """Run ``act`` in a child process. Returns the wait status and the result, None if the child did not end it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            view = memoryview(json.dumps(act()).encode())
            while view:
                view = view[os.write(writing, view) :]
            os._exit(0)
        except BaseException as exc:
            os.write(2, f"child raised {exc!r}\n".encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        result = pipe.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(result) if result else None


class Driver:
    """The run of one fault; ``data_dir`` is the settings' data folder, written again before every point."""

    def __init__(self, data_dir: Path, name: str) -> None:
        self.data_dir = data_dir
        self.name = name
        self.template = data_dir.with_name("template")
        self.shim = ctypes.CDLL(None)
        self.violations: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.points = 0
        self.is_one_enough = False

    def make_template(self) -> None:
        status, _ = forked(_make_story)
        assert status == 0, "the story could not be made"
        shutil.copytree(self.data_dir, self.template)

    def prepare(self) -> None:
        """Make the story once, and record the states before and after the act."""
        self.make_template()
        self.lay()
        self.before = self.recovered()["state"]
        self.lay()
        self.calls = self.run()["calls"]
        self.after = self.recovered()["state"]
        if self.calls < FEWEST_CALLS or self.before == self.after:
            self.violations.append(f"{self.calls} calls were counted and the act changed nothing; is the shim loaded?")

    def lay(self, source: Path | None = None) -> None:
        shutil.rmtree(self.data_dir, ignore_errors=True)
        shutil.copytree(source or self.template, self.data_dir)

    def run(
        self, *, fault_at: int = 0, error: int = 0, record: int = -1, log_sync: tuple[int, int, int] = (0, 0, 0)
    ) -> dict[str, Any]:
        """The act with a fault, or its calls written into a file; what it answered, nothing when it was killed.

        ``log_sync`` is the number of the sync of the log at which it is killed; or that sync reports the error that
        comes second, and the kill comes before the call whose number comes third.
        """

        def act() -> dict[str, Any]:
            from proof.crash.acts import ACTS, lies

            self.shim.storyflow_record(ctypes.c_int(record))
            # As in the server, other connections are open: the last one to close would tidy up after a failed commit.
            self.bystander = sqlite3.connect(self.data_dir / "db.sqlite3")
            self.bystander.execute("SELECT count(*) FROM media_op").fetchone()
            self.shim.storyflow_arm(ctypes.c_long(fault_at), ctypes.c_int(error))
            self.shim.storyflow_arm_log_sync(*(ctypes.c_long(number) for number in log_sync))
            try:
                ACTS[self.name]()
            except Exception as exc:
                calls = self.shim.storyflow_disarm()
                if not error and not log_sync[1]:
                    raise
                return {"raised": repr(exc), "made": calls}
            finally:
                self.shim.storyflow_record(ctypes.c_int(-1))
            log_syncs = self.shim.storyflow_disarm_log_sync()
            return {"calls": self.shim.storyflow_disarm(), "log_syncs": log_syncs, "lies": lies()}

        _, answered = forked(act)
        return answered or {}

    def recovered(self) -> dict[str, Any]:
        """Recover, check, recover again, and check that the second recovery changed nothing."""

        def look() -> dict[str, Any]:
            from media_store.recovery import recover
            from proof.crash.acts import state, violations

            recover()
            first = {"state": state(), "violations": violations()}
            recover()
            if {"state": state(), "violations": violations()} != first:
                first["violations"].append("the second recovery changed something")
            return first

        status, found = forked(look)
        return found or {"state": None, "violations": [f"recovery itself failed (status {status})"]}

    def note(self, where: str, found: list[str]) -> None:
        self.violations += [f"{where}: {violation}" for violation in found]
        if found and self.is_one_enough:
            raise Found

    def judge(self, where: str, answered: dict[str, Any]) -> None:
        """Check that the state is the one before or after the act, and that it fits the response."""
        self.points += 1
        result = self.recovered()
        found = [*answered.get("lies", ()), *result["violations"]]
        self.note(where, found)
        if result["state"] == self.after and "raised" not in answered:
            self.outcomes["after"] += 1
        elif result["state"] == self.before and "calls" not in answered:
            self.outcomes["before"] += 1
        else:
            said = answered.get("raised", "200" if answered else "nothing")
            self.note(where, [f"it said {said}, but this is how it is: {result['state']}"])

    def kill(self, step: int) -> None:
        for point in range(1, self.calls + 1, step):
            self.lay()
            self.judge(f"killed before call {point}", self.run(fault_at=point))

    def errno(self, step: int) -> None:
        points = [(name, point) for name in ERRORS for point in range(1, self.calls + 1)]
        for name, point in points[::step]:
            self.lay()
            self.judge(f"{name} at call {point}", self.run(fault_at=point, error=getattr(errno, name)))

    def double(self, step: int) -> None:
        crashed = self.data_dir.with_name("crashed")
        number = 0
        for point in range(1, self.calls + 1):
            self.lay()
            answered = self.run(fault_at=point)
            shutil.rmtree(crashed, ignore_errors=True)
            shutil.copytree(self.data_dir, crashed)
            for second in range(1, self.calls_of_recovery() + 1):
                number += 1
                if number % step:
                    continue
                self.lay(crashed)
                self.calls_of_recovery(killed_at=second)
                self.judge(f"killed before call {point}, then recovery before call {second}", answered)

    def power(self, most: int) -> None:
        """Check at most so many of the disks that a power cut may leave, chosen by a seed."""
        self.lay()
        record, log = Record(self.data_dir), self.data_dir.with_name("calls")
        with log.open("wb") as file:
            answered = self.run(record=file.fileno())
        record.read(log.read_bytes())
        if self.recovered()["state"] != self.after:
            self.violations.append("the recorded act ended otherwise than before")
        disks = list(record.disks(samples=4, seed=self.name))
        self.outcomes["possible"] = len(disks)
        # What must hold after the answer is asked of every disk, the rest of a sample.
        random.Random(self.name).shuffle(disks)
        disks.sort(key=lambda disk: not disk[1])
        for where, is_over, disk in disks[:most]:
            shutil.rmtree(self.data_dir, ignore_errors=True)
            disk.lay(self.data_dir)
            self.judge(where, answered if is_over else {})

    def steps(self, step: int) -> None:
        """Make the request once for each site that it passes, with that site raising."""
        from proof.crash import django_steps

        def request(target: str | None) -> dict[str, Any]:
            self.lay()
            status, answer = forked(lambda: django_steps.made(self.name, target))
            return answer or {"status": status, "crashed": True}

        sound = request(None)
        after = sound.get("state")
        if sound["status"] >= 300 or sound["is_untouched"]:
            self.violations.append(f"without a fault it already fails: {sound}")
        for site in sound.get("reached", ())[::step]:
            answer = request(site)
            self.points += 1
            if "crashed" in answer:
                self.note(site, ["the request raised through the server"])
                continue
            looked = self.recovered()
            answer["recovered"] = django_steps.without_new_ids(looked["state"])
            answer["recovered_violations"] = looked["violations"]
            self.outcomes[str(answer["status"])] += 1
            self.note(site, django_steps.problems(answer, after))

    def rivals(self, step: int) -> None:
        from proof.crash import rivals

        def act(at: int) -> dict[str, Any]:
            self.lay()
            status, answer = forked(lambda: rivals.acted(self.name, at))
            return answer or {"calls": 0, "violations": [f"it crashed: {status}"], "state": {"segments": {}}}

        self.lay()
        before = self.recovered()["state"]
        sound = act(0)
        for at in rivals.moments(self.name, sound["calls"])[::step]:
            self.points += 1
            found = rivals.problems(self.name, act(at), before, sound["state"])
            self.outcomes["violated" if found else rivals.RIVALS[self.name][2]] += 1
            self.note(f"before call {at}", found)

    def ghost(self, step: int) -> None:
        from proof.crash import ghosts

        ghosts.kill_inside_commits(self, step)

    def ghost_power(self, most: int) -> None:
        from proof.crash import ghosts

        ghosts.cut_power_while_settling(self, most)

    def calls_of_recovery(self, *, killed_at: int = 0) -> int:
        """Recover, and be killed before one of its calls if so asked; how many it made, 0 when it was killed."""

        def act() -> int:
            from media_store.recovery import recover

            self.shim.storyflow_arm(ctypes.c_long(killed_at), ctypes.c_int(0))
            recover()
            return int(self.shim.storyflow_disarm())

        return forked(act)[1] or 0


def _make_story() -> None:
    from django.core.management import call_command
    from django.db import connection

    from media_store.recovery import recover
    from proof.crash.acts import make_story

    call_command("migrate", verbosity=0)
    recover()
    make_story()
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("act")
    parser.add_argument("--fault", choices=FAULTS, default="kill")
    parser.add_argument("--step", type=int, default=1, help="only every n-th point; of power cuts, at most n points")
    parser.add_argument("--mutant", choices=MUTANTS, help="change the store's source like this first")
    parser.add_argument("--one", action="store_true", help="stop at the first violation")
    options = parser.parse_args()
    start(options.mutant)
    from django.conf import settings

    driver = Driver(Path(settings.DATA_DIR), options.act)
    if options.fault in ("steps", "rivals"):
        driver.make_template()
    else:
        driver.prepare()
    driver.is_one_enough = options.one
    with suppress(Found):
        getattr(driver, options.fault.replace("-", "_"))(options.step)
    print(
        json.dumps(
            {
                "act": options.act,
                "fault": options.fault,
                "points": driver.points,
                "outcomes": driver.outcomes,
                "violations": driver.violations,
            }
        )
    )


if __name__ == "__main__":
    main()
