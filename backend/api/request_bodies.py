"""Reading what a client sent, so that no content of a request can do worse than a 400."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import IO, Any

import orjson
from django.http import QueryDict
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from core.errors import InvalidInput, NotFound

# A parsed body takes up to twenty-five times its size in memory.
MAX_JSON_BYTES = 16 * 1024 * 1024
MAX_FORM_BYTES = 2 * 1024 * 1024
MAX_ID = 2**63 - 1


class BoundedJSONParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8 whatever the header says, no NaN, bounded in size and depth."""

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
    """A plain form, as simple clients send one: bounded, in UTF-8."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> QueryDict:
        body = stream.read(MAX_FORM_BYTES + 1)
        if len(body) > MAX_FORM_BYTES:
            raise ParseError(f"The form is larger than {MAX_FORM_BYTES // 2**20} MB.")
        return QueryDict(body, encoding="utf-8")


class OrjsonRenderer(JSONRenderer):
    """JSON in UTF-8; what orjson cannot hold (half a character as ``\\ud800``, a number beyond 64 bits) in escapes."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, _as_framework, orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
        except orjson.JSONEncodeError:
            self.ensure_ascii = True
            return super().render(data, accepted_media_type, renderer_context)


# What the framework's answers may hold beside plain values: sentences that are not looked up yet, and lists of its own.
_as_framework = JSONEncoder().default


class IgnoreAcceptNegotiation(BaseContentNegotiation):
    """Answers have one form each, so Accept is not asked: who wants a picture gets it, and errors are always JSON."""

    def select_parser(self, request: Request, parsers: Sequence[BaseParser]) -> BaseParser | None:
        coding = request.META.get("HTTP_CONTENT_ENCODING", "").strip()
        if coding.lower() not in ("", "identity"):
            raise UnsupportedMediaType(coding, f"The body is packed ({coding[:40]}). Send it without Content-Encoding.")
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


def _reject_constant(name: str) -> Any:
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


def count_in_query(request: Request, name: str, *, default: int, most: int) -> int:
    """Raises ``InvalidInput`` for anything but a whole number from 0 to ``most``."""
    number = whole_number(request.query_params.get(name, str(default)))
    if number is None or not 0 <= number <= most:
        raise InvalidInput(f"{name} must be a whole number from 0 to {most}.")
    return number


def id_in_body(body: Mapping[str, Any], name: str) -> int:
    """A required id of the body: an integer, not a boolean and not a string of digits."""
    value = body.get(name)
    if not is_integer(value):
        raise InvalidInput(f"{name} must be a whole number.")
    if not 0 < value <= MAX_ID:
        raise NotFound("There is no such project.")
    return value


def boolean_in_body(body: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """Raises ``InvalidInput`` for anything but true and false."""
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} must be true or false.")
    return value


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def whole_number(text: str | None) -> int | None:
    """ASCII digits with an optional minus, at most forty of them; None for anything else."""
    digits = (text or "").removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 40:
        return None
    return int(text or "")
