"""Checks of request heads, where waitress is more lenient than RFC 9112 or fails."""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError

_TRANSFER_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SCHEMES = ("http", "https")
_USUAL_PORT = {"http": ":80", "https": ":443"}
# Python refuses to parse numbers of more than 4,300 digits, and no body length has more digits than this.
_MAX_DIGITS = 20
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE)

TWO_LENGTHS = "A request cannot have both Content-Length and Transfer-Encoding"
TOO_OLD = "A request of this version of HTTP cannot have Transfer-Encoding"
BAD_LENGTH = "Content-Length is invalid"
BAD_TARGET = "The address of the request is invalid"
OTHER_HOST = "The address of the request names another host than its Host header"


class RequestHead(HTTPRequestParser):
    """A request parser that refuses ambiguous heads, and heads that waitress would fail at, with 400."""

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head. Raises ``ParsingError``."""
        if any(len(digits) > _MAX_DIGITS for digits in _LENGTH.findall(header_plus)):
            raise ParsingError(BAD_LENGTH)
        try:
            super().parse_header(header_plus)
        except ValueError as exc:
            # For example `http://[::1/`.
            raise ParsingError(BAD_TARGET) from exc
        if _TRANSFER_ENCODING.search(header_plus):
            if "CONTENT_LENGTH" in self.headers:
                raise ParsingError(TWO_LENGTHS)
            if self.version != "1.1":
                raise ParsingError(TOO_OLD)
        self._use_host_of_target()
        if self.body_rcv is None:
            # There is no body: the next bytes are the next request.
            self.expect_continue = False

    def _use_host_of_target(self) -> None:
        """Set the Host header from an absolute request target if it is missing (RFC 9112, 3.2.2).

        Raises ``ParsingError`` if target and Host header name different hosts, or if the target is invalid.
        """
        if not self.proxy_scheme:
            return
        scheme, named = self.proxy_scheme.lower(), self.proxy_netloc.lower()
        if scheme not in _SCHEMES or not named:
            raise ParsingError(BAD_TARGET)
        host = self.headers.setdefault("HOST", named).lower()
        if host.removesuffix(_USUAL_PORT[scheme]) != named.removesuffix(_USUAL_PORT[scheme]):
            raise ParsingError(OTHER_HOST)
