"""Random hostile data folders: rows and files that match or do not match, and files of other programs."""

from __future__ import annotations

import os
import random
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from proof.crash.foreign import FOREIGN_NAMES, NEARLY_OURS, ODD_NAMES, special_file


class Tree:
    """A random data folder with its rows; ``may_go`` are the bytes that recovery may remove."""

    def __init__(self, root: Path, outside: Path, chance: random.Random) -> None:
        from media_store.layout import Layout

        self.root, self.outside, self.chance = root, outside, chance
        media = root / "media"
        self.layout = Layout(areas={"media": media, "uploads": root / "uploads"}, private=media / ".sf")
        self.may_go: set[bytes] = set()
        self.places: list[str] = []
        self._count = 0

    def content(self) -> bytes:
        self._count += 1
        return f"byte {self._count}".encode()

    def a_place(self) -> str:
        number = self.chance.randint(1, 3)
        return self.chance.choice(
            [
                f"media/projects/{number}/images/{uuid.uuid4().hex[:6]}.jpg",
                f"uploads/items/item-{uuid.uuid4().hex[:6]}.png",
                f"media/{self.chance.choice(ODD_NAMES)}",
                f"media/projects/{number}/{self.chance.choice(ODD_NAMES)}",
            ]
        )

    def put(self, path: Path, content: bytes | None = None) -> bytes:
        """Write a file, unless something else is in the way. Returns the content."""
        content = self.content() if content is None else content
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(path):
                path.write_bytes(content)
        except OSError:
            pass
        return content

    def a_row(self, place: str) -> None:
        from api.models import Segment
        from items.models import Item

        area, _, name = place.partition("/")
        if any("\ud800" <= char <= "\udfff" for char in name) or len(name) > 100:
            return
        if area == "media":
            Segment.objects.create(project_id=1, sequence_index=self._count, text_content="Text", image_file=name)
        else:
            Item.objects.create(name="Thing", category="Things", image_file=name)
        self.places.append(place)

    def an_operation(self, *, is_committed: bool) -> str:
        from media_store.models import MediaOperation

        op_id = f"{self.chance.getrandbits(128):032x}"
        if is_committed:
            MediaOperation.objects.create(op_id=op_id, act="test")
        return op_id

    def some_place(self) -> str:
        """Of a row, or nobody's."""
        return self.chance.choice(self.places) if self.places and self.chance.random() < 0.7 else self.a_place()


def rows_with_files(tree: Tree) -> None:
    for _ in range(tree.chance.randint(1, 8)):
        place = tree.a_place()
        tree.a_row(place)
        if tree.chance.random() < 0.8:
            tree.put(tree.layout.live(place))


def files_without_rows(tree: Tree) -> None:
    for _ in range(tree.chance.choice([1, 3, 25])):
        tree.put(tree.layout.live(tree.a_place()))


def rows_without_files(tree: Tree) -> None:
    for _ in range(tree.chance.choice([1, 25])):
        tree.a_row(tree.a_place())


def foreign_files(tree: Tree) -> None:
    private = tree.layout.private
    for folder in (tree.root / "media", tree.root / "media/projects/1", private, private / "in", private / "trash"):
        tree.put(folder / tree.chance.choice(FOREIGN_NAMES))


def symbolic_links(tree: Tree) -> None:
    targets = [tree.outside, tree.outside / "theirs.jpg", tree.root / "nowhere", tree.root / "media", Path("..")]
    for _ in range(3):
        where = tree.chance.choice(
            [
                tree.layout.live(tree.some_place()),
                tree.root / "media/projects" / str(tree.chance.randint(1, 4)),
                tree.layout.trashed(tree.an_operation(is_committed=tree.chance.random() < 0.5), tree.some_place()),
                tree.layout.staged(tree.an_operation(is_committed=tree.chance.random() < 0.5), tree.some_place()),
                tree.layout.incoming / tree.an_operation(is_committed=False),
            ]
        )
        _make(where, lambda path: path.symlink_to(tree.chance.choice(targets)))


def folders_where_files_should_be(tree: Tree) -> None:
    place = tree.a_place()
    tree.a_row(place)
    tree.put(tree.layout.live(place) / "inside.jpg")
    op_id = tree.an_operation(is_committed=tree.chance.random() < 0.5)
    tree.put(tree.layout.staged(op_id, tree.some_place()) / "inside.jpg")


def other_cases(tree: Tree) -> None:
    for place in tree.places[:3]:
        tree.put(tree.root / place.swapcase())
        tree.put(tree.root / place.upper())
    tree.put(tree.root / "media/.SF/trash/x.jpg")


def special_files(tree: Tree) -> None:
    op_id = tree.an_operation(is_committed=tree.chance.random() < 0.5)
    place = tree.some_place()
    for where in (
        tree.layout.live(place),
        tree.layout.live(tree.a_place()),
        tree.layout.staged(op_id, place),
        tree.layout.trashed(op_id, tree.some_place()),
    ):
        _make(where, lambda path: special_file(path, tree.chance))


def odd_modes(tree: Tree) -> None:
    for path in list(tree.root.rglob("*"))[:20]:
        if not path.is_symlink() and tree.chance.random() < 0.3:
            path.chmod(tree.chance.choice([0, 0o111, 0o444, 0o555, 0o777, 0o7777]))


def names_nearly_ours(tree: Tree) -> None:
    for name in tree.chance.sample(NEARLY_OURS, 4):
        tree.put(tree.layout.trash / name)
        tree.put(tree.layout.incoming / name)
        # With exactly one of our names, an operation that never happened.
        tree.may_go.add(tree.put(tree.layout.incoming / name.partition("~")[0] / "media%2Fx.jpg"))
    # A file where an operation's folder should be, and names in its folder that are nobody's place.
    tree.put(tree.layout.incoming / tree.an_operation(is_committed=False))
    op_id = tree.an_operation(is_committed=tree.chance.random() < 0.5)
    for name in ("notes.txt", "..%2F..%2Fx.jpg", "other%2Fx.jpg", "media%2F..%2Fx.jpg"):
        tree.put(tree.layout.incoming / op_id / name)


def left_by_operations(tree: Tree) -> None:
    """Add any mixture of staged, live and trashed files, linked or copied, of operations with and without a row."""
    for _ in range(3):
        is_committed = tree.chance.random() < 0.5
        op_id, place = tree.an_operation(is_committed=is_committed), tree.some_place()
        staged, live, trashed = (
            tree.layout.staged(op_id, place),
            tree.layout.live(place),
            tree.layout.trashed(op_id, place),
        )
        if tree.chance.random() < 0.7:
            content = tree.put(staged)
            if not is_committed:
                tree.may_go.add(content)
            match tree.chance.choice(["absent", "linked", "copied", "other"]):
                case "linked":
                    _make(live, lambda path, staged=staged: os.link(staged, path))
                case "copied":
                    tree.put(live, content)
                case "other":
                    tree.put(live)
        if tree.chance.random() < 0.5:
            tree.put(trashed / "inside.jpg" if tree.chance.random() < 0.2 else trashed)


def trash_entries(tree: Tree) -> None:
    """Add trash entries in every state; their bytes exist, are missing, are copied to their place, or are a folder."""
    from media_store.models import TrashEntry, TrashFile
    from media_store.trash import TrashRecord, add_entry

    for state in tree.chance.sample([str(state) for state in TrashEntry.State.values], 3):
        op_id, place = tree.an_operation(is_committed=True), tree.some_place()
        if any("\ud800" <= char <= "\udfff" for char in place):
            continue
        is_folder = tree.chance.random() < 0.2
        file = TrashFile(op_id=op_id, place=place, role="image_file", is_folder=is_folder)
        what = TrashRecord(kind="image", record="1", group="projects/1", title="A picture", reason="removed")
        entry = add_entry(what, [file], op_id=op_id, act="remove", by="test")
        TrashEntry.objects.filter(pk=entry.pk).update(state=state)
        trashed, live = tree.layout.trashed(op_id, place), tree.layout.live(place)
        content = b""
        if tree.chance.random() < 0.8:
            content = tree.put(trashed / "inside.jpg" if tree.chance.random() < 0.2 else trashed)
            if state in ("purging", "purged"):
                tree.may_go.add(content)
        match tree.chance.choice(["absent", "linked", "copied", "other"]):
            case "linked":
                _make(live, lambda path, trashed=trashed: os.link(trashed, path))
            case "copied":
                tree.put(live, content or None)
            case "other":
                tree.put(live)


def deep_and_long(tree: Tree) -> None:
    tree.put(tree.root.joinpath("media", *["deep"] * 40, "x.jpg"))
    tree.put(tree.root / "media" / ("n" * 251 + ".jpg"))
    tree.put(tree.root / "media" / ("%" * 120 + ".jpg"))


GROWTH: list[Callable[[Tree], None]] = [
    rows_with_files,
    files_without_rows,
    rows_without_files,
    foreign_files,
    symbolic_links,
    folders_where_files_should_be,
    other_cases,
    special_files,
    odd_modes,
    names_nearly_ours,
    left_by_operations,
    trash_entries,
    deep_and_long,
]


def _make(path: Path, make: Callable[[Path], object]) -> None:
    """Create a file or folder; skip it if something else is in the way."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)
    except OSError:
        pass


def identities(tree: Tree) -> str:
    """Give folder and database matching, different, unreadable or missing ids. Returns which of these it was."""
    from media_store.identity import mark
    from media_store.models import StoreIdentity

    which = tree.chance.choice(
        ["same"] * 12
        + ["wrong root", "wrong database", "no identity on disk", "no rows", "unreadable", "a folder", "a pipe"]
    )
    if which == "no rows":
        return which  # a new database on a folder in use
    mark(tree.layout)
    file = tree.layout.identity_file
    if which == "wrong root":
        file.write_text("f" * 32)
    elif which == "wrong database":
        StoreIdentity.objects.update(store_id="0" * 32)
    elif which != "same":
        file.unlink()
        if which == "unreadable":
            file.write_bytes(b"\xff\xfe\x00")
        elif which == "a folder":
            file.mkdir()
        elif which == "a pipe":
            os.mkfifo(file)
    return which


def half_a_backup(tree: Tree) -> None:
    """Replace the folder by a copy in which hard links are separate files, and sometimes files are missing."""
    half = tree.root.with_name("half")
    shutil.copytree(tree.root, half, symlinks=True, ignore=_pipes_and(tree.chance.choice([0, 0.3]), tree.chance))
    shutil.rmtree(tree.root)
    half.rename(tree.root)


def _pipes_and(share: float, chance: random.Random) -> Callable[[str, list[str]], list[str]]:
    def ignored(folder: str, names: list[str]) -> list[str]:
        def is_left_out(path: Path) -> bool:
            is_special = not (path.is_file() or path.is_dir() or path.is_symlink())
            return is_special or (".sf" not in path.parts and path.is_file() and chance.random() < share)

        return [name for name in names if is_left_out(Path(folder, name))]

    return ignored
