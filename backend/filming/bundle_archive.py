"""Read untrusted ZIP files: their sizes are checked, and their names are never used as paths."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from filming.bundles import MAX_PARTS, InvalidBundle
from media_store.uploads import CHUNK_BYTES, size_in_words

NOT_A_BUNDLE = "This is not a StoryFlow bundle: it is no ZIP file, or its end is missing."
DAMAGED = "The bundle is damaged. Copy or download it again."
TOO_MANY_PARTS = (
    f"The bundle has more parts than can be read, which is {MAX_PARTS:,}, or a list of them that is too long."
)
# The directory record of a part has 46 bytes and its name, which is at most as long as a picture's name.
MAX_DIRECTORY_BYTES = MAX_PARTS * 250
_RECORD_BYTES = 46
_END, _END_BYTES, _MAX_COMMENT_BYTES = b"PK\5\6", 22, 65_535
# A ZIP64 end record, if any, is followed by its locator and then by the usual end record.
_ZIP64_END, _ZIP64_END_BYTES, _LOCATOR, _LOCATOR_BYTES = b"PK\6\6", 56, b"PK\6\7", 20
_ZIP64_BYTES = _ZIP64_END_BYTES + _LOCATOR_BYTES
_ENCRYPTED = 0x1
# Errors that Python's zipfile raises for malformed files.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


class Archive:
    """The parts of a bundle; together they may unpack to ``limit_bytes``, and each can be read once."""

    def __init__(self, file: IO[bytes], *, limit_bytes: int) -> None:
        """Open the archive. Raises ``InvalidBundle``."""
        with _translated(NOT_A_BUNDLE):
            _check_directory_size(file)
            self._zip = zipfile.ZipFile(file)
        self._limit_bytes = limit_bytes
        self._left_bytes = limit_bytes
        self._parts = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part in pieces. Raises ``InvalidBundle``."""
        info = self._parts.pop(name, None)
        if info is None:
            raise InvalidBundle(details=f"The bundle has no {name[:100]!r}, or its story names it twice.")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InvalidBundle(details=f"{name[:100]!r} is packed in a way that cannot be read.")
        with _translated(DAMAGED):
            part = self._zip.open(info)
        with part:
            while True:
                with _translated(DAMAGED):
                    piece = part.read(CHUNK_BYTES)
                if not piece:
                    return
                self._left_bytes -= len(piece)
                if self._left_bytes < 0:
                    most = size_in_words(self._limit_bytes)
                    raise InvalidBundle(details=f"The bundle unpacks to more than {most}.")
                yield piece

    def read(self, name: str, *, limit_bytes: int) -> bytes:
        """Return the bytes of a part. Raises ``InvalidBundle``, also if it is larger than ``limit_bytes``."""
        pieces, size = [], 0
        for piece in self.pieces(name):
            size += len(piece)
            if size > limit_bytes:
                raise InvalidBundle(details=f"{name!r} is larger than {size_in_words(limit_bytes)}.")
            pieces.append(piece)
        return b"".join(pieces)


@contextmanager
def _translated(sentence: str) -> Iterator[None]:
    try:
        yield
    except InvalidBundle:
        raise
    except _ZIP_ERRORS as exc:
        raise InvalidBundle(details=sentence) from exc


def _check_directory_size(file: IO[bytes]) -> None:
    """Limit the directory before ``zipfile`` makes an object of each record (APPNOTE 4.3.12 to 4.3.16).

    ``zipfile`` reads the whole directory, whatever its size in the end record, and prefers the ZIP64 end record to the
    usual one. Leaves ``file`` at its start. Raises ``InvalidBundle``.
    """
    size = file.seek(0, 2)
    tail_start = file.seek(max(0, size - _END_BYTES - _MAX_COMMENT_BYTES - _ZIP64_BYTES))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise InvalidBundle(details=NOT_A_BUNDLE)
    (parts, directory_bytes), stop = struct.unpack_from("<HL", tail, place + 10), tail_start + place
    large = place - _ZIP64_BYTES
    if large >= 0 and tail.startswith(_ZIP64_END, large) and tail.startswith(_LOCATOR, large + _ZIP64_END_BYTES):
        (parts, directory_bytes), stop = struct.unpack_from("<QQ", tail, large + 32), tail_start + large
    if parts > MAX_PARTS or directory_bytes > MAX_DIRECTORY_BYTES:
        raise InvalidBundle(details=TOO_MANY_PARTS)
    if directory_bytes > stop:
        raise InvalidBundle(details=NOT_A_BUNDLE)
    file.seek(stop - directory_bytes)
    if _record_count(file.read(directory_bytes)) > MAX_PARTS:
        raise InvalidBundle(details=TOO_MANY_PARTS)
    file.seek(0)


def _record_count(directory: bytes) -> int:
    """Count the records of the directory, whatever the end record says, up to just above the limit."""
    count, place = 0, 0
    while place + _RECORD_BYTES <= len(directory) and count <= MAX_PARTS:
        place += _RECORD_BYTES + sum(struct.unpack_from("<3H", directory, place + 28))
        count += 1
    return count
