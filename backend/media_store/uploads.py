"""Uploads: streamed to an unnamed temporary file on the media filesystem, counted and hashed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from media_store.errors import UploadTooLarge, storage_failure
from media_store.layout import FILE_MODE, current_layout
from media_store.metadata import without_metadata
from media_store.names import readable_name
from media_store.pictures import check_picture

MAX_PICTURE_BYTES = 20 * 1024 * 1024
CHUNK_BYTES = 256 * 1024


def size_in_words(size_bytes: int) -> str:
    return f"{size_bytes / (1024 * 1024):.0f} MB" if size_bytes >= 1024 * 1024 else f"{size_bytes / 1024:.0f} kB"


def check_size(size_bytes: int, limit_bytes: int) -> None:
    """Raises ``UploadTooLarge`` if ``size_bytes`` is above the limit."""
    if size_bytes > limit_bytes:
        raise UploadTooLarge(
            details=f"The file is larger than {size_in_words(limit_bytes)}, the most that can be used."
        )


class StreamedUpload(UploadedFile):  # type: ignore[type-arg]
    """A received file that has no place yet: ``name``, ``size`` in bytes, ``sha256`` in hex.

    ``has_no_metadata`` is true if it is known that ``without_metadata`` would remove nothing.
    """

    has_no_metadata = False

    def __init__(self, file: IO[bytes], name: str, size: int, sha256: str) -> None:
        super().__init__(file=file, name=name, size=size)
        self.content = file
        self.sha256 = sha256


def open_unnamed_temp(folder: Path) -> IO[bytes]:
    """Open a new file without a name in ``folder``; the kernel removes it when the process ends."""
    try:
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        return cast(IO[bytes], os.fdopen(os.open(folder, flags, FILE_MODE), "w+b"))
    except (OSError, AttributeError):
        # Without O_TMPFILE; ``disk.write_new`` then copies the bytes instead of linking the file.
        return cast(IO[bytes], tempfile.TemporaryFile(dir=folder))


class _Receiver:
    """A writer that counts and hashes the bytes of an upload."""

    def __init__(self, limit_bytes: int) -> None:
        layout = current_layout()
        self.limit_bytes = limit_bytes
        self.size_bytes = 0
        self._hash = hashlib.sha256()
        try:
            layout.ensure()
            self.file = open_unnamed_temp(layout.incoming)
        except OSError as exc:
            raise storage_failure(exc) from exc

    def take(self, data: bytes) -> None:
        self.size_bytes += len(data)
        try:
            check_size(self.size_bytes, self.limit_bytes)
            self.file.write(data)
        except OSError as exc:
            self.file.close()
            raise storage_failure(exc) from exc
        except UploadTooLarge:
            self.file.close()
            raise
        self._hash.update(data)

    def finish(self, name: str) -> StreamedUpload:
        try:
            self.file.flush()
        except OSError as exc:
            self.file.close()
            raise storage_failure(exc) from exc
        self.file.seek(0)
        return StreamedUpload(self.file, name, self.size_bytes, self._hash.hexdigest())


class StreamedUploadHandler(FileUploadHandler):
    """A Django upload handler that writes each file to the media filesystem.

    A view may set ``request.upload_limit_bytes`` before its first access to ``request.FILES``.
    """

    chunk_size = CHUNK_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._receiver = _Receiver(getattr(self.request, "upload_limit_bytes", MAX_PICTURE_BYTES))
        # Django closes the attribute ``file`` if another part of the form is invalid.
        self.file = self._receiver.file

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._receiver.take(raw_data)

    def file_complete(self, file_size: int) -> StreamedUpload:
        return self._receiver.finish(self.file_name or "")

    def upload_interrupted(self) -> None:
        if hasattr(self, "_receiver"):
            self._receiver.file.close()


def upload_from_bytes(content: bytes, *, name: str) -> StreamedUpload:
    """Make an upload of bytes that StoryFlow made. Raises ``DiskFull`` or ``StorageFailed``."""
    receiver = _Receiver(len(content))
    receiver.take(content)
    return receiver.finish(name)


def upload_from_pieces(pieces: Iterable[bytes], *, name: str, limit_bytes: int) -> StreamedUpload:
    """Make an upload of bytes that come in pieces. Raises ``UploadTooLarge``, ``DiskFull`` or ``StorageFailed``."""
    receiver = _Receiver(limit_bytes)
    for piece in pieces:
        receiver.take(piece)
    return receiver.finish(name)


def upload_from_path(path: Path, *, limit_bytes: int = MAX_PICTURE_BYTES) -> StreamedUpload:
    """Make an upload of a file on this machine. Raises ``UploadTooLarge``, or ``OSError`` if it cannot be read."""
    with path.open("rb") as source:
        return upload_from_descriptor(source.fileno(), name=readable_name(path.name), limit_bytes=limit_bytes)


def upload_from_descriptor(descriptor: int, *, name: str, limit_bytes: int = MAX_PICTURE_BYTES) -> StreamedUpload:
    """Make an upload named ``name`` of an open file; ``descriptor`` stays open. Raises ``UploadTooLarge``."""
    receiver = _Receiver(limit_bytes)
    while chunk := os.pread(descriptor, CHUNK_BYTES, receiver.size_bytes):
        receiver.take(chunk)
    return receiver.finish(name)


def check_upload(file: UploadedFile[Any]) -> None:
    """Check a picture as ``check_picture`` does, and set its ``has_no_metadata``. Raises ``InvalidPicture``."""
    facts = check_picture(file)  # type: ignore[arg-type] # Django's files read and seek like any other
    if isinstance(file, StreamedUpload):
        file.has_no_metadata = facts.has_no_metadata


def without_private_metadata(upload: StreamedUpload) -> StreamedUpload:
    """Return the upload without its metadata, or the upload itself if the settings keep metadata."""
    if settings.KEEP_METADATA or upload.has_no_metadata:
        return upload
    upload.content.seek(0)
    data = upload.content.read()
    cleaned = without_metadata(data)
    upload.content.seek(0)
    if cleaned == data:
        return upload
    receiver = _Receiver(len(cleaned))
    receiver.take(cleaned)
    upload.close()
    return receiver.finish(upload.name or "")


def as_streamed(file: UploadedFile[Any], *, limit_bytes: int = MAX_PICTURE_BYTES) -> StreamedUpload:
    """Return any Django upload, such as a ``SimpleUploadedFile`` of a test, as a ``StreamedUpload``."""
    if isinstance(file, StreamedUpload):
        return file
    receiver = _Receiver(limit_bytes)
    file.seek(0)
    for chunk in file.chunks(CHUNK_BYTES):
        receiver.take(chunk)
    return receiver.finish(file.name or "")
