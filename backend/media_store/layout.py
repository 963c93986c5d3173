"""Where everything lies on disk.

A *place* is a file's path below the data folder, which is also its URL path: ``media/projects/1/images/1_a.jpg``.
Its first part names the *area*; each area has a folder. The hidden folder ``.sf`` holds what is ours alone:

====================== =============================================================================
``in/<op>/<place>``    bytes of an operation that has not committed yet
``trash/<op>~<place>`` what an operation took out of its place; restorable while its row says so
``cache/``             thumbnails; may be deleted at any time
``lock``               shared by every operation, exclusive for recovery
``turn``               held by the process whose turn it is to write
``writer``             the last operations that held the write lock and that committed (see ``finality``)
``store-id``           must equal the database's, or nothing is touched
``ballast``            given up on a full disk, so that removing still works
====================== =============================================================================

There a place is one flat name, ``%`` and ``/`` escaped: on a full disk a rename into an existing folder works
where making a folder does not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings

PRIVATE = ".sf"
FOLDER_MODE = 0o750
FILE_MODE = 0o640
MAX_NAME_BYTES = 255


def quote_place(place: str) -> str:
    return place.replace("%", "%25").replace("/", "%2F")


def unquote_place(name: str) -> str:
    return name.replace("%2F", "/").replace("%25", "%")


def _is_name(part: str) -> bool:
    return part not in ("", ".", "..") and "\0" not in part and len(os.fsencode(part)) <= MAX_NAME_BYTES


def printable(place: str) -> str:
    """A place for people's eyes: bytes of a foreign name that are no text are shown as ``\\udce9``."""
    return place.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class Layout:
    """The folders of one store."""

    areas: dict[str, Path]
    private: Path

    @cached_property
    def incoming(self) -> Path:
        return self.private / "in"

    @cached_property
    def trash(self) -> Path:
        return self.private / "trash"

    @cached_property
    def cache(self) -> Path:
        return self.private / "cache"

    @cached_property
    def lock_file(self) -> Path:
        return self.private / "lock"

    @cached_property
    def write_slot_file(self) -> Path:
        return self.private / "turn"

    @cached_property
    def writer_file(self) -> Path:
        return self.private / "writer"

    @cached_property
    def identity_file(self) -> Path:
        return self.private / "store-id"

    @cached_property
    def ballast(self) -> Path:
        return self.private / "ballast"

    def live(self, place: str) -> Path:
        """The file of ``place``. Raises ``ValueError`` for anything that could leave its area."""
        area, _, relative = place.partition("/")
        parts = relative.split("/")
        if area not in self.areas or not all(map(_is_name, parts)):
            raise ValueError(f"not a place in this store: {place!r}")
        return self.areas[area].joinpath(*parts)

    def link_above(self, place: str) -> Path | None:
        """A symbolic link among the folders above the file of ``place``; it could lead anywhere."""
        self.live(place)
        area, *folders, _ = place.split("/")
        # Not as paths: this is asked at every change, and ``Path`` takes four times as long.
        path = str(self.areas[area])
        for folder in folders:
            path = f"{path}/{folder}"
            try:
                if stat.S_ISLNK(os.lstat(path).st_mode):
                    return Path(path)
            except (FileNotFoundError, NotADirectoryError):
                return None
        return None

    def staged(self, operation: str, place: str) -> Path:
        return self.incoming / operation / quote_place(place)

    def trashed(self, operation: str, place: str) -> Path:
        return self.trash / f"{operation}~{quote_place(place)}"

    def ensure(self) -> None:
        """Make the folders this store needs; cheap when they exist."""
        folders = (*self.areas.values(), self.private, self.incoming, self.trash, self.cache)
        files = (self.lock_file, self.write_slot_file, self.writer_file)
        if all(folder.is_dir() for folder in folders) and all(file.exists() for file in files):
            return
        for folder in folders:
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for file in files:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))


def current_layout() -> Layout:
    """The store of the present settings; read each time, so that tests may point them elsewhere."""
    return _layout(settings.MEDIA_ROOT, settings.UPLOADS_ROOT)


@lru_cache(maxsize=4)
def _layout(media: Path | str, uploads: Path | str) -> Layout:
    return Layout(areas={"media": Path(media), "uploads": Path(uploads)}, private=Path(media) / PRIVATE)


def live_files(layout: Layout) -> Iterator[str]:
    """Every regular file in its place; hidden names and symbolic links are not ours and are passed over."""
    for area, root in layout.areas.items():
        for parent, folders, names in os.walk(root, onerror=_raise):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(parent, name)
                if not name.startswith(".") and path.is_file() and not path.is_symlink():
                    yield f"{area}/{path.relative_to(root).as_posix()}"


def _raise(error: OSError) -> None:
    raise error
