"""Multipart headers that are not UTF-8.

Older clients send a file name in Latin-1. Django drops such a header, and the file seems not to have been sent.
"""

from __future__ import annotations

from typing import Any

from django.http import multipartparser

_parse = multipartparser.parse_boundary_stream  # type: ignore[attr-defined]
_END = b"\r\n\r\n"


def read_latin_headers() -> None:
    """Patch Django's multipart parser to accept headers in Latin-1. Called once, at start.

    Django has no setting or hook for this.
    """
    multipartparser.parse_boundary_stream = _parse_boundary_stream  # type: ignore[attr-defined]


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
