"""Write a ZIP of uncompressed parts in pieces; its length is known in advance.

``zipfile`` needs ZIP64 from 2 GB on, and the length is known only after writing. Here the checksum and size of each
part follow it (APPNOTE 4.3.9) and are in the directory too, so that no file is read twice.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

_LOCAL, _DESCRIPTOR, _CENTRAL, _END = (
    struct.Struct("<4s5H3L2H"),
    struct.Struct("<4s3L"),
    struct.Struct("<4s6H3L5H2L"),
    struct.Struct("<4s4H2LH"),
)
_VERSION, _UNIX = 20, 3 << 8
# The sizes follow the part; names are in UTF-8.
_FLAGS = 0x08 | 0x800
_STORED = 0
# 1 January 1980, so that the same project gives the same bytes.
_TIME, _DATE = 0, 0x21
_MODE = 0o644 << 16
END_BYTES = _END.size


def length_of(name: str, size_bytes: int) -> int:
    """Return the bytes that a part needs in all, with its directory record."""
    return _LOCAL.size + _DESCRIPTOR.size + _CENTRAL.size + 2 * len(name.encode()) + size_bytes


class Writer:
    """A writer of parts, then the end record. Raises ``struct.error`` beyond 4 GB or 65,535 parts."""

    def __init__(self) -> None:
        self._position = 0
        self._directory: list[bytes] = []

    def part(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        start, encoded, crc, size = self._position, name.encode(), 0, 0
        common = (_VERSION, _FLAGS, _STORED, _TIME, _DATE)
        yield _LOCAL.pack(b"PK\3\4", *common, 0, 0, 0, len(encoded), 0) + encoded
        for piece in pieces:
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            yield piece
        yield _DESCRIPTOR.pack(b"PK\7\10", crc, size, size)
        self._position += _LOCAL.size + len(encoded) + size + _DESCRIPTOR.size
        line = _CENTRAL.pack(
            b"PK\1\2", _UNIX | _VERSION, *common, crc, size, size, len(encoded), 0, 0, 0, 0, _MODE, start
        )
        self._directory.append(line + encoded)

    def end(self) -> bytes:
        directory, count = b"".join(self._directory), len(self._directory)
        return directory + _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._position, 0)
