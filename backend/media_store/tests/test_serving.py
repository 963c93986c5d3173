from __future__ import annotations

import errno
import hashlib
import http.client
import io
import json
import os
import random
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import path
from waitress import wasyncore
from waitress.server import create_server
from werkzeug.http import http_date

from media_store import serving
from media_store.safe_open import open_beneath
from media_store.serving import FileSlice, media_view, ranged_response

# Closing an answer lets Django look after its database connections.
pytestmark = pytest.mark.django_db

TEN = b"0123456789"
HALF_PAST = 1_700_000_000
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
urlpatterns = [path("media/<path:path>", partial(media_view, area="media"))]


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "media"
    root.mkdir()
    return root


@pytest.fixture
def media(folder, settings, monkeypatch):
    """The media area, in which no operation is under way."""
    settings.MEDIA_ROOT = folder
    monkeypatch.setattr(serving, "open_pending", lambda place: None)
    return folder


def a_file(folder, content=TEN, *, name="clip.mp4", modified=HALF_PAST):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    os.utime(file, (modified, modified))
    return file


def answer_for(file, *, method="GET", url="/media/clip.mp4", options=None, **headers):
    """Return the response to a request; ``If_None_Match="x"`` sends that header. Closing it closes the file."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().generic(method, url, headers=sent)
    return ranged_response(request, os.open(file, os.O_RDONLY), **(options or {}))


def body_of(answer):
    try:
        return answer.getvalue()
    finally:
        answer.close()


def descriptors_of(file):
    """How often this process has ``file`` open."""
    links = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    return sum(os.path.exists(link) and os.path.samefile(link, file) for link in links)


def read_beneath(root, relative):
    descriptor = open_beneath(root, relative)
    if descriptor is None:
        return None
    with open(descriptor, "rb") as file:
        return file.read()


@pytest.mark.parametrize("name", ["clip.mp4", "projects/1/images/5_a.png", "a b/é.wav", "5%2f..%2fclip", "a\\..\\b"])
def test_a_file_below_the_folder_is_opened(folder, name):
    a_file(folder, name=name)
    assert read_beneath(folder, name) == TEN


@pytest.mark.parametrize(
    "relative",
    [
        "",
        ".",
        "..",
        "/",
        "//clip.mp4",
        "/clip.mp4",
        "clip.mp4/",
        "./clip.mp4",
        "../outside.txt",
        "sub/../clip.mp4",
        "sub/../../outside.txt",
        "sub//clip.mp4",
        "..\\outside.txt",
        "sub\\..\\..\\outside.txt",
        "..%2foutside.txt",
        "%2e%2e/outside.txt",
        "..%5coutside.txt",
        ".sf/trash/a",
        ".sf",
        "sub/.hidden",
        ".clip.mp4",
        "clip.mp4\0",
        "clip.mp4\0.png",
        "\0",
        "sub",
        "clip.mp4/x",
        "absent",
        "absent/clip.mp4",
        "link.mp4",
        "loop",
        "linked/clip.mp4",
        "linked-out/outside.txt",
        "linked",
        "pipe",
        "socket",
        "\ud800",
        "\udcff",
        "x" * 300,
        "x/" * 3000 + "x",
    ],
)
def test_anything_but_a_plain_file_below_the_folder_is_not_there(folder, relative):
    a_file(folder)
    a_file(folder, name="sub/clip.mp4")
    a_file(folder, name="sub/.hidden")
    a_file(folder, name=".clip.mp4")
    a_file(folder, name=".sf/trash/a")
    a_file(folder.parent, name="outside.txt")
    (folder / "link.mp4").symlink_to("clip.mp4")
    (folder / "loop").symlink_to("loop")
    (folder / "linked").symlink_to("sub")
    (folder / "linked-out").symlink_to("..")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        before = len(os.listdir("/proc/self/fd"))

        assert open_beneath(folder, relative) is None

        assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_that_is_gone_has_no_files(folder):
    assert open_beneath(folder / "gone", "clip.mp4") is None


@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE])
def test_trouble_of_the_disk_is_not_taken_for_absence(folder, monkeypatch, code):
    def fail(*args, **kwargs):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(OSError) as failure:
        open_beneath(folder, "clip.mp4")
    assert failure.value.errno == code


def a_slice(folder, start, stop, content=TEN):
    return FileSlice(os.open(a_file(folder, content), os.O_RDONLY), start, stop)


@pytest.mark.parametrize(("start", "stop"), [(0, 10), (0, 1), (3, 7), (9, 10), (5, 5), (0, 0)])
def test_a_slice_is_exactly_its_bytes(folder, start, stop):
    with a_slice(folder, start, stop) as part:
        assert part.read() == TEN[start:stop]
        assert part.read() == part.read(3) == b""


def test_a_slice_is_read_in_pieces_and_into_buffers(folder):
    with a_slice(folder, 2, 9) as part:
        assert [part.read(3), part.read(3), part.read(3)] == [b"234", b"567", b"8"]
        part.seek(0)
        buffer = bytearray(b"----------")
        assert part.readinto(buffer) == 7
        assert buffer == b"2345678---"


def test_a_slice_is_sought_like_a_file_of_its_own(folder):
    with a_slice(folder, 2, 9) as part:
        assert (part.seek(0, io.SEEK_END), part.tell()) == (7, 7)
        assert (part.seek(-2, io.SEEK_END), part.read()) == (5, b"78")
        assert (part.seek(1), part.seek(2, io.SEEK_CUR), part.read(1)) == (1, 3, b"5")
        assert (part.seek(100), part.read()) == (100, b"")
        with pytest.raises(ValueError):
            part.seek(-1)


def test_closing_a_slice_closes_its_descriptor_once(folder):
    part = a_slice(folder, 0, 10)
    part.close()
    assert descriptors_of(folder / "clip.mp4") == 0
    newcomer = os.open(folder / "clip.mp4", os.O_RDONLY)  # gets the number that has become free

    part.close()
    with pytest.raises(ValueError):
        part.read(1)

    assert descriptors_of(folder / "clip.mp4") == 1
    os.close(newcomer)


def test_a_slice_offers_no_descriptor_of_the_whole_file(folder):
    with a_slice(folder, 2, 9) as part, pytest.raises(io.UnsupportedOperation):
        part.fileno()


def test_a_file_that_became_shorter_is_an_error_and_no_silence(folder):
    with a_slice(folder, 0, 10) as part:
        os.truncate(folder / "clip.mp4", 4)
        assert part.read(10) == b"0123"
        with pytest.raises(OSError):
            part.read(10)


@pytest.mark.parametrize(
    ("header", "status", "content_range", "body"),
    [
        (None, 200, None, TEN),
        ("bytes=0-0", 206, "bytes 0-0/10", b"0"),
        ("bytes=0-", 206, "bytes 0-9/10", TEN),
        ("bytes=0-9", 206, "bytes 0-9/10", TEN),
        ("bytes=5-", 206, "bytes 5-9/10", b"56789"),
        ("bytes=3-5", 206, "bytes 3-5/10", b"345"),
        ("bytes=9-9", 206, "bytes 9-9/10", b"9"),
        ("bytes=8-999999", 206, "bytes 8-9/10", b"89"),
        ("bytes=-1", 206, "bytes 9-9/10", b"9"),
        ("bytes=-4", 206, "bytes 6-9/10", b"6789"),
        ("bytes=-10", 206, "bytes 0-9/10", TEN),
        ("bytes=-999999", 206, "bytes 0-9/10", TEN),
        ("BYTES=0-1", 206, "bytes 0-1/10", b"01"),
        ("bytes= 0-1 ", 206, "bytes 0-1/10", b"01"),
        (f"bytes=2-{10**30}", 206, "bytes 2-9/10", b"23456789"),
        ("bytes=10-", 416, "bytes */10", None),
        ("bytes=10-10", 416, "bytes */10", None),
        ("bytes=999999-", 416, "bytes */10", None),
        (f"bytes={10**30}-", 416, "bytes */10", None),
        # More than one range, another unit, or nothing that is a range: the header may be ignored.
        ("bytes=0-0,2-3", 200, None, TEN),
        ("bytes=0-1, bytes=2-3", 200, None, TEN),
        ("bytes=-1,0-0", 200, None, TEN),
        ("bytes=abc", 200, None, TEN),
        ("bytes=5-3", 200, None, TEN),
        ("bytes=-", 200, None, TEN),
        ("bytes=--1", 200, None, TEN),
        ("bytes=-0", 200, None, TEN),
        ("bytes=1", 200, None, TEN),
        ("bytes=0x1-0x2", 200, None, TEN),
        ("bytes=\u0661-", 200, None, TEN),
        ("bytes=1_0-", 200, None, TEN),
        ("bytes=+1-2", 200, None, TEN),
        (f"bytes={'9' * 5000}-", 200, None, TEN),
        ("bytes", 200, None, TEN),
        ("bytes=", 200, None, TEN),
        ("", 200, None, TEN),
        ("lines=0-1", 200, None, TEN),
        ("0-1", 200, None, TEN),
    ],
)
def test_a_range_is_answered_as_rfc_9110_says(folder, header, status, content_range, body):
    file = a_file(folder)

    answer = answer_for(file, **({} if header is None else {"Range": header}))

    assert (answer.status_code, answer.get("Content-Range")) == (status, content_range)
    assert answer["Accept-Ranges"] == "bytes"
    if body is None:
        assert json.loads(body_of(answer)) == {"error": "The file ends before this range; it has 10 bytes."}
    else:
        assert (answer["Content-Length"], body_of(answer)) == (str(len(body)), body)
    assert descriptors_of(file) == 0


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=5-"])
def test_an_empty_file_has_no_ranges(folder, header):
    answer = answer_for(a_file(folder, b""), Range=header)
    assert (answer.status_code, answer["Content-Length"], body_of(answer)) == (200, "0", b"")


TEN_ETAG = f'"{hashlib.sha256(TEN).hexdigest()}"'


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        (TEN_ETAG, 206),
        (f" {TEN_ETAG} ", 206),
        (http_date(HALF_PAST), 206),
        (f"W/{TEN_ETAG}", 200),
        (TEN_ETAG.strip('"'), 200),
        ('"another"', 200),
        ("", 200),
        ("Thu, 99 Foo 2023", 200),
        (http_date(HALF_PAST - 1), 200),
        (http_date(HALF_PAST + 1), 200),
    ],
)
def test_a_range_of_another_version_is_answered_with_the_whole_file(folder, if_range, status):
    answer = answer_for(a_file(folder), Range="bytes=0-0", If_Range=if_range)
    assert answer.status_code == status
    assert body_of(answer) == (b"0" if status == 206 else TEN)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_None_Match": TEN_ETAG}, 304),
        ({"If_None_Match": f"W/{TEN_ETAG}"}, 304),
        ({"If_None_Match": f'"another", {TEN_ETAG}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": TEN_ETAG, "Range": "bytes=0-0"}, 304),
        ({"If_None_Match": TEN_ETAG, "Range": "bytes=99-"}, 304),
        ({"If_None_Match": '"another"'}, 200),
        ({"If_None_Match": '"another"', "If_Modified_Since": http_date(HALF_PAST)}, 200),
        ({"If_None_Match": '"another"', "Range": "bytes=0-0"}, 206),
        ({"If_Modified_Since": http_date(HALF_PAST)}, 304),
        ({"If_Modified_Since": http_date(HALF_PAST + 60)}, 304),
        ({"If_Modified_Since": http_date(HALF_PAST - 1)}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"If_Match": TEN_ETAG}, 200),
        ({"If_Match": '"another"'}, 412),
        ({"If_Match": '"another"', "Range": "bytes=0-0"}, 412),
        ({"If_Unmodified_Since": http_date(HALF_PAST - 1)}, 412),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_asked_before_ranges(folder, method, headers, status):
    file = a_file(folder)

    answer = answer_for(file, method=method, **headers)

    assert answer.status_code == (200 if method == "HEAD" and status == 206 else status)
    assert answer["ETag"] == TEN_ETAG
    if status in (304, 412):
        assert body_of(answer) == b""
    answer.close()
    assert descriptors_of(file) == 0


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-0"}, {"Range": "bytes=99-"}])
def test_head_tells_the_length_without_a_body(folder, headers):
    file = a_file(folder)

    answer = answer_for(file, method="HEAD", **headers)

    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, "10", b"")
    assert (answer["Content-Type"], answer["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert descriptors_of(file) == 0


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=1-2"}, {"Range": "bytes=99-"}, {"If_None_Match": TEN_ETAG}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_answer_can_be_taken_for_a_page(folder, method, headers):
    answer = answer_for(a_file(folder), method=method, **headers)
    body_of(answer)

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-site"


def test_a_file_is_private_and_asked_for_again(folder):
    answer = answer_for(a_file(folder))
    body_of(answer)
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Last-Modified"] == http_date(HALF_PAST)


def test_a_caller_may_know_the_type_and_how_long_to_keep_it(folder):
    options = {"content_type": "image/webp", "cache_control": "private, max-age=31536000, immutable"}
    answer = answer_for(a_file(folder), options=options)
    body_of(answer)
    assert (answer["Content-Type"], answer["Cache-Control"]) == tuple(options.values())


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PNG, "a.png", "image/png"),
        (PNG, "a.jpg", "image/png"),
        (PNG, "a.html", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1", "a.jpeg", "image/jpeg"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a.wav", "audio/wav"),
        (TEN, "a.mp4", "video/mp4"),
        (TEN, "a.MP4", "video/mp4"),
        (TEN, "a.mp3", "audio/mpeg"),
        (TEN, "a.flac", "audio/flac"),
        (TEN, "a.m4a", "audio/mp4"),
        (TEN, "a.srt", "application/x-subrip; charset=utf-8"),
        (TEN, "a.vtt", "text/vtt; charset=utf-8"),
        (b"<html><script>", "a.html", "application/octet-stream"),
        (b"<html><script>", "a.png", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "a.svg", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "a.jpg", "application/octet-stream"),
        (TEN, "a.xml", "application/octet-stream"),
        (TEN, "a.js", "application/octet-stream"),
        (TEN, "a", "application/octet-stream"),
        (b"", "a.png", "application/octet-stream"),
    ],
)
def test_the_bytes_of_a_picture_and_the_names_of_others_say_the_type(folder, content, name, content_type):
    answer = answer_for(a_file(folder, content), url=f"/media/{name}")
    body_of(answer)
    assert answer["Content-Type"] == content_type


def test_the_digest_is_taken_once_for_each_version(folder, monkeypatch):
    taken = []
    digest = serving._sha256
    monkeypatch.setattr(serving, "_sha256", lambda descriptor: taken.append(1) or digest(descriptor))
    file = a_file(folder)

    etags = [answer_for(file, method="HEAD")["ETag"] for _ in range(3)]
    file.write_bytes(b"9876543210")
    os.utime(file, (HALF_PAST, HALF_PAST))  # as a backup program would

    assert etags == [TEN_ETAG] * 3
    assert answer_for(file, method="HEAD")["ETag"] == f'"{hashlib.sha256(b"9876543210").hexdigest()}"'
    assert len(taken) == 2


def test_a_bounded_number_of_digests_is_remembered(folder, monkeypatch):
    monkeypatch.setattr(serving, "REMEMBERED_DIGESTS", 5)
    for number in range(20):
        answer_for(a_file(folder, name=f"{number}.mp4"), method="HEAD")
    assert len(serving._digests) <= 5


def test_digests_are_right_when_many_ask_at_once(folder, monkeypatch):
    monkeypatch.setattr(serving, "REMEMBERED_DIGESTS", 3)
    files = [a_file(folder, str(number).encode(), name=str(number)) for number in range(8)]
    digests = [f'"{hashlib.sha256(file.read_bytes()).hexdigest()}"' for file in files]
    answers = []

    def ask():
        for _ in range(20):
            answers.append([answer_for(file, method="HEAD")["ETag"] for file in files])  # noqa: PERF401

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [digests] * 160


def test_a_large_file_is_not_read_before_it_is_sent(folder, monkeypatch):
    monkeypatch.setattr(serving, "_sha256", lambda descriptor: pytest.fail("read the whole file"))
    file = a_file(folder)
    os.truncate(file, serving.HASHED_UP_TO_BYTES + 1)
    status = file.stat()

    etag = answer_for(file, method="HEAD")["ETag"]

    assert etag == f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'


def test_the_descriptor_is_closed_when_the_file_cannot_be_read(folder):
    file = folder / "folder"
    file.mkdir()
    with pytest.raises(OSError):
        answer_for(file)
    assert descriptors_of(file) == 0


def viewed(path, method="GET", area="media"):
    return media_view(RequestFactory().generic(method, "/media/x"), path, area=area)


def test_a_file_of_an_area_is_sent(media):
    a_file(media, name="projects/1/output/a.mp4")
    assert body_of(viewed("projects/1/output/a.mp4")) == TEN


@pytest.mark.parametrize("relative", ["absent.png", "../outside", ".sf/trash/a", "projects", "link.png", "", "a\0b"])
def test_what_may_not_be_sent_does_not_exist(media, relative):
    a_file(media, name=".sf/trash/a")
    a_file(media, name="projects/a.png")
    (media / "link.png").symlink_to("projects/a.png")

    answer = viewed(relative)

    assert (answer.status_code, json.loads(answer.content)) == (404, {"error": "There is no such file."})


def test_a_file_on_its_way_to_the_trash_is_still_sent(media, monkeypatch):
    trashed = a_file(media.parent, b"still here")
    asked = []
    monkeypatch.setattr(serving, "open_pending", lambda place: asked.append(place) or os.open(trashed, os.O_RDONLY))

    assert body_of(viewed("projects/1/images/5_a.png")) == b"still here"
    assert asked == ["media/projects/1/images/5_a.png"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_files_can_only_be_read_at_their_urls(media, method):
    file = a_file(media)
    answer = viewed("clip.mp4", method)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert file.read_bytes() == TEN


@contextmanager
def a_server(threads):
    """The media view behind a real waitress; the port it listens on."""
    channels = {}
    server = create_server(WSGIHandler(), channels, listen="127.0.0.1:0", threads=threads)
    loop = threading.Thread(target=server.run)
    loop.start()
    try:
        yield int(server.effective_port)
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
        loop.join(timeout=10)
        server.task_dispatcher.shutdown()
        assert not loop.is_alive()


@contextmanager
def a_stalled_client(port, url):
    """A client that requests a file and stops reading after a few bytes, as a paused video does."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.settimeout(10)
        client.connect(("127.0.0.1", port))
        client.sendall(f"GET {url} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert client.recv(1024).startswith(b"HTTP/1.1 200 OK")
        yield client


def fetched(port, url, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, url, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.fixture
def large(media, settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["*"]
    a_file(media, name="small.mp4")
    return a_file(media, random.Random(1).randbytes(50 * 1024 * 1024), name="large.mp4")


def test_ten_paused_videos_hold_no_thread(large):
    content = large.read_bytes()
    with a_server(threads=2) as port, ExitStack() as clients:
        for _ in range(10):
            clients.enter_context(a_stalled_client(port, "/media/large.mp4"))

        # With a thread held by each, this would wait until its client gives up.
        assert fetched(port, "/media/small.mp4") == (200, TEN)
        assert fetched(port, "/media/large.mp4", Range="bytes=20000000-29999999") == (206, content[20000000:30000000])
        assert fetched(port, "/media/large.mp4", Range="bytes=-3") == (206, content[-3:])
        assert soon(lambda: descriptors_of(large) == 10)

        clients.close()
        assert soon(lambda: descriptors_of(large) == 0)


def soon(is_so):
    """Return whether it becomes true within ten seconds; the server closes a file shortly after its last byte."""
    deadline = time.monotonic() + 10
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_so()


def test_a_paused_video_goes_on_where_it_stopped(large):
    with a_server(threads=1) as port, a_stalled_client(port, "/media/large.mp4") as client:
        assert fetched(port, "/media/small.mp4") == (200, TEN)
        received = bytearray()
        while len(received) < large.stat().st_size - 1024:
            received += client.recv(1024 * 1024)
        assert large.read_bytes().endswith(received)


def test_one_connection_serves_head_ranges_and_conditions_in_turn(large):
    with a_server(threads=1) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        seen = []
        for method, headers in [
            ("HEAD", {}),
            ("GET", {"Range": "bytes=2-4"}),
            ("GET", {"If-None-Match": TEN_ETAG}),
            ("GET", {"Range": "bytes=50-"}),
            ("GET", {}),
        ]:
            connection.request(method, "/media/small.mp4", headers=headers)
            answer = connection.getresponse()
            seen.append((answer.status, answer.read()[:10]))
        connection.close()
    assert seen == [(200, b""), (206, b"234"), (304, b""), (416, b'{"error": '), (200, TEN)]
