"""Reading the ZIP that somebody sent: nothing in it is believed, and its names are never used as paths."""

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
MAX_DIRECTORY_BYTES = 32 * 1024 * 1024
_END, _END_BYTES, _MAX_COMMENT_BYTES = b"PK\5\6", 22, 65_535
_LARGE_END, _LARGE_END_BYTES = b"PK\6\7", 20
_ENCRYPTED = 0x1
# What Python's zipfile raises for files that somebody made up.
_ODD = (
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
    """The parts of a bundle; together they may unpack to ``limit_bytes``, each can be read once."""

    def __init__(self, file: IO[bytes], *, limit_bytes: int) -> None:
        """Raises ``InvalidBundle``."""
        with _understood(NOT_A_BUNDLE):
            _refuse_large_directory(file)
            self._zip = zipfile.ZipFile(file)
        self._limit_bytes = limit_bytes
        self._left_bytes = limit_bytes
        self._parts = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        if len(self._zip.infolist()) > MAX_PARTS:
            raise InvalidBundle(details=f"The bundle has more than {MAX_PARTS:,} parts.")

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part. Raises ``InvalidBundle``."""
        info = self._parts.pop(name, None)
        if info is None:
            raise InvalidBundle(details=f"The bundle has no {name[:100]!r}, or its story names it twice.")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InvalidBundle(details=f"{name[:100]!r} is packed in a way that cannot be read.")
        with _understood(DAMAGED):
            part = self._zip.open(info)
        with part:
            while True:
                with _understood(DAMAGED):
                    piece = part.read(CHUNK_BYTES)
                if not piece:
                    return
                self._left_bytes -= len(piece)
                if self._left_bytes < 0:
                    most = size_in_words(self._limit_bytes)
                    raise InvalidBundle(details=f"The bundle unpacks to more than {most}.")
                yield piece

    def read(self, name: str, *, limit_bytes: int) -> bytes:
        """A part whole. Raises ``InvalidBundle``."""
        pieces, size = [], 0
        for piece in self.pieces(name):
            size += len(piece)
            if size > limit_bytes:
                raise InvalidBundle(details=f"{name!r} is larger than {size_in_words(limit_bytes)}.")
            pieces.append(piece)
        return b"".join(pieces)


@contextmanager
def _understood(sentence: str) -> Iterator[None]:
    try:
        yield
    except _ODD as exc:
        raise InvalidBundle(details=sentence) from exc


def _refuse_large_directory(file: IO[bytes]) -> None:
    """``zipfile`` reads the whole directory into memory, however large the file says it is (APPNOTE 4.3.16)."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _MAX_COMMENT_BYTES - _LARGE_END_BYTES))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise InvalidBundle(details=NOT_A_BUNDLE)
    (directory_bytes,) = struct.unpack_from("<L", tail, place + 12)
    is_large = tail[max(0, place - _LARGE_END_BYTES) : place].startswith(_LARGE_END)
    if is_large or directory_bytes > MAX_DIRECTORY_BYTES:
        raise InvalidBundle(details="The bundle has more parts than can be read.")
