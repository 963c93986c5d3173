"""Power cuts: which disks may be found after one, given the calls that were made.

The model. A call changes either a file's bytes (write, truncate, extend) or a folder's names (create, link, remove,
mkdir, rename). After a power cut the disk has the state before, plus any subset of the changes made since, in their
order. Only an fsync makes a change certain: one of the file for its bytes, one of the folder for its names. An fsync
of a file does not make its name durable, and one of a folder does not sync the names in the folder above it.

A rename between two folders is two changes, a name that comes and one that goes. The disk may keep none of them, both,
or the new name only; the old one going while the new never comes is possible once the folder it left has been synced
and the folder it went to has not. That is harsher than ext4, XFS or APFS, whose journals keep a rename in one piece;
code that syncs the folders in the right order does not depend on it. Within one folder a rename is one change. A
folder never has two names.

An unnamed file (``O_TMPFILE``) has bytes like any other; no path leads to them until a link gives it a name. SQLite's
``-shm`` file is always lost: it is a cache, and SQLite makes it again.

``fault_at_call.c`` records the system calls of the process, so the record has those of SQLite too. A write is kept
whole or lost whole. A disk that reports an fsync which it did not do is out of scope.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEPT, LOST, BOTH_NAMES, NEITHER_NAME = "kept", "lost", "both names", "neither name"


@dataclass
class World:
    """Folders and files by number, as in inodes: names of each folder, bytes of each file."""

    names: dict[int, dict[str, int]] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)

    def copy(self) -> World:
        return World({folder: dict(names) for folder, names in self.names.items()}, dict(self.files))

    def walk(self, folder: int = 0, path: str = "") -> Iterator[tuple[str, int]]:
        """(path, number) of everything that can be reached from the root, folders before what is in them."""
        for name, node in sorted(self.names[folder].items()):
            yield f"{path}{name}", node
            if node in self.names:
                yield from self.walk(node, f"{path}{name}/")

    def fingerprint(self) -> int:
        # Python keeps the hash of bytes with them, so that what did not change is not read again.
        return hash(tuple((path, node, self.files.get(node)) for path, node in self.walk()))

    def lay(self, root: Path) -> None:
        """Write the tree to disk; several names of one file become hard links."""
        first: dict[int, Path] = {}
        root.mkdir(parents=True)
        for path, node in self.walk():
            target = root / path
            if node in self.names:
                target.mkdir()
            elif path.endswith("-shm"):
                continue
            elif node in first:
                os.link(first[node], target)
            else:
                first[node] = target
                target.write_bytes(self.files[node])


@dataclass(frozen=True)
class Step:
    """One change: bytes of ``node``, or the names ``comes`` and ``goes`` as (folder, name)."""

    node: int
    at: int = 0
    data: bytes | None = None
    length: int | None = None
    comes: tuple[int, str] | None = None
    goes: tuple[int, str] | None = None
    is_folder: bool = False

    def apply(self, world: World, outcome: str = KEPT) -> None:
        if self.data is not None or self.length is not None:
            self._change_bytes(world)
            return
        if self.goes and outcome in (KEPT, NEITHER_NAME):
            world.names.get(self.goes[0], {}).pop(self.goes[1], None)
        if self.comes and outcome in (KEPT, BOTH_NAMES):
            world.names[self.comes[0]][self.comes[1]] = self.node

    def _change_bytes(self, world: World) -> None:
        found = world.files[self.node]
        if self.data is None:
            assert self.length is not None
            world.files[self.node] = found[: self.length].ljust(self.length, b"\0")
            return
        end = self.at + len(self.data)
        world.files[self.node] = found[: self.at].ljust(self.at, b"\0") + self.data + found[end:]

    def outcomes(self, synced: set[int]) -> list[str]:
        """Return the possible outcomes of a step after which these files and folders were synced, most likely first."""
        if not self.comes and not self.goes:
            return [KEPT] if self.node in synced else [KEPT, LOST]
        has_come = self.comes is None or self.comes[0] in synced
        has_gone = self.goes is None or self.goes[0] in synced
        if has_come and has_gone:
            return [KEPT]
        if self.comes is None or self.goes is None or self.comes[0] == self.goes[0]:
            return [KEPT, LOST]
        if has_gone:
            return [KEPT, NEITHER_NAME]
        options = [KEPT] if has_come else [KEPT, LOST]
        return options if self.is_folder else [*options, BOTH_NAMES]


class Record:
    """The calls of one process on the tree below ``root``: a base, and steps and syncs in their order."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.base = World({0: {}})
        self.history: list[Step | int] = []
        self._numbers: dict[int, int] = {}
        self._last = 0
        self._folders: dict[str, int] = {".": 0}
        self._numbers[root.stat().st_ino] = 0
        for parent, folders, files in os.walk(root):
            inside = self._folders[Path(parent).relative_to(root).as_posix()]
            for name in (*folders, *files):
                path = Path(parent, name)
                node = self._number(path.lstat().st_ino)
                self.base.names[inside][name] = node
                if name in folders:
                    self.base.names[node] = {}
                    self._folders[path.relative_to(root).as_posix()] = node
                else:
                    self.base.files[node] = path.read_bytes()

    def _number(self, inode: int, *, is_new: bool = False) -> int:
        """Return the number of an inode's present file; the system reuses inodes, but numbers are unique."""
        if is_new or inode not in self._numbers:
            self._last += 1
            self._numbers[inode] = self._last
        return self._numbers[inode]

    def read(self, log: bytes) -> None:
        """Read the record of the library. Raises ``ValueError`` for a call that the model does not know."""
        now, position = self.base.copy(), 0
        while position < len(log):
            end = log.index(b"\n", position)
            call, *words = log[position:end].decode().split("\t")
            position = end + 1
            data = b""
            if call == "write":
                data, position = log[position : position + int(words[2])], position + int(words[2])
            step = self._step(now, call, words, data)
            if isinstance(step, Step):
                step.apply(now)
            if step is not None:
                self.history.append(step)

    def _step(self, now: World, call: str, words: list[str], data: bytes) -> Step | int | None:
        if call == "remove":
            goes = self._entry(now, words[0])
            return goes and Step(now.names[goes[0]][goes[1]], goes=goes)
        if call not in ("write", "truncate", "extend", "sync", "nameless", "create", "link", "mkdir", "rename"):
            raise ValueError(f"the model of power cuts does not know this call: {call} {words}")
        is_new = call in ("nameless", "create", "mkdir")
        comes = self._entry(now, words[-1]) if call in ("create", "link", "mkdir", "rename") else None
        if call in ("create", "link", "mkdir", "rename") and comes is None:
            return None  # elsewhere than in the tree
        if not is_new and int(words[0]) not in self._numbers:
            return None
        node = self._number(int(words[0]), is_new=is_new)
        if call in ("nameless", "create", "mkdir"):
            for world in (self.base, now):
                (world.names if call == "mkdir" else world.files)[node] = {} if call == "mkdir" else b""  # type: ignore[index,assignment]
        if call == "write":
            return Step(node, at=int(words[1]), data=data)
        if call in ("truncate", "extend"):
            length = int(words[1])
            return Step(node, length=length if call == "truncate" else max(length, len(now.files[node])))
        if call == "sync":
            return node
        if call == "nameless":
            return None
        goes = self._entry(now, words[1]) if call == "rename" else None
        return Step(node, comes=comes, goes=goes, is_folder=node in now.names)

    def _entry(self, now: World, path: str) -> tuple[int, str] | None:
        """(folder, name) of a path in the tree as it is now, or None for one elsewhere."""
        if not path.startswith("/"):
            raise ValueError(f"the model of power cuts needs whole paths: {path}")
        if not Path(path).is_relative_to(self.root):
            return None
        folder = 0
        *above, name = Path(path).relative_to(self.root).parts
        for part in above:
            folder = now.names[folder][part]
        return folder, name

    def disks(self, *, samples: int, seed: str, first: int = 0) -> Iterator[tuple[str, bool, World]]:
        """Yield (what was lost, whether all calls had been made, disk), each different disk once.

        At every point: nothing lost, all lost that may be, each one alone lost, each one alone kept, and ``samples``
        random mixtures. ``first`` leaves out the cuts that come before so many calls.
        """
        chance = random.Random(seed)
        seen: set[tuple[int, bool]] = set()
        for point in range(first, len(self.history) + 1):
            steps, choices = self._choices(point)
            for words, mixture in _mixtures(choices, samples, chance):
                world = self.base.copy()
                for step, outcome in zip(steps, mixture, strict=True):
                    if outcome != LOST:
                        step.apply(world, outcome)
                key = world.fingerprint(), point == len(self.history)
                if key not in seen:
                    seen.add(key)
                    yield f"power cut after call {point}, {words}", key[1], world

    def _choices(self, point: int) -> tuple[list[Step], list[list[str]]]:
        """Return the steps before ``point`` with the possible outcomes of each."""
        steps: list[Step] = []
        choices: list[list[str]] = []
        synced: set[int] = set()
        for made in reversed(self.history[:point]):
            if isinstance(made, Step):
                steps.append(made)
                choices.append(made.outcomes(synced))
            else:
                synced.add(made)
        return steps[::-1], choices[::-1]


def _mixtures(choices: list[list[str]], samples: int, chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    kept, lost = [options[0] for options in choices], [options[min(1, len(options) - 1)] for options in choices]
    open_ones = [number for number, options in enumerate(choices) if len(options) > 1]
    yield "nothing lost", kept
    yield "all lost", lost
    for number in open_ones:
        for outcome in choices[number][1:]:
            yield f"step {number} {outcome}", [*kept[:number], outcome, *kept[number + 1 :]]
        yield f"only step {number} kept", [*lost[:number], KEPT, *lost[number + 1 :]]
    for sample in range(samples if len(open_ones) > 2 else 0):
        yield f"mixture {sample}", [chance.choice(options) for options in choices]
