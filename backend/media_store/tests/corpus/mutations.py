"""A picture with some of its bytes changed, from a seed."""

from __future__ import annotations

from media_store.tests.corpus.bombs import chunk


def with_right_checksums(content):
    """A mutated PNG whose chunks look intact, so that the damage reaches the decoder."""
    result, position = bytearray(content[:8]), 8
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        result += chunk(content[position + 4 : position + 8], content[position + 8 : position + 8 + length])
        position += 12 + length
    return bytes(result)


def mutated(content, chance):
    content = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at, length = chance.randrange(len(content)), chance.choice((1, 1, 2, 4, 64))
        # The structure is at the front, where damage is the most interesting.
        at = at if chance.random() < 0.5 else at % 200
        match chance.randrange(5):
            case 0:
                content[at : at + length] = chance.randbytes(length)
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = chance.randbytes(length)
            case 3:
                content[at : at + length] = bytes([chance.choice((0x00, 0x7F, 0x80, 0xFF))]) * length
            case _:
                other = chance.randrange(len(content))
                content[at : at + length] = content[other : other + length]
    if content.startswith(b"\x89PNG\r\n\x1a\n") and chance.random() < 0.5:
        return with_right_checksums(bytes(content))
    return bytes(content)
