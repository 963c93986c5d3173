"""Multipart headers that are not UTF-8: older clients send a file's name in Latin-1, and Django drops such a header.

The file then looks as if it had not been sent.
"""

from __future__ import annotations

from typing import Any

from django.http import multipartparser

_parse = multipartparser.parse_boundary_stream
_END = b"\r\n\r\n"


def read_latin_headers() -> None:
    """Have every form of this process read so; Django offers no other place for it. Called once, at start."""
    multipartparser.parse_boundary_stream = _parse_boundary_stream


def _parse_boundary_stream(stream: Any, max_header_size: int) -> Any:
    chunk = stream.read(max_header_size)
    end = chunk.find(_END)
    if end >= 0:
        lines = [_in_utf_8(line) for line in chunk[:end].split(b"\r\n")]
        chunk = b"\r\n".join(lines) + chunk[end:]
    stream.unget(chunk)
    return _parse(stream, max_header_size)


def _in_utf_8(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace").encode()
    return line
