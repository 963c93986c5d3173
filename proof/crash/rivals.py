"""Another process that works in the middle of an act: a recovery, a command, or a person who adds a file.

The rival runs before each call of ``media_store.disk``, in its own process, like a command beside the server.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

BY_HAND = b"put there by hand"
SEAM = ("make_folder", "write_new", "link", "rename", "unlink")


def recovering() -> None:
    """Try to recover; the store lock must exclude it until the operation ends."""
    from media_store.recovery import recover

    try:
        recover(wait=False)
    except BlockingIOError:
        return


def locking() -> None:
    """Lock the segment before the operation has the write lock; the operation has to notice it."""
    from api.models import Segment

    Segment.objects.update(is_locked=True)


def dropping_a_file() -> None:
    """Put a file at the picture's future place; it must still be there at the end."""
    from media_store.layout import current_layout

    path = current_layout().live("media/projects/1/images/2_b.jpg")
    if not path.exists():
        path.write_bytes(BY_HAND)


RIVALS: dict[str, tuple[str, Callable[[], None], str]] = {
    # name: (act, what the rival does, what becomes of the act)
    "recovery during an upload": ("upload", recovering, "after"),
    "recovery during a replacement": ("replace by the same name", recovering, "after"),
    "recovery during a removal": ("remove", recovering, "after"),
    "recovery during a project's removal": ("delete project", recovering, "after"),
    "recovery during a restore": ("restore segment", recovering, "after"),
    "a lock during an upload": ("upload", locking, "refused"),
    "a lock during a replacement": ("replace", locking, "refused"),
    "a file put there by hand": ("upload", dropping_a_file, "beside"),
}


class Beside:
    """A process that was forked before any connection was opened, and that acts on a signal of the test."""

    def __init__(self, act: Callable[[], None]) -> None:
        (waits, self.go), (self.done, says) = os.pipe(), os.pipe()
        if os.fork() == 0:
            try:
                os.read(waits, 1)
                from django.db import connection

                # A rival that wrongly gets this far must not wait for the write lock that the operation holds.
                connection.settings_dict["OPTIONS"]["timeout"] = 0.2
                act()
            finally:
                os.write(says, b".")
                os._exit(0)

    def acts(self) -> None:
        os.write(self.go, b".")
        os.read(self.done, 1)
        os.wait()


def acted(name: str, at: int) -> dict[str, Any]:
    """Run the act with the rival before its ``at``-th call of ``media_store.disk``; 0 means no rival."""
    from media_store import disk
    from proof.crash.acts import ACTS, state, violations

    act, rival, _ = RIVALS[name]
    beside = Beside(rival) if at else None
    calls = 0

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at and beside:
                beside.acts()
            return real(*arguments)

        return call

    for function in SEAM:
        setattr(disk, function, watched(getattr(disk, function)))
    raised = None
    try:
        ACTS[act]()
    except Exception as exc:
        raised = type(exc).__name__
    by_hand = [path for path, content in _files().items() if content == BY_HAND]
    found = [violation for violation in violations() if not (by_hand and violation.startswith("file without row"))]
    return {"calls": calls, "raised": raised, "state": state(), "by_hand": len(by_hand), "violations": found}


def _files() -> dict[str, bytes]:
    from media_store.layout import current_layout
    from proof.crash.trees import listing

    return listing(current_layout().private.parent)


def moments(name: str, calls: int) -> range:
    """Return the calls before which the rival runs; one that writes rows can do so only during the staging."""
    return range(1, 1 + (calls if RIVALS[name][1] is recovering else 2))


def problems(name: str, answer: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    end = RIVALS[name][2]
    found = list(answer["violations"])
    if end == "refused":
        if answer["raised"] != "RecordLocked":
            found.append(f"it did not see the lock: {answer['raised'] or 'done'}")
        after = before
    elif answer["raised"]:
        found.append(f"it raised {answer['raised']}")
    if _without_locks_and_names(answer["state"]) != _without_locks_and_names(after):
        found.append(f"this is how it is: {answer['state']}")
    if end == "beside" and not answer["by_hand"]:
        found.append("the file that was put there by hand is gone")
    return found


def _without_locks_and_names(state: dict[str, Any]) -> dict[str, Any]:
    segments = {pk: [*row[:3], *row[5:]] for pk, row in state["segments"].items()}
    return {**state, "segments": segments}
