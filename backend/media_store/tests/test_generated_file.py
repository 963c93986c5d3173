"""A file that is generated while it is read in the way in which waitress reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from waitress.buffers import ReadOnlyFileBasedBuffer

from media_store.generated_file import GeneratedFile

CONTENT = bytes(range(256)) * 40


def pieces(made: list[int], size: int = 1_000) -> Iterator[bytes]:
    for start in range(0, len(CONTENT), size):
        made.append(start)
        yield CONTENT[start : start + size]


@pytest.mark.parametrize("taken", [1, 333, 1_000, 4_096])
def test_it_arrives_whole_however_little_its_client_takes_of_each_reading(taken: int) -> None:
    buffer = ReadOnlyFileBasedBuffer(GeneratedFile(pieces([]), len(CONTENT)))
    arrived = b""
    assert buffer.prepare() == len(CONTENT)
    while len(buffer):
        some = buffer.get(4_096)[:taken]
        buffer.skip(len(some), True)
        arrived += some
    assert arrived == CONTENT


def test_no_more_is_made_than_is_read() -> None:
    made: list[int] = []
    file = GeneratedFile(pieces(made), len(CONTENT))
    assert file.read(1_500) == CONTENT[:1_500]
    assert made == [0, 1_000]


def test_what_was_passed_over_is_made_and_not_kept() -> None:
    file = GeneratedFile(pieces([]), len(CONTENT))
    file.seek(5_500)
    assert file.read(10) == CONTENT[5_500:5_510]
    file.seek(0)
    with pytest.raises(OSError, match="from its beginning"):
        file.read(1)


def test_an_end_that_comes_too_early_is_an_error() -> None:
    file = GeneratedFile(iter([b"short"]), 100)
    assert file.read(5) == b"short"
    with pytest.raises(OSError, match="shorter"):
        file.read(5)


def test_closing_it_closes_what_makes_it() -> None:
    closed: list[bool] = []

    def making() -> Iterator[bytes]:
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    file = GeneratedFile(making(), 6)
    file.read(1)
    file.close()
    assert closed == [True]
