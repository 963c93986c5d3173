"""A cache of finished chunks, keyed by a hash of all their inputs; missing or damaged ones are drawn again.

A file is: ``SFCHUNK1``, the length of a JSON head (uint32, little-endian), the head, then the packets' payloads end to
end. It is written to a temporary file and renamed, and has a CRC of its payload, so that a partial chunk is detected.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import threading
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rendering.encoder import Encoded, Packet

_MAGIC = b"SFCHUNK1"
_SUFFIX = ".chunk"


def digest_of(*parts: Any) -> str:
    """Return a key for JSON-serializable parts."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:40]


class ChunkCache:
    """A folder of chunks that concurrent renders share; a name determines the content, so races do no harm."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, key: str) -> bool:
        return self._path(key).exists()

    def get(self, key: str) -> Encoded | None:
        """Return the chunk, or None if there is no usable one; a damaged file is deleted."""
        path = self._path(key)
        try:
            return _unpacked(path.read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, struct.error):
            path.unlink(missing_ok=True)
            return None

    def put(self, key: str, chunk: Encoded) -> None:
        """Store the chunk, whole or not at all. Raises ``OSError``."""
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
        try:
            beside.write_bytes(_packed(chunk))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def keep_within(self, limit_bytes: int, in_use: Iterable[str] = ()) -> None:
        """Delete the least recently used chunks until ``limit_bytes`` suffice; never a chunk ``in_use``."""
        kept = {self._path(key) for key in in_use}
        for path in kept:
            with contextlib.suppress(FileNotFoundError):
                os.utime(path)
        files = sorted((self._aged(path) for path in self._folder.glob(f"*/*{_SUFFIX}*")), key=lambda file: file[0])
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= limit_bytes:
                break
            if path not in kept:
                path.unlink(missing_ok=True)
                total -= size

    def _aged(self, path: Path) -> tuple[float, int, Path]:
        try:
            stat = path.stat()
        except FileNotFoundError:  # another render deleted it first
            return 0.0, 0, path
        return stat.st_mtime, stat.st_size, path

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{_SUFFIX}"


def _packed(chunk: Encoded) -> bytes:
    payload = b"".join(packet.payload for packet in chunk.packets)
    head = {
        "header": chunk.header.hex(),
        "packets": [[packet.pts, packet.dts, int(packet.is_key), len(packet.payload)] for packet in chunk.packets],
        "crc32": zlib.crc32(payload),
    }
    encoded = json.dumps(head, separators=(",", ":")).encode()
    return b"".join([_MAGIC, struct.pack("<I", len(encoded)), encoded, payload])


def _unpacked(raw: bytes) -> Encoded:
    if raw[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not a chunk")
    (length,) = struct.unpack_from("<I", raw, len(_MAGIC))
    start = len(_MAGIC) + 4
    head = json.loads(raw[start : start + length])
    payload = memoryview(raw)[start + length :]
    if zlib.crc32(payload) != head["crc32"]:
        raise ValueError("damaged")
    packets, position = [], 0
    for pts, dts, is_key, size in head["packets"]:
        packets.append(Packet(pts, dts, bool(is_key), bytes(payload[position : position + size])))
        position += size
    return Encoded(bytes.fromhex(head["header"]), tuple(packets))
