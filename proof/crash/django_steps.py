"""An exception at every step inside Django, for every request of both APIs that changes something.

A *site* is a point that can raise once: before or after a statement, at the begin, before or after the commit takes
effect, in a commit callback or a signal, in each function of ``media_store.disk``, in the reading of the upload, in
the rendering of the response. Each request runs once to record the sites that it passes. Then it runs once for each
of these sites, on a fresh data folder and in its own process. After each run:

* the response is a success and the state is the one after the request, or it is a 5xx with a sentence and the state is
  the one before or after the request;
* the state before means every row and every file, at once and without recovery;
* a response that says that nothing was changed is true;
* recovery leads to the state after; all that is left for it are second names and the bytes of decided purges.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from proof.crash.trees import listing, rows

TABLES = ("api_project", "api_segment", "items_item", "media_op", "media_trash", "media_trash_file", "media_audit")
SIGNALS = ("pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete")
DISK = ("make_folder", "write_new", "link", "rename", "unlink", "sync_folder", "free_bytes", "size_of", "remove_tree")
WORD = "injected"
NEVER = ("row without file", "file without row", "trash row without bytes")


class Probe:
    """A recorder of the sites that a request passes; it raises once at the site that it was given."""

    def __init__(self, target: str | None) -> None:
        self.target = target
        self.reached: list[str] = []
        self.has_committed = False

    def at(self, site: str, error: Callable[[], BaseException]) -> None:
        if site not in self.reached:
            self.reached.append(site)
            if site == self.target:
                raise error()

    def around(self, owner: Any, name: str, error: Callable[[], BaseException], words: str = "") -> None:
        """Make a function raise before it did anything, or after it did all."""
        real, words = getattr(owner, name), words or name

        def wrapped(*arguments: Any, **options: Any) -> Any:
            self.at(f"{words} before", error)
            answer = real(*arguments, **options)
            self.at(f"{words} after", error)
            return answer

        setattr(owner, name, wrapped)


def _io_error() -> OSError:
    return OSError(errno.EIO, WORD)


def _no_room() -> OSError:
    return OSError(errno.ENOSPC, WORD)


def _bug() -> RuntimeError:
    return RuntimeError(WORD)


def install(probe: Probe) -> None:
    """Install the probe in this process, permanently."""
    from rest_framework.renderers import JSONRenderer
    from rest_framework.serializers import Serializer

    from media_store import disk, locks, operations, restoring, thumbnail_cache, trash, uploads

    _install_database(probe)
    _install_signals(probe)
    for name in DISK:
        probe.around(disk, name, _no_room if name in ("write_new", "make_folder") else _io_error)
    probe.around(locks, "shared", _io_error, "lock")
    probe.around(uploads, "open_unnamed_temp", _no_room)
    probe.around(uploads._Receiver, "take", _no_room, "receive")
    probe.around(uploads._Receiver, "finish", _bug, "received")
    probe.around(operations, "undo_dead_operations", _io_error)
    probe.around(operations, "owners_of", _bug)
    probe.around(trash, "add_entry", _bug)
    probe.around(trash, "known_sha256", _bug)
    probe.around(trash, "mark_restored", _bug)
    probe.around(trash, "finish_purges", _io_error)
    probe.around(thumbnail_cache, "forget", _io_error)
    probe.around(restoring, "undo_unfinished_restores", _io_error)
    probe.around(JSONRenderer, "render", _bug, "rendering")
    probe.around(Serializer, "to_representation", _bug, "serializing")


def _install_database(probe: Probe) -> None:
    from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.sqlite3.base import DatabaseWrapper

    def locked() -> OperationalError:
        return OperationalError(WORD)

    real_commit = BaseDatabaseWrapper._commit

    def commit(self: Any) -> Any:
        probe.at("commit before", locked)
        answer = real_commit(self)
        probe.at("commit after", locked)
        probe.has_committed = True
        return answer

    def callback() -> None:
        probe.at("on_commit", _bug)

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb, table = sql.split(maxsplit=1)[0], next((name for name in TABLES if f'"{name}"' in sql), None)
        if table is None:
            return execute(sql, params, many, context)
        when = " once committed" if probe.has_committed else ""
        if verb != "SELECT" and connection.in_atomic_block and "on_commit" not in probe.reached:
            transaction.on_commit(callback)
        probe.at(f"{verb} {table}{when} before", locked)
        answer = execute(sql, params, many, context)
        if verb != "SELECT":
            probe.at(f"{verb} {table}{when} after", lambda: IntegrityError(WORD))
        return answer

    BaseDatabaseWrapper._commit = commit  # type: ignore[method-assign]
    probe.around(DatabaseWrapper, "_start_transaction_under_autocommit", lambda: DatabaseError(WORD), "begin")
    connection.execute_wrappers.append(statement)


def _install_signals(probe: Probe) -> None:
    from django.db.models import signals

    def receiver(name: str) -> Callable[..., None]:
        def receive(**_: Any) -> None:
            probe.at(name + (" once committed" if probe.has_committed else ""), _bug)

        return receive

    for name in SIGNALS:
        getattr(signals, name).connect(receiver(name), weak=False)


def fingerprint() -> str:
    """Return every row and every file, except the records of the outcome of commits and of the last writer."""
    from media_store.layout import current_layout

    layout = current_layout()
    found = rows()
    notes = found["media_store.AuditEntry"]
    found["media_store.AuditEntry"] = {pk: row for pk, row in notes.items() if "operation" not in row}
    del found["media_store.Settlement"]
    writer = str(layout.writer_file)
    files = [sorted(item for item in listing(root).items() if item[0] != writer) for root in layout.areas.values()]
    return hashlib.sha256(repr((found, files)).encode()).hexdigest()


def made(name: str, target: str | None) -> dict[str, Any]:
    """Make a request with one site that raises. Returns the result and the state."""
    from proof.crash.acts import state, violations
    from proof.crash.api_client import REQUESTS, ApiClient, sentence_of

    probe = Probe(target)
    before = fingerprint()
    response = REQUESTS[name](ApiClient(when_sending=partial(install, probe)))
    reached, probe.target = list(probe.reached), None
    return {
        "status": response.status_code,
        "sentence": sentence_of(response),
        "reached": reached,
        "is_untouched": fingerprint() == before,
        "state": without_new_ids(state()),
        "violations": violations(),
    }


def without_new_ids(state: dict[str, Any]) -> dict[str, Any]:
    """Replace the id of a new item, which differs from run to run."""
    return {**state, "items": sorted(map(json.dumps, state["items"].values()))}


def problems(answer: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the violations in the outcome of a request in which a site raised."""
    found, is_before = [], answer["is_untouched"]
    if answer["status"] < 400:
        if is_before:
            found.append("it said that it was done, and nothing was")
    elif answer["status"] < 500:
        found.append(f"it blamed the client with a {answer['status']}")
    elif not answer["sentence"] or WORD in answer["sentence"]:
        found.append(f"it said {answer['sentence']!r}")
    elif "othing was changed" in answer["sentence"] and not is_before:
        found.append("it said that nothing was changed")
    if not is_before and answer["recovered"] != after:
        found.append(f"half done: {answer['recovered']}")
    at_once = [violation for violation in answer["violations"] if is_before or violation.startswith(NEVER)]
    return [*found, *at_once, *answer["recovered_violations"]]
