"""The layout of the store on disk.

A *place* is a file's path below the data folder, and also its URL path: ``media/projects/1/images/1_a.jpg``.
Its first part names the *area*; each area has a folder. The hidden folder ``.sf`` is private to the store:

====================== =============================================================================
``in/<op>/<place>``    staged bytes of an operation that has not committed yet
``trash/<op>~<place>`` a file that an operation moved from its place; its row says whether it can be restored
``cache/``             thumbnails; may be deleted at any time
``lock``               the store lock: shared for every operation, exclusive for recovery
``turn``               the write slot: locked by the process that writes to the database
``writer``             the last operation that held the write lock, and one that committed (see ``finality``)
``store-id``           must equal the database's id, or nothing is changed
``ballast``            reserved space that is released on a full disk, so that removing still works
====================== =============================================================================

In ``.sf`` a place is one flat name with ``%`` and ``/`` escaped: on a full disk a rename into an existing folder
succeeds, but the creation of a folder fails.
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
    """Return a place for display; bytes of a name that are not valid UTF-8 are shown as ``\\udce9``."""
    return place.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class Layout:
    """The folders and private files of one store."""

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
        """Return the path of ``place``. Raises ``ValueError`` for a place that could be outside its area."""
        area, _, relative = place.partition("/")
        parts = relative.split("/")
        if area not in self.areas or not all(map(_is_name, parts)):
            raise ValueError(f"not a place in this store: {place!r}")
        return self.areas[area].joinpath(*parts)

    def link_above(self, place: str) -> Path | None:
        """Return the first folder above ``place`` that is a symbolic link, or None."""
        self.live(place)
        area, *folders, _ = place.split("/")
        # Strings, because this runs at every change, and ``Path`` takes four times as long.
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
        """Create the folders and private files of the store that do not exist yet."""
        folders = (*self.areas.values(), self.private, self.incoming, self.trash, self.cache)
        files = (self.lock_file, self.write_slot_file, self.writer_file)
        if all(folder.is_dir() for folder in folders) and all(file.exists() for file in files):
            return
        for folder in folders:
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for file in files:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))


def current_layout() -> Layout:
    """Return the layout that the settings name; they are read at each call, so that tests may change them."""
    return _layout(settings.MEDIA_ROOT, settings.UPLOADS_ROOT)


@lru_cache(maxsize=4)
def _layout(media: Path | str, uploads: Path | str) -> Layout:
    return Layout(areas={"media": Path(media), "uploads": Path(uploads)}, private=Path(media) / PRIVATE)


def live_files(layout: Layout) -> Iterator[str]:
    """Yield the place of every regular file. Hidden names and symbolic links are not part of the store."""
    for area, root in layout.areas.items():
        for parent, folders, names in os.walk(root, onerror=_raise):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(parent, name)
                if not name.startswith(".") and path.is_file() and not path.is_symlink():
                    yield f"{area}/{path.relative_to(root).as_posix()}"


def _raise(error: OSError) -> None:
    raise error
