"""Parsing of request bodies, paths and queries. No content of a request can cause an error worse than a 400."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any, TypeGuard

import orjson
from django.http import QueryDict
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from core.errors import InvalidInput, NotFound

# A parsed body takes up to 25 times its size in memory.
MAX_JSON_BYTES = 16 * 1024 * 1024
MAX_FORM_BYTES = 2 * 1024 * 1024
MAX_ID = 2**63 - 1


class BoundedJSONParser(BaseParser):
    """A parser for JSON by RFC 8259: always UTF-8 whatever the header says, no NaN, bounded in size and depth."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(MAX_JSON_BYTES + 1)
        if len(body) > MAX_JSON_BYTES:
            raise ParseError(f"The body is larger than {MAX_JSON_BYTES // 2**20} MB.")
        try:
            return json.loads(body.decode("utf-8-sig"), parse_constant=_reject_constant)
        except (ValueError, RecursionError) as exc:
            raise ParseError("The body is not valid JSON.") from exc


class BoundedFormParser(BaseParser):
    """A parser for URL-encoded forms: bounded in size, always UTF-8."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> QueryDict:
        body = stream.read(MAX_FORM_BYTES + 1)
        if len(body) > MAX_FORM_BYTES:
            raise ParseError(f"The form is larger than {MAX_FORM_BYTES // 2**20} MB.")
        return QueryDict(body, encoding="utf-8")


class OrjsonRenderer(JSONRenderer):
    """A renderer for JSON in UTF-8 with orjson.

    Falls back to DRF's renderer with ASCII escapes for values that orjson cannot encode: a lone surrogate such as
    ``\\ud800``, or a number of more than 64 bits.
    """

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, _as_framework, orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
        except orjson.JSONEncodeError:
            self.ensure_ascii = True  # type: ignore[misc]
            return super().render(data, accepted_media_type, renderer_context)


# Encodes the values that DRF's responses can contain beside plain ones: lazy strings and DRF's own list classes.
_as_framework = JSONEncoder().default


class IgnoreAcceptNegotiation(BaseContentNegotiation):
    """A negotiation that ignores the Accept header, because every endpoint has one response format.

    Raises ``UnsupportedMediaType`` for a body with a Content-Encoding.
    """

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        coding = request.META.get("HTTP_CONTENT_ENCODING", "").strip()
        if coding.lower() not in ("", "identity"):
            raise UnsupportedMediaType(coding, f"The body is packed ({coding[:40]}). Send it without Content-Encoding.")
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


def _reject_constant(name: str) -> Any:
    raise ValueError(name)


def body_object(request: Request) -> Mapping[str, Any]:
    """Return the body. Raises ``InvalidInput`` if it is not an object."""
    if isinstance(request.data, Mapping):
        return request.data
    raise InvalidInput("The body must be a JSON object.")


def id_in_path(text: str | None, *, what: str) -> int:
    """Return the id in a URL. Raises ``NotFound`` if the text cannot be an id; ``what`` names the kind of object."""
    number = whole_number(text)
    if number is None or not 0 < number <= MAX_ID:
        raise NotFound(f"There is no such {what}.")
    return number


def id_in_query(request: Request, name: str) -> int | None:
    """Return an optional id of the query, or None. Raises ``InvalidInput`` if it is not an integer of 64 bits."""
    text = request.query_params.get(name)
    if text is None:
        return None
    number = whole_number(text)
    if number is None or abs(number) > MAX_ID:
        raise InvalidInput(f"{name} must be a whole number.")
    return number


def count_in_query(request: Request, name: str, *, default: int, most: int) -> int:
    """Return a count of the query. Raises ``InvalidInput`` if it is not an integer from 0 to ``most``."""
    number = whole_number(request.query_params.get(name, str(default)))
    if number is None or not 0 <= number <= most:
        raise InvalidInput(f"{name} must be a whole number from 0 to {most}.")
    return number


def id_in_body(body: Mapping[str, Any], name: str) -> int:
    """Return a required id of the body.

    Raises ``InvalidInput`` if it is missing or not an integer (a boolean or a string of digits is none), and
    ``NotFound`` if it is out of range.
    """
    value = body.get(name)
    if not is_integer(value):
        raise InvalidInput(f"{name} must be a whole number.")
    if not 0 < value <= MAX_ID:
        raise NotFound(f"There is no such {name.removesuffix('_id')}.")
    return value


def boolean_in_body(body: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """Return an optional boolean of the body. Raises ``InvalidInput`` if it is not true or false."""
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} must be true or false.")
    return value


def is_integer(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def whole_number(text: str | None) -> int | None:
    """Return the integer that up to forty ASCII digits with an optional minus stand for; None for any other text."""
    digits = (text or "").removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 40:
        return None
    return int(text or "")
