"""What a request's head may say, where waitress is more lenient than RFC 9112 or fails."""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError

_TRANSFER_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SCHEMES = ("http", "https")
_USUAL_PORT = {"http": ":80", "https": ":443"}
# Python refuses to read numbers of more than 4,300 digits, and no body has a length of more than these.
_MOST_DIGITS = 20
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE)

TWO_LENGTHS = "A request cannot have both Content-Length and Transfer-Encoding"
TOO_OLD = "A request of this version of HTTP cannot have Transfer-Encoding"
BAD_LENGTH = "Content-Length is invalid"
BAD_TARGET = "The address of the request is invalid"
OTHER_HOST = "The address of the request names another host than its Host header"


class RequestHead(HTTPRequestParser):
    """Refuses with 400 what two readers could understand in two ways, and what waitress would fail at."""

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ``ParsingError``."""
        if any(len(digits) > _MOST_DIGITS for digits in _LENGTH.findall(header_plus)):
            raise ParsingError(BAD_LENGTH)
        try:
            super().parse_header(header_plus)
        except ValueError as exc:
            # `http://[::1/`, for one.
            raise ParsingError(BAD_TARGET) from exc
        if _TRANSFER_ENCODING.search(header_plus):
            if "CONTENT_LENGTH" in self.headers:
                raise ParsingError(TWO_LENGTHS)
            if self.version != "1.1":
                raise ParsingError(TOO_OLD)
        self._use_host_of_target()
        if self.body_rcv is None:
            # There is nothing to wait for: the next bytes are the next request.
            self.expect_continue = False

    def _use_host_of_target(self) -> None:
        """An address with a host says which host is meant, whatever the Host header says (RFC 9112, 3.2.2)."""
        if not self.proxy_scheme:
            return
        scheme, named = self.proxy_scheme.lower(), self.proxy_netloc.lower()
        if scheme not in _SCHEMES or not named:
            raise ParsingError(BAD_TARGET)
        host = self.headers.setdefault("HOST", named).lower()
        if host.removesuffix(_USUAL_PORT[scheme]) != named.removesuffix(_USUAL_PORT[scheme]):
            raise ParsingError(OTHER_HOST)
