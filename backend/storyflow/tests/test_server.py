"""The changes to waitress, tested with small WSGI applications."""

from __future__ import annotations

import errno
import gc
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected

from core.errors import ConfigurationError
from media_store.generated_file import GeneratedFile
from storyflow import server
from storyflow.server import BalancedServer, ConnectionCounts, LifoCondition, LifoDispatcher, listen
from storyflow.tests.live import free_port

WITHIN_S = 20


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def a_listener(application: Any, channels: dict[int, Any], workers: LifoDispatcher) -> tuple[BalancedServer, int]:
    """Return a server on a free port, and the port."""
    (taking,) = listen("127.0.0.1", 0)
    settings = Adjustments(sockets=[taking], threads=1, ident="storyflow")
    found = (taking.family, taking.type, taking.proto, taking.getsockname())
    listener = BalancedServer(
        application, channels, True, taking, dispatcher=workers, adj=settings, sockinfo=found, bind_socket=False
    )
    listener.share_counts(ConnectionCounts(1), 0)
    return listener, taking.getsockname()[1]


@pytest.fixture
def answering() -> Iterator[Callable[[Any], int]]:
    """Return a function that starts a server with one thread for an application and returns its port."""
    started: list[tuple[dict[int, Any], threading.Thread, LifoDispatcher]] = []

    def start(application: Any) -> int:
        channels: dict[int, Any] = {}
        workers = LifoDispatcher()
        workers.set_thread_count(1)
        _, port = a_listener(application, channels, workers)
        loop = threading.Thread(target=wasyncore.loop, kwargs={"timeout": 0.05, "map": channels}, daemon=True)
        loop.start()
        started.append((channels, loop, workers))
        return port

    yield start
    for channels, loop, workers in started:
        workers.shutdown()
        wasyncore.close_all(dict(channels), ignore_all=True)
        channels.clear()
        loop.join(WITHIN_S)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the list of the data of each send call."""
    calls: list[bytes] = []
    send = server.Channel.send

    def noted(channel: Any, data: bytes, do_close: bool = True) -> Any:
        calls.append(data)
        return send(channel, data, do_close)

    monkeypatch.setattr(server.Channel, "send", noted)
    return calls


def an_answer(status: str, body: Any = (), **headers: str) -> Any:
    def application(environ: dict[str, Any], start_response: Any) -> Any:
        start_response(status, [(name.replace("_", "-"), value) for name, value in headers.items()])
        return body(environ) if callable(body) else list(body)

    return application


def asked(port: int, head: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S)
    connection.sendall(f"{head}\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return connection


def everything(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    ("status", "body"), [("304 Not Modified", ()), ("204 No Content", ()), ("200 OK", (b"in ", b"two pieces"))]
)
def test_a_connection_goes_on_after_an_answer_whose_length_is_not_told(
    status: str, body: Any, answering: Callable[[Any], int]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", answering(an_answer(status, body)), timeout=WITHIN_S)
    for _ in range(3):
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.read(), answer.will_close) == (b"".join(body), False)
        first = connection.sock
    assert connection.sock is first is not None


@pytest.mark.parametrize("head", ["GET / HTTP/1.0", "GET / HTTP/1.1\r\nConnection: close"])
@pytest.mark.parametrize("status", ["304 Not Modified", "200 OK"])
def test_a_connection_is_closed_for_who_asks_for_it(status: str, head: str, answering: Callable[[Any], int]) -> None:
    with asked(answering(an_answer(status, (b"a", b"b") if status == "200 OK" else ())), head) as connection:
        assert b"\r\nConnection: close\r\n" in everything(connection)


def test_after_a_head_without_a_length_nothing_passes_for_the_next_answer(answering: Callable[[Any], int]) -> None:
    with asked(answering(an_answer("200 OK")), "HEAD / HTTP/1.1") as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        head, _, rest = everything(connection).partition(b"\r\n\r\n")
    assert b"\r\nTransfer-Encoding: chunked" in head
    assert rest.startswith(b"HTTP/1.0 200 OK\r\n")


def test_an_answer_that_breaks_off_does_not_look_whole(answering: Callable[[Any], int]) -> None:
    def broken(environ: Any) -> Iterator[bytes]:
        yield b"the beginning"
        raise RuntimeError("and no end")

    with asked(answering(an_answer("200 OK", broken)), "GET / HTTP/1.1") as connection:
        answer = everything(connection)
    assert b"the beginning" in answer
    assert not answer.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("length", [{}, {"Content_Length": "4"}])
def test_the_head_and_the_beginning_of_an_answer_are_sent_in_one_call(
    length: dict[str, str], answering: Callable[[Any], int], sent: list[bytes]
) -> None:
    with asked(
        answering(an_answer("200 OK", (b"body",), **length)), "GET / HTTP/1.1\r\nConnection: close"
    ) as connection:
        assert everything(connection) == sent[0]
    assert sent[0].endswith(b"\r\n\r\nbody")
    assert len(sent) == 1


def test_what_the_client_is_slow_to_take_arrives_whole_and_in_order(answering: Callable[[Any], int]) -> None:
    pieces = [bytes([number]) * 300_000 for number in range(40)]
    with asked(
        answering(an_answer("200 OK", pieces, Content_Length="12000000")), "GET / HTTP/1.1\r\nConnection: close"
    ) as slow:
        body = everything(slow).partition(b"\r\n\r\n")[2]
    assert body == b"".join(pieces)


def test_a_file_follows_its_head_and_the_next_answer_follows_the_file(answering: Callable[[Any], int]) -> None:
    content = bytes(range(256)) * 8000

    def file(environ: dict[str, Any]) -> Any:
        return environ["wsgi.file_wrapper"](BytesIO(content)) if environ["PATH_INFO"] == "/file" else [b"small"]

    connection = http.client.HTTPConnection("127.0.0.1", answering(an_answer("200 OK", file)), timeout=WITHIN_S)
    for path, expected in (("/file", content), ("/", b"small"), ("/file", content)):
        connection.request("GET", path)
        assert connection.getresponse().read() == expected


@pytest.fixture
def alone() -> Iterator[tuple[Any, socket.socket]]:
    """Yield a server whose loop does not run, and a client that has sent a request."""
    channels: dict[int, Any] = {}
    listener, port = a_listener(an_answer("200 OK"), channels, LifoDispatcher())
    with asked(port, "GET / HTTP/1.1") as client:
        yield listener, client
    wasyncore.close_all(dict(channels), ignore_all=True)


def accepted(listener: Any) -> Any:
    listener.handle_accept()
    (channel,) = listener.active_channels.values()
    return channel


def taking(channel: Any, *bytes_or_errors: int | OSError) -> None:
    """Limit the next send calls to these numbers of bytes, or let them fail. Later calls send everything."""
    outcomes, send = iter(bytes_or_errors), channel.send

    def limited(data: bytes, do_close: bool = True) -> Any:
        outcome = next(outcomes, len(data))
        if isinstance(outcome, OSError):
            raise outcome
        return send(data[:outcome], do_close) if outcome else 0

    channel.send = limited


def test_what_comes_later_waits_behind_what_could_not_be_sent(alone: tuple[Any, socket.socket]) -> None:
    listener, client = alone
    channel = accepted(listener)
    taking(channel, 20, 0)
    for piece in (b"first " * 10, b"second " * 10):
        channel.write_soon(piece)
    channel.handle_close()
    assert everything(client) == b"first " * 10 + b"second " * 10


def test_a_connection_that_fails_while_it_is_written_to_is_left_to_the_loop(alone: tuple[Any, socket.socket]) -> None:
    channel = accepted(alone[0])
    taking(channel, OSError(errno.ETIMEDOUT, "gone"), OSError(errno.ETIMEDOUT, "gone"))
    channel.write_soon(b"anything")
    assert channel.will_close


def test_a_file_for_a_client_who_is_gone_stays_the_tasks(alone: tuple[Any, socket.socket]) -> None:
    channel = accepted(alone[0])
    file, lock, entries = ReadOnlyFileBasedBuffer(BytesIO(b"content")), channel.outbuf_lock, count(1)
    file.prepare()
    channel.head = b"the head"

    class GoneMeanwhile:
        """A lock that simulates a client which disconnects just before the thread gets the lock for the file."""

        def __enter__(self) -> None:
            channel.connected = next(entries) == 1
            lock.__enter__()

        def __exit__(self, *raised: Any) -> None:
            lock.__exit__(*raised)

    channel.outbuf_lock = GoneMeanwhile()
    with pytest.raises(ClientDisconnected):
        channel.write_soon(file)
    channel.outbuf_lock = lock
    assert (file not in channel.outbufs, file.getfile().closed) == (True, False)


def test_a_request_that_cannot_be_read_ends_its_connection_and_not_the_listener(
    alone: tuple[Any, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("no such thing should happen")

    listener, client = alone
    monkeypatch.setattr(server.Channel, "received", fail)
    listener.handle_accept()
    assert everything(client) == b""
    assert not listener.active_channels


def test_a_file_is_begun_with_its_head_alone_and_then_with_little(
    answering: Callable[[Any], int], sent: list[bytes]
) -> None:
    content = bytes(100_000)
    port = answering(an_answer("200 OK", lambda environ: environ["wsgi.file_wrapper"](BytesIO(content))))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)
    for _ in range(2):
        sent.clear()
        connection.request("GET", "/")
        assert connection.getresponse().read() == content
        head, beginning = sent[:2]
        assert head.startswith(b"HTTP/1.1 200 OK") and head.endswith(b"\r\n\r\n")
        assert len(beginning) == server.FIRST_SEND_BYTES


def test_what_an_application_gives_to_head_is_not_sent(answering: Callable[[Any], int]) -> None:
    with asked(answering(an_answer("200 OK", (b"a body ", b"of two"))), "HEAD / HTTP/1.1") as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        _, _, rest = everything(connection).partition(b"\r\n\r\n")
    assert rest.startswith(b"HTTP/1.0 200 OK\r\n")


def test_who_has_waited_least_is_woken_first() -> None:
    lock, woken, waiting = threading.Lock(), [], threading.Semaphore(0)
    condition = LifoCondition(lock)

    def wait(number: int) -> None:
        with lock:
            waiting.release()
            condition.wait()
            woken.append(number)
            waiting.release()

    threads = []
    for number in range(4):
        threads.append(threading.Thread(target=wait, args=(number,), daemon=True))
        threads[-1].start()
        assert waiting.acquire(timeout=WITHIN_S)
    for _ in range(2):
        with lock:
            condition.notify()
        assert waiting.acquire(timeout=WITHIN_S)
    assert woken == [3, 2]
    with lock:
        condition.notify_all()
    for thread in threads:
        thread.join(WITHIN_S)
    assert sorted(woken) == [0, 1, 2, 3]


def test_what_is_made_while_it_is_sent_is_made_at_the_pace_of_its_client(answering: Callable[[Any], int]) -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(200):
            made.append(number)
            yield bytes([number]) * 100_000

    port = answering(
        an_answer("200 OK", lambda environ: environ["wsgi.file_wrapper"](GeneratedFile(pieces(), 20_000_000)))
    )
    with asked(port, "GET / HTTP/1.1\r\nConnection: close") as slow:
        begun = slow.recv(65536)
        assert len(made) < 150
        body = (begun + everything(slow)).partition(b"\r\n\r\n")[2]
    assert body == b"".join(bytes([number]) * 100_000 for number in range(200))


def test_an_answer_that_would_wait_with_too_much_is_broken_off(
    answering: Callable[[Any], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.connection_limits, "MAX_BUFFERED_BYTES", 3_000_000)
    stopped = threading.Event()

    def endless(environ: Any) -> Iterator[bytes]:
        try:
            for _ in range(1_000):
                yield b"a" * 100_000
        finally:
            stopped.set()

    with asked(answering(an_answer("200 OK", endless)), "GET / HTTP/1.1") as slow:
        assert stopped.wait(WITHIN_S)
        assert not everything(slow).endswith(b"0\r\n\r\n")


def test_a_connection_whose_client_takes_nothing_can_be_closed(answering: Callable[[Any], int]) -> None:
    content = bytes(20_000_000)
    file = BytesIO(content)
    port = answering(an_answer("200 OK", lambda environ: environ["wsgi.file_wrapper"](file)))
    with asked(port, "GET / HTTP/1.1") as slow:
        assert slow.recv(15) == b"HTTP/1.1 200 OK"
        channels = [one for one in gc.get_objects() if type(one) is server.Channel]
        # Those of other tests may still be there.
        (channel,) = [one for one in channels if one.connected and one.addr == slow.getsockname()]
        channel.will_close = True
        assert len(everything(slow)) < len(content)
    assert file.closed


def test_a_request_that_only_says_it_expects_to_be_told_leaves_the_next_one_whole(
    answering: Callable[[Any], int],
) -> None:
    with asked(answering(an_answer("200 OK", (b"one",))), "DELETE / HTTP/1.1\r\nExpect: 100-continue") as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = everything(connection)
    assert (answer.count(b"200 OK"), b"100 Continue" in answer) == (2, False)


@pytest.mark.parametrize("path", ["/api/projects/", "/api/v1/items"])
def test_a_refusal_of_the_server_itself_is_in_the_form_of_the_api_that_was_asked(
    path: str, answering: Callable[[Any], int]
) -> None:
    port = answering(an_answer("200 OK"))
    with asked(port, f"POST {path} HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked") as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nConnection: close" in head
    error = json.loads(body)["error"]
    sentence = error["message"] if path.startswith("/api/v1/") else error
    assert "both Content-Length and Transfer-Encoding" in sentence


def test_who_sends_a_head_byte_by_byte_is_not_waited_for(
    alone: tuple[Any, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, _ = alone
    channel = accepted(listener)
    assert channel.head_since is None
    channel.requests.clear()
    for piece in (b"\r\n", b"GET / HT", b"TP/1.1\r\nA: b"):
        channel.received(piece)
        listener.maintenance(channel.head_since + server.connection_limits.HEAD_TIMEOUT_S - 0.1)
        assert not channel.will_close
    listener.maintenance(channel.head_since + server.connection_limits.HEAD_TIMEOUT_S + 0.1)
    assert channel.will_close


def test_a_body_may_take_its_time(alone: tuple[Any, socket.socket]) -> None:
    channel = accepted(alone[0])
    channel.requests.clear()
    channel.received(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n1")
    assert (channel.head_since, channel.is_transferring(), channel.has_sent_request) == (None, True, True)


def test_localhost_is_both_of_its_addresses() -> None:
    for host in ("127.0.0.1", "localhost"):
        sockets = listen(host, free_port())
        try:
            addresses = {one.getsockname()[0] for one in sockets}
            assert addresses == ({"127.0.0.1", "::1"} if has_ipv6() else {"127.0.0.1"})
            assert len({one.getsockname()[1] for one in sockets}) == 1
        finally:
            for one in sockets:
                one.close()


@pytest.mark.parametrize("reason", [errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_without_ipv6_it_listens_where_it_can(reason: int, monkeypatch: pytest.MonkeyPatch) -> None:
    make = socket.socket

    def without(family: int = -1, *kind: Any, **more: Any) -> Any:
        if family == socket.AF_INET6:
            raise OSError(reason, "not here")
        return make(family, *kind, **more)

    monkeypatch.setattr(server.socket, "socket", without)
    (only,) = listen("127.0.0.1", free_port())
    assert only.getsockname()[0] == "127.0.0.1"
    only.close()
    with pytest.raises(ConfigurationError):
        listen("::1", free_port())
