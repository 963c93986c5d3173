"""Run as a process with the kill shim preloaded: every act, killed before each of its calls, recovered, looked at.

Prints one JSON object a line for every act: how many points, and what was violated.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

KILLED, FINISHED, RAISED = "killed", "finished", "raised"


def forked(act: Callable[[], Any]) -> tuple[int, Any]:
    """Run ``act`` in a child; returns its wait status and what it returned, if it got so far."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            result = json.dumps(act()).encode()
            view = memoryview(result)
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
    """``data_dir`` is the settings' data folder; it is laid anew from ``template`` before every point."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.template = data_dir.with_name("template")
        self.shim = ctypes.CDLL(None)

    def lay(self) -> None:
        shutil.rmtree(self.data_dir, ignore_errors=True)
        shutil.copytree(self.template, self.data_dir)

    def make_template(self) -> None:
        def make() -> None:
            from django.core.management import call_command
            from django.db import connection

            from media_store.recovery import recover
            from media_store.tests.crash.acts import make_story

            call_command("migrate", verbosity=0)
            recover()
            make_story()
            connection.close()

        status, _ = forked(make)
        assert status == 0
        shutil.copytree(self.data_dir, self.template)

    def run(self, name: str, *, kill_at: int) -> bool:
        """Whether the act was acknowledged before the kill; 0 kills never."""

        def act() -> bool:
            from media_store.tests.crash.acts import ACTS

            self.shim.storyflow_arm(ctypes.c_long(kill_at))
            ACTS[name]()
            self.calls = self.shim.storyflow_disarm()
            return self.calls

        status, calls = forked(act)
        self.calls = calls or 0
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
            raise RuntimeError(f"{name} failed without being killed")
        return calls is not None

    def recovered(self) -> dict[str, Any]:
        def look() -> dict[str, Any]:
            from media_store.recovery import recover
            from media_store.tests.crash.acts import state, violations

            recover()
            first = {"state": state(), "violations": violations()}
            recover()
            if {"state": state(), "violations": violations()} != first:
                first["violations"].append("the second recovery changed something")
            return first

        status, found = forked(look)
        return found or {"state": None, "violations": [f"recovery itself failed (status {status})"]}

    def check(self, name: str) -> dict[str, Any]:
        self.lay()
        before = self.recovered()["state"]
        self.lay()
        self.run(name, kill_at=0)
        calls, after = self.calls, self.recovered()["state"]
        found: list[str] = [] if calls > 5 else [f"only {calls} calls were counted; is the shim loaded?"]
        if before == after:
            found.append("the act changed nothing")
        outcomes = {"before": 0, "after": 0}
        for point in range(1, calls + 1):
            self.lay()
            is_acknowledged = self.run(name, kill_at=point)
            result = self.recovered()
            found += [f"call {point}: {violation}" for violation in result["violations"]]
            if result["state"] == after:
                outcomes["after"] += 1
            elif result["state"] == before and not is_acknowledged:
                outcomes["before"] += 1
            else:
                found.append(f"call {point}: neither before nor after: {result['state']}")
        return {"act": name, "points": calls, "outcomes": outcomes, "violations": found}


def main() -> None:
    names = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "storyflow.settings"
    import django

    django.setup()
    from django.conf import settings

    from media_store.tests.crash.acts import ACTS

    driver = Driver(Path(settings.DATA_DIR))
    driver.make_template()
    for name in names or ACTS:
        print(json.dumps(driver.check(name)), flush=True)


if __name__ == "__main__":
    main()
