"""Request heads that are ambiguous, or that waitress fails at."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments

from storyflow.request_heads import BAD_LENGTH, BAD_TARGET, OTHER_HOST, TOO_OLD, TWO_LENGTHS, RequestHead

SETTINGS = Adjustments()


def parsed(*lines: str) -> RequestHead:
    request = RequestHead(SETTINGS)
    request.received(("\r\n".join(lines) + "\r\n\r\n").encode())
    return request


def refusal(*lines: str) -> str:
    request = parsed(*lines)
    assert request.completed
    assert request.error is not None
    assert request.error.code == 400
    return str(request.error.body)


@pytest.mark.parametrize(
    "lines",
    [
        ("GET / HTTP/1.1", "Host: localhost"),
        ("POST / HTTP/1.1", "Host: localhost", "Content-Length: 0"),
        ("DELETE / HTTP/1.1", "Host: localhost"),
    ],
)
def test_who_expects_to_be_told_to_go_on_without_a_body_is_not_waited_for(lines: tuple[str, ...]) -> None:
    request = parsed(*lines, "Expect: 100-continue")
    assert (request.completed, request.expect_continue, request.error) == (True, False, None)


@pytest.mark.parametrize("body", ["Content-Length: 5", "Transfer-Encoding: chunked"])
def test_who_has_a_body_is_told_to_go_on(body: str) -> None:
    request = parsed("POST / HTTP/1.1", "Host: localhost", body, "Expect: 100-continue")
    assert (request.completed, request.expect_continue) == (False, True)


@pytest.mark.parametrize("length", ["9" * 5_000, "9" * 4_301, "0" * 21, "1" * 21])
def test_a_length_of_too_many_digits_is_refused(length: str) -> None:
    assert refusal("POST / HTTP/1.1", "Host: localhost", f"content-length:{length}") == BAD_LENGTH


@pytest.mark.parametrize(
    "target", ["http://[::1/", "http://[/", "http://]/", "//[::1/a", "http:///a", "ftp://localhost/", "https:a"]
)
def test_an_address_that_cannot_be_read_is_refused_or_a_path(target: str) -> None:
    request = parsed(f"GET {target} HTTP/1.1", "Host: localhost")
    assert request.completed
    if target.startswith("//"):
        assert (request.error, request.path) == (None, target)
    else:
        assert request.error.body == BAD_TARGET


@pytest.mark.parametrize("coding", ["chunked", "", "CHUNKED"])
def test_two_lengths_are_refused(coding: str) -> None:
    lengths = [f"Transfer-Encoding: {coding}", "Content-Length: 4"]
    for order in (lengths, lengths[::-1]):
        assert refusal("POST / HTTP/1.1", "Host: localhost", *order) == TWO_LENGTHS


def test_a_coded_body_of_an_old_version_is_refused() -> None:
    assert refusal("POST / HTTP/1.0", "Host: localhost", "Transfer-Encoding: chunked") == TOO_OLD


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("http://evil.com/api/", "localhost"),
        ("http://localhost:81/", "localhost"),
        ("https://localhost:80/", "localhost"),
        ("http://localhost@evil.com/", "localhost"),
        ("http://evil@localhost/", "localhost"),
        ("HTTP://EVIL.com/", "localhost:8000"),
    ],
)
def test_an_address_of_another_host_is_refused(target: str, host: str) -> None:
    assert refusal(f"GET {target} HTTP/1.1", f"Host: {host}") == OTHER_HOST


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("http://localhost/a", "localhost"),
        ("HTTP://LOCALHOST:80/a", "localhost"),
        ("https://localhost/a", "LocalHost:443"),
        ("http://[::1]:8000/a", "[::1]:8000"),
    ],
)
def test_an_address_of_the_same_host_is_taken(target: str, host: str) -> None:
    request = parsed(f"GET {target} HTTP/1.1", f"Host: {host}")
    assert (request.error, request.path, request.headers["HOST"]) == (None, "/a", host)


def test_an_address_with_a_host_says_it_where_no_header_does() -> None:
    assert parsed("GET http://evil.com/a HTTP/1.1").headers["HOST"] == "evil.com"
