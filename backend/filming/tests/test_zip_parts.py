"""The ZIP of a bundle, read by other programs."""

from __future__ import annotations

import zipfile
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from filming import zip_parts

PARTS = st.dictionaries(st.text("abc/é物-.", min_size=1, max_size=12), st.lists(st.binary(max_size=50), max_size=4))


@given(PARTS)
def test_it_is_as_long_as_was_said_and_holds_what_was_put_in(parts: dict[str, list[bytes]]) -> None:
    writer = zip_parts.Writer()
    pieces = [piece for name, content in parts.items() for piece in writer.part(name, content)]
    whole = b"".join([*pieces, writer.end()])
    sizes = [zip_parts.length_of(name, sum(map(len, content))) for name, content in parts.items()]
    assert len(whole) == sum(sizes) + zip_parts.END_BYTES
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: b"".join(content) for name, content in parts.items()
        }


def test_it_needs_no_zip64_before_four_gigabytes() -> None:
    writer = zip_parts.Writer()
    writer._position = 3_900_000_000
    list(writer.part("story.json", [b"{}"]))
    assert writer._directory[0][42:46] == (3_900_000_000).to_bytes(4, "little")
    assert len(writer.end()) == len(writer._directory[0]) + zip_parts.END_BYTES
