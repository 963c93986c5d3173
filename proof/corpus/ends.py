"""The end of a picture, found by another method than that of the code under test."""

from __future__ import annotations


def end_of_picture(content: bytes) -> int:
    """The length of the picture at the beginning of ``content``. Raises ``ValueError`` if it has no end."""
    if content.startswith(b"\x89PNG"):
        return _end_of_png(content)
    if content.startswith(b"RIFF"):
        return 8 + int.from_bytes(content[4:8], "little")
    return _end_of_jpeg(content)


def _end_of_png(content: bytes) -> int:
    position = 8
    while content[position + 4 : position + 8] != b"IEND":
        if position >= len(content):
            raise ValueError("no end")
        position += 12 + int.from_bytes(content[position : position + 4], "big")
    return position + 12


def _end_of_jpeg(content: bytes) -> int:
    position = 2
    while content[position : position + 2] != b"\xff\xd9":
        if content[position] != 0xFF:
            raise ValueError(f"no marker at {position}")
        code = content[position + 1]
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        while code == 0xDA and not _is_marker(content, position):
            position += 1
    return position + 2


def _is_marker(content: bytes, position: int) -> bool:
    after = content[position + 1]
    return content[position] == 0xFF and after not in (0x00, 0x01, 0xFF) and not 0xD0 <= after <= 0xD7
