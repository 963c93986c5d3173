"""Mutants of the protocol, with one step left out or in the wrong order; the proof must catch each of them.

A control is a mutant without durability. If the simulated power cuts do not catch it, their model is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from proof.crash.mutation import Change

DISK, OPERATIONS = "media_store.disk", "media_store.operations"
DEAD, RECOVERY, FINALITY = "media_store.dead_operations", "media_store.recovery", "media_store.finality"


@dataclass(frozen=True)
class Check:
    """A part of the proof, as torture.py runs it: an act and the fault injected into it."""

    fault: str
    act: str
    step: int = 1

    def __str__(self) -> str:
        return f"{self.fault}: {self.act}"


@dataclass(frozen=True)
class Mutant:
    """Changes to the source, and the checks that may catch them, in the order in which they are tried."""

    changes: tuple[Change, ...]
    checks: tuple[Check, ...]


def power(act: str, most: int = 150) -> Check:
    return Check("power", act, most)


SAME_NAME = "replace by the same name"
_SYNC = "        os.fsync(descriptor)\n    finally:\n        os.close(descriptor)"
_RENAME = """    os.rename(source, target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)
"""

CONTROLS = {
    "synchronous=NORMAL": Mutant(
        (Change("storyflow.settings", "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"),),
        (power("purge image"), power(SAME_NAME)),
    ),
    "no fsync of a folder": Mutant(
        (Change(DISK, _SYNC, _SYNC.replace("os.fsync(descriptor)", "pass")),),
        (power(SAME_NAME), power("remove")),
    ),
    "no fsync of a file": Mutant(
        (
            Change(DISK, "    else:\n        os.fsync(descriptor)\n", ""),
            Change(DISK, "        os.fsync(file.fileno())\n", ""),
        ),
        (power("upload"), power(SAME_NAME)),
    ),
}

MUTANTS = CONTROLS | {
    "rename does not sync where it goes": Mutant(
        (Change(DISK, _RENAME, _RENAME.replace("    sync_folder(target.parent)\n", "")),), (power("remove"),)
    ),
    "rename does not sync where it comes from": Mutant(
        (Change(DISK, _RENAME, "    os.rename(source, target)\n    sync_folder(target.parent)\n"),), (power("remove"),)
    ),
    "rename syncs in the wrong order": Mutant(
        (
            Change(
                DISK,
                _RENAME,
                "    os.rename(source, target)\n    sync_folder(source.parent)\n    sync_folder(target.parent)\n",
            ),
        ),
        (power("remove", 2000),),
    ),
    "link is not synced": Mutant(
        (Change(DISK, "follow_symlinks=False)\n    sync_folder(target.parent)\n", "follow_symlinks=False)\n"),),
        (power("upload"), power(SAME_NAME)),
    ),
    "the staged name is not synced": Mutant(
        (
            Change(
                DISK, "        os.fsync(descriptor)\n    sync_folder(target.parent)\n", "        os.fsync(descriptor)\n"
            ),
        ),
        (power(SAME_NAME, 900), power("replace", 900)),
    ),
    "a new folder is not synced": Mutant(
        (Change(DISK, "        return\n    sync_folder(folder.parent)\n", "        return\n"),),
        (power(SAME_NAME, 900), power("restore project", 900)),
    ),
    "a purge is neither synced nor settled": Mutant(
        (
            Change("media_store.trash", "        disk.sync_folder(layout.trash)\n", ""),
            Change(RECOVERY, "                trash.remove_bytes(layout, file)\n", "                pass\n"),
        ),
        (power("purge image"),),
    ),
    "the new file comes before the old one goes": Mutant(
        (
            Change(
                "api.services.segment_images",
                '            _discard_picture(operation, segment, reason="replaced")\n'
                "            placed = operation.place_staged(place)\n",
                "            placed = operation.place_staged(place)\n"
                '            _discard_picture(operation, segment, reason="replaced")\n',
            ),
        ),
        (Check("steps", SAME_NAME), Check("kill", SAME_NAME), Check("errno", SAME_NAME, 3)),
    ),
    "the commit comes before the rename": Mutant(
        (
            Change(
                OPERATIONS,
                "            disk.rename(live, trashed)\n",
                "            self.on_commit(partial(disk.rename, live, trashed))\n",
            ),
        ),
        (Check("steps", "remove"),),
    ),
    "the rename is outside the transaction": Mutant(
        (
            Change(
                "api.services.segment_images",
                '        _discard_picture(operation, segment, reason="removed")\n        _set_picture(segment, None)\n',
                "        _set_picture(segment, None)\n"
                '    with Operation("remove", by=by) as operation, operation.transaction():\n'
                '        _discard_picture(operation, segment, reason="removed")\n',
            ),
        ),
        (Check("kill", "remove"),),
    ),
    "a restore unlinks before it commits": Mutant(
        (
            Change(
                OPERATIONS, "        self.on_commit(partial(disk.unlink, trashed))\n", "        disk.unlink(trashed)\n"
            ),
        ),
        (Check("steps", "restore image"), Check("kill", "restore image")),
    ),
    "a removal unlinks": Mutant(
        (Change(OPERATIONS, "            disk.rename(live, trashed)\n", "            disk.unlink(live)\n"),),
        (Check("kill", "remove"),),
    ),
    "a purge is done before it is decided": Mutant(
        (
            Change(
                "media_store.purging",
                "        operation.on_commit(lambda: trash.finish_purges(operation.layout, only=entry_id))\n",
                "        trash.finish_purges(operation.layout, only=entry_id)\n",
            ),
        ),
        (Check("kill", "purge image"),),
    ),
    "nothing is taken back": Mutant(
        (Change(OPERATIONS, "        while self._undo:\n", "        while False:\n"),), (Check("steps", "remove"),)
    ),
    "a place is taken over": Mutant(
        (
            Change(
                DISK,
                "    os.link(source, target, follow_symlinks=False)\n",
                "    target.unlink(missing_ok=True)\n    os.link(source, target, follow_symlinks=False)\n",
            ),
        ),
        (Check("rivals", "a file put there by hand"),),
    ),
    "the row is not read again under the lock": Mutant(
        (Change("api.services.segment_images", '    if segment["is_locked"]:\n        raise RecordLocked\n', ""),),
        (Check("rivals", "a lock during an upload"),),
    ),
    "clearing up may fail the request": Mutant(
        (
            Change(
                OPERATIONS,
                "                except (OSError, DatabaseError):\n",
                "                except ZeroDivisionError:\n",
            ),
        ),
        (Check("errno", "replace"),),
    ),
    "a commit that failed is believed to have failed": Mutant(
        (
            Change(
                OPERATIONS,
                "            if not is_body_done or not self._took_effect(exc):\n",
                "            self._roll_back()\n            if True:\n",
            ),
        ),
        (Check("steps", "remove"),),
    ),
    "a commit that failed is believed to have worked": Mutant(
        (
            Change(
                OPERATIONS,
                "            if not is_body_done or not self._took_effect(exc):\n",
                "            if not is_body_done:\n",
            ),
        ),
        (Check("steps", "remove"),),
    ),
    "a no is not made final": Mutant(
        (
            Change(OPERATIONS, "                make_final()\n", "                pass\n"),
            Change(
                OPERATIONS,
                '                        self.audit("operation", self.id, "", note="taken back: its commit failed")\n',
                "                        pass\n",
            ),
        ),
        (Check("errno", "upload"),),
    ),
    "a no is made final after it was acted upon": Mutant(
        (Change(OPERATIONS, "                make_final()\n", "                pass\n"),),
        (Check("ghost", "restore project"),),
    ),
    "recovery asks before the answer is final": Mutant(
        (Change(FINALITY, "    make_final()\n    yield\n", "    yield\n"),), (Check("ghost", "remove"),)
    ),
    "recovery makes the answer final at its end": Mutant(
        (Change(FINALITY, "    make_final()\n    yield\n", "    yield\n    make_final()\n"),),
        (Check("ghost-power", "replace", 100),),
    ),
    "an operation asks before the answer is final": Mutant(
        (
            Change(
                FINALITY,
                "            if last in (_NO_WRITER, settled) or is_committed(last):\n",
                "            if True:\n",
            ),
        ),
        (Check("ghost", "replace"),),
    ),
    "an operation leaves no note that it writes": Mutant(
        (Change(FINALITY, "                _overwrite(layout, op_id, at=0)\n", ""),), (Check("ghost", "replace"),)
    ),
    "recovery does not undo": Mutant(
        (Change(RECOVERY, "        _undo_dead(layout, report)\n", ""),), (Check("kill", "remove"),)
    ),
    "recovery does not finish": Mutant(
        (Change(RECOVERY, "        _finish_committed(layout, report)\n", ""),), (Check("kill", "upload"),)
    ),
    "recovery does not finish purges": Mutant(
        (Change(RECOVERY, "        _finish_purges(layout, report)\n", ""),), (Check("kill", "purge project"),)
    ),
    "recovery does not take back restores": Mutant(
        (
            Change(
                RECOVERY,
                "        _check_trash_names(layout, report)\n        _undo_restores(layout, report)\n",
                "        _check_trash_names(layout, report)\n",
            ),
            Change(
                RECOVERY,
                "        _undo_restores(layout, report)\n        _undo_dead(layout, report)\n",
                "        _undo_dead(layout, report)\n",
            ),
        ),
        (Check("kill", "restore project"),),
    ),
    "recovery works without the lock": Mutant(
        (
            Change(
                RECOVERY,
                "    with locks.exclusive(layout, wait=wait):\n",
                "    with contextmanager(lambda: iter([None]))():\n",
            ),
        ),
        (Check("rivals", "recovery during an upload"),),
    ),
    "recovery does not ask whose store it is": Mutant(
        (Change(RECOVERY, "        verify_identity(layout)\n", ""),),
        (Check("trees", "200"),),
    ),
    "only the same inode is an operation's own": Mutant(
        (
            Change(
                DEAD,
                "    return live.samefile(other) or filecmp.cmp(live, other, shallow=False)\n",
                "    return live.samefile(other)\n",
            ),
        ),
        (Check("double", SAME_NAME, 7), Check("double", "upload", 3)),
    ),
    "an undo takes what a row owns": Mutant(
        (
            Change(
                DEAD, "    return exists(layout.trashed(op_id, place)) or owners_of(place) == 0\n", "    return True\n"
            ),
        ),
        (Check("trees", "300"), Check("trees", "1000")),
    ),
    "the survey unlinks": Mutant(
        (
            Change(
                RECOVERY,
                "            disk.rename(layout.live(place), layout.trashed(op_id, place))\n            adopt(",
                "            disk.unlink(layout.live(place))\n            adopt(",
            ),
        ),
        (Check("trees", "100"),),
    ),
    "a purge's walk swallows errors": Mutant(
        (
            Change(
                "media_store.trash",
                "            disk.remove_tree(path)\n",
                '            __import__("shutil").rmtree(path, ignore_errors=True)\n',
            ),
        ),
        (Check("errno", "purge project"),),
    ),
    "the last copy is dropped": Mutant(
        (
            Change(
                RECOVERY, "                elif _is_last_copy(layout, op_id, place):\n", "                elif False:\n"
            ),
        ),
        (Check("trees", "100"),),
    ),
    "recovery follows links": Mutant(
        (Change(DEAD, "    if link is not None:\n", "    if False:\n"),),
        (Check("trees", "300"), Check("trees", "1000")),
    ),
}
