"""A file object for content that is generated while a server sends it."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class GeneratedFile(io.RawIOBase):
    """A file of a known ``length`` in bytes whose content is generated while it is read from start to end.

    ``seek`` may go back to the start of the last read, or forward. This is what waitress needs to send the file from
    its own loop at the client's speed. Only the bytes of the last read are kept in memory.
    """

    def __init__(self, pieces: Iterable[bytes], length: int) -> None:
        self._pieces = iter(pieces)
        self.length = length
        self._position = self._kept_from = 0
        self._kept = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.length}[whence] + offset
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        """Raises ``OSError`` if the content ends early or was read already.

        Without an error the server would wait for the rest of Content-Length for ever.
        """
        left = max(self.length - self._position, 0)
        wanted = left if size < 0 else min(size, left)
        if self._position < self._kept_from:
            raise OSError(errno.ESPIPE, "this file is read from its beginning to its end")
        while wanted and self._kept_from + len(self._kept) < self._position + wanted:
            self._forget()
            piece = next(self._pieces, None)
            if piece is None:
                raise OSError(errno.EIO, "the file became shorter while it was sent")
            self._kept += piece
        self._forget()
        found = self._kept[:wanted]
        self._position += len(found)
        return found

    def _forget(self) -> None:
        """Drop the kept bytes before the position."""
        passed = min(self._position - self._kept_from, len(self._kept))
        self._kept, self._kept_from = self._kept[passed:], self._kept_from + passed

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        found = self.read(len(target))
        target[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._pieces, self._kept = iter(()), b""
        super().close()
