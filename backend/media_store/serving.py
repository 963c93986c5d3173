"""Responses with files and ranges of files (RFC 9110), for seeking in videos and resuming downloads."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from werkzeug.http import http_date, parse_date, parse_range_header, quote_etag

from media_store.layout import current_layout
from media_store.pending import open_pending
from media_store.pictures import content_type_of
from media_store.safe_open import open_beneath

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# The ETag of a larger file is not a hash, because hashing would delay the first byte of a video.
HASHED_UP_TO_BYTES = 32 * 1024 * 1024
REMEMBERED_DIGESTS = 4096
_CHUNK_BYTES = 1024 * 1024

_SAFETY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-site",
}
_CONDITIONS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"})
# By file extension. Content that a browser could run, such as HTML and SVG, is sent as bytes.
_CONTENT_TYPES = {
    "mp4": "video/mp4",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
}


# Cached, because the same files are requested many times.
_http_date = lru_cache(maxsize=REMEMBERED_DIGESTS)(http_date)


def media_view(request: HttpRequest, path: str, *, area: str) -> HttpResponseBase:
    """Respond with the file ``path`` of ``area`` (``media`` or ``uploads``); its URL path is its place."""
    if request.method not in ("GET", "HEAD"):
        return JsonResponse({"error": "Files can only be read here."}, status=405, headers={"Allow": "GET, HEAD"})
    descriptor = open_beneath(current_layout().areas[area], path)
    if descriptor is None:
        descriptor = open_pending(f"{area}/{path}")
    if descriptor is None:
        return file_not_found_response()
    return ranged_response(request, descriptor)


def file_not_found_response() -> HttpResponseBase:
    return JsonResponse({"error": "There is no such file."}, status=404)


def ranged_response(
    request: HttpRequest,
    descriptor: int,
    *,
    content_type: str | None = None,
    cache_control: str = "private, no-cache",
) -> HttpResponseBase:
    """Respond with the whole file (200), the requested range (206), or without a file (304, 412, 416).

    Closes ``descriptor``. Without ``content_type`` the type of a picture comes from its bytes, and of any other file
    from the extension in the request's path.
    """
    body: FileSlice | None = None
    try:
        status = os.fstat(descriptor)
        size, etag, modified = status.st_size, quote_etag(_etag_of(descriptor, status)), int(status.st_mtime)
        headers = _SAFETY_HEADERS | {
            "Accept-Ranges": "bytes",
            "Cache-Control": cache_control,
            "ETag": etag,
            "Last-Modified": _http_date(modified),
        }
        content_type = content_type or _content_type_of(descriptor, request.path)

        conditional = _conditional_response(request, etag, modified)
        if conditional is not None:
            for name, value in headers.items():
                conditional.headers[name] = value
            return conditional
        if request.method == "HEAD":
            return HttpResponse(content_type=content_type, headers=headers | {"Content-Length": str(size)})
        wanted = _requested_range(request, size, etag, modified)
        start, stop = wanted or (0, size)
        if wanted and start >= size:
            return _range_not_satisfiable_response(size)
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        body = FileSlice(descriptor, start, stop)
        return SizedFileResponse(body, status=206 if wanted else 200, content_type=content_type, headers=headers)
    finally:
        if body is None:
            os.close(descriptor)


def _conditional_response(request: HttpRequest, etag: str, modified: int) -> HttpResponse | None:
    """Return a 304 or 412 if the request's conditions ask for it, else None."""
    # Most requests have no condition; Django would parse the headers all the same.
    if _CONDITIONS.isdisjoint(request.META):
        return None
    response: HttpResponse | None = get_conditional_response(request, etag, modified)
    return response


def _requested_range(request: HttpRequest, size: int, etag: str, modified: int) -> tuple[int, int] | None:
    """Return (start, stop) in bytes of the single requested range, or None for the whole file.

    ``start`` may be after the end of the file. The response has the whole file if the header is malformed, has other
    units or several ranges (RFC 9110, 14.2), and for an empty file, whose ranges no Content-Range can describe.
    """
    ranges = parse_range_header(request.META.get("HTTP_RANGE"))
    if not size or ranges is None or ranges.units != "bytes" or len(ranges.ranges) != 1:
        return None
    if not _if_range_matches(request.META.get("HTTP_IF_RANGE"), etag, modified):
        return None
    start, stop = ranges.ranges[0]
    if start < 0:  # a suffix range: the last bytes of the file
        return max(size + start, 0), size
    return start, size if stop is None else min(stop, size)


def _if_range_matches(if_range: str | None, etag: str, modified: int) -> bool:
    """Return whether If-Range names this version of the file.

    A weak ETag or an earlier date does not match (RFC 9110, 13.1.5).
    """
    if if_range is None or if_range.strip() == etag:
        return True
    try:
        date = parse_date(if_range)
    except OverflowError:
        return False  # The time zone of the date is out of range.
    return date is not None and int(date.timestamp()) == modified


def _range_not_satisfiable_response(size: int) -> HttpResponseBase:
    sentence = f"The file ends before this range; it has {size} bytes."
    headers = _SAFETY_HEADERS | {"Accept-Ranges": "bytes", "Content-Range": f"bytes */{size}"}
    return JsonResponse({"error": sentence}, status=416, headers=headers)


def _content_type_of(descriptor: int, name: str) -> str:
    by_name = _CONTENT_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    return content_type_of(os.pread(descriptor, 12, 0)) or by_name


class FileSlice(io.RawIOBase):
    """The bytes ``[start, stop)`` of an open file as a file object; it owns the descriptor and closes it.

    It is seekable, so that waitress sends it from its own loop. It has no ``fileno``, because a server would send the
    whole file of that descriptor.
    """

    def __init__(self, descriptor: int, start: int, stop: int) -> None:
        self._descriptor = descriptor
        self._start = start
        self.length = stop - start
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.length}[whence]
        if origin + offset < 0:
            raise ValueError("a position cannot be negative")
        self._position = origin + offset
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        """Read as a file does, with one copy of the bytes instead of the three copies of the base class."""
        if self.closed:  # The number of the descriptor may belong to another file now.
            raise ValueError("read of a closed file")
        if size < 0:
            return self.readall()
        wanted = min(size, max(self.length - self._position, 0))
        found = os.pread(self._descriptor, wanted, self._start + self._position)
        if wanted and not found:
            # Without an error the server would wait for the rest of Content-Length for ever.
            raise OSError(errno.EIO, "the file became shorter while it was sent")
        self._position += len(found)
        return found

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        found = self.read(len(target))
        target[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class SizedFileResponse(FileResponse):
    """A response with a ``FileSlice`` or a ``GeneratedFile``."""

    def set_headers(self, filelike: Any) -> None:
        """Set Content-Length only; Django would also derive name and type from the file, and both are set already."""
        self.headers["Content-Length"] = str(filelike.length)


_digests: OrderedDict[tuple[int, ...], str] = OrderedDict()
_digests_lock = Lock()


def _etag_of(descriptor: int, status: os.stat_result) -> str:
    """Return the cached SHA-256 of the content; for a large file its inode, modification time and size."""
    if status.st_size > HASHED_UP_TO_BYTES:
        return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
    # With the change time, because a tool can restore a modification time, but not a change time.
    key = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
    with _digests_lock:
        if key in _digests:
            _digests.move_to_end(key)
            return _digests[key]
    digest = _sha256(descriptor)
    with _digests_lock:
        _digests[key] = digest
        while len(_digests) > REMEMBERED_DIGESTS:
            _digests.popitem(last=False)
    return digest


def _sha256(descriptor: int) -> str:
    digest, position = hashlib.sha256(), 0
    while chunk := os.pread(descriptor, _CHUNK_BYTES, position):
        digest.update(chunk)
        position += len(chunk)
    return digest.hexdigest()
