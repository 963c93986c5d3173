"""Reading what a client sent, so that no content of a request can do worse than a 400."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from core.errors import InvalidInput, NotFound

MAX_JSON_BYTES = 64 * 1024 * 1024
MAX_ID = 2**63 - 1


class JSONBody(BaseParser):
    """JSON as RFC 8259 has it: UTF-8 whatever the header says, no NaN, bounded in size and depth."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(MAX_JSON_BYTES + 1)
        if len(body) > MAX_JSON_BYTES:
            raise ParseError(f"The body is larger than {MAX_JSON_BYTES // 2**20} MB.")
        try:
            return json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as exc:
            raise ParseError("The body is not valid JSON.") from exc


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def body_object(request: Request) -> Mapping[str, Any]:
    """The body as an object; an array, a number or null is refused with a sentence."""
    if isinstance(request.data, Mapping):
        return request.data
    raise InvalidInput("The body must be a JSON object.")


def id_in_path(text: str | None, *, what: str) -> int:
    """The id in a URL; whatever cannot be one is simply not found."""
    number = whole_number(text)
    if number is None or not 0 < number <= MAX_ID:
        raise NotFound(f"There is no such {what}.")
    return number


def id_in_query(request: Request, name: str) -> int | None:
    """An optional id of the query. Raises ``InvalidInput`` when it is there and no usable integer."""
    text = request.query_params.get(name)
    if text is None:
        return None
    number = whole_number(text)
    if number is None or abs(number) > MAX_ID:
        raise InvalidInput(f"{name} must be a whole number.")
    return number


def id_in_body(body: Mapping[str, Any], name: str) -> int:
    """A required id of the body: an integer, not a boolean and not a string of digits."""
    value = body.get(name)
    if not is_integer(value):
        raise InvalidInput(f"{name} must be a whole number.")
    if not 0 < value <= MAX_ID:
        raise NotFound("There is no such project.")
    return value


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def whole_number(text: str | None) -> int | None:
    """ASCII digits with an optional minus, at most forty of them; None for anything else."""
    digits = (text or "").removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 40:
        return None
    return int(text or "")
