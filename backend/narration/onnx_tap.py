"""An inner tensor of an ONNX graph as one more output, without the onnx package.

Appending to a repeated field is legal protobuf (encoding guide: "last one wins" applies to scalars only). Field numbers
from onnx.proto3: ModelProto.graph = 7, GraphProto.node = 1 and .output = 12, NodeProto.input = 1, .output = 2,
.name = 3, .op_type = 4, ValueInfoProto.name = 1 and .type = 2, TypeProto.tensor_type = 1, Tensor.elem_type = 1.
"""

from __future__ import annotations

_INT64 = 7
_GRAPH = 7
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def with_output(model: bytes, tensor: str, name: str) -> bytes:
    """``model`` with the int64 tensor ``tensor`` also given out as ``name``. Raises ``ValueError`` for other bytes."""
    node = _field(1, tensor.encode()) + _field(2, name.encode()) + _field(3, f"tap_{name}".encode())
    node += _field(4, b"Identity")
    element_type = _field(1, _varint(1 << 3) + _varint(_INT64))
    output = _field(1, name.encode()) + _field(2, element_type)
    addition = _field(1, node) + _field(12, output)
    pieces: list[bytes | memoryview] = []
    view, position, has_graph = memoryview(model), 0, False
    while position < len(model):
        start = position
        key, position = _read_varint(view, position)
        number, wire = key >> 3, key & 7
        if wire == _LENGTH:
            length, position = _read_varint(view, position)
            if number == _GRAPH:
                pieces += [_varint(key), _varint(length + len(addition)), view[position : position + length], addition]
                position += length
                has_graph = True
                continue
            position += length
        else:
            position = _after_scalar(view, position, wire)
        pieces.append(view[start:position])
    if not has_graph:
        raise ValueError("not an ONNX model: it has no graph")
    return b"".join(pieces)


def _after_scalar(view: memoryview, position: int, wire: int) -> int:
    if wire == _VARINT:
        return _read_varint(view, position)[1]
    if wire in (_FIXED32, _FIXED64):
        return position + (4 if wire == _FIXED32 else 8)
    raise ValueError("not an ONNX model: an unknown kind of field")


def _field(number: int, payload: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _read_varint(view: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(view) or shift > 63:
            raise ValueError("not an ONNX model: it ends too early")
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
