"""Uploads stream to a nameless file on the media filesystem: counted, hashed, and gone by itself after a crash."""

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
    """Raises ``UploadTooLarge`` when there is more than the door takes."""
    if size_bytes > limit_bytes:
        raise UploadTooLarge(
            details=f"The file is larger than {size_in_words(limit_bytes)}, the most that can be used."
        )


class StreamedUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that has arrived, not yet anywhere: ``name``, ``size`` in bytes, ``sha256`` in hex.

    ``has_no_metadata`` when nothing would be taken out of it as metadata.
    """

    has_no_metadata = False

    def __init__(self, file: IO[bytes], name: str, size: int, sha256: str) -> None:
        super().__init__(file=file, name=name, size=size)
        self.content = file
        self.sha256 = sha256


def open_unnamed_temp(folder: Path) -> IO[bytes]:
    """An open file in ``folder`` that has no name, so that nothing is left of it when the process dies."""
    try:
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        return cast(IO[bytes], os.fdopen(os.open(folder, flags, FILE_MODE), "w+b"))
    except (OSError, AttributeError):
        # Filesystems and systems without O_TMPFILE; the store then copies the bytes instead of naming the file.
        return cast(IO[bytes], tempfile.TemporaryFile(dir=folder))


class _Receiver:
    """Counts, hashes and writes what comes in."""

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
    """Django's upload handler: one file after another straight to the media filesystem.

    A view sets ``request.upload_limit_bytes`` before it touches ``request.FILES`` to allow another size.
    """

    chunk_size = CHUNK_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._receiver = _Receiver(getattr(self.request, "upload_limit_bytes", MAX_PICTURE_BYTES))
        # Under this name Django closes it when another part of the form turns out to be broken.
        self.file = self._receiver.file

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._receiver.take(raw_data)

    def file_complete(self, file_size: int) -> StreamedUpload:
        return self._receiver.finish(self.file_name or "")

    def upload_interrupted(self) -> None:
        if hasattr(self, "_receiver"):
            self._receiver.file.close()


def upload_from_bytes(content: bytes, *, name: str) -> StreamedUpload:
    """What this machine made, taken in as if it had been sent. Raises ``DiskFull`` or ``StorageFailed``."""
    receiver = _Receiver(len(content))
    receiver.take(content)
    return receiver.finish(name)


def upload_from_pieces(pieces: Iterable[bytes], *, name: str, limit_bytes: int) -> StreamedUpload:
    """What comes in pieces, taken in as if it had been sent. Raises ``UploadTooLarge`` and the store's failures."""
    receiver = _Receiver(limit_bytes)
    for piece in pieces:
        receiver.take(piece)
    return receiver.finish(name)


def upload_from_path(path: Path, *, limit_bytes: int = MAX_PICTURE_BYTES) -> StreamedUpload:
    """A file of this machine, taken in as if it had been sent. Raises ``UploadTooLarge``, or ``OSError`` on reading."""
    with path.open("rb") as source:
        return upload_from_descriptor(source.fileno(), name=readable_name(path.name), limit_bytes=limit_bytes)


def upload_from_descriptor(descriptor: int, *, name: str, limit_bytes: int = MAX_PICTURE_BYTES) -> StreamedUpload:
    """An open file, taken in as if it had been sent under ``name``; ``descriptor`` stays open."""
    receiver = _Receiver(limit_bytes)
    while chunk := os.pread(descriptor, CHUNK_BYTES, receiver.size_bytes):
        receiver.take(chunk)
    return receiver.finish(name)


def check_upload(file: UploadedFile[Any]) -> None:
    """As ``check_picture``; what it learnt is remembered with the upload. Raises ``InvalidPicture``."""
    facts = check_picture(file)  # type: ignore[arg-type] # Django's files read and seek like any other
    if isinstance(file, StreamedUpload):
        file.has_no_metadata = facts.has_no_metadata


def without_private_metadata(upload: StreamedUpload) -> StreamedUpload:
    """The upload without what its camera wrote beside the pixels, unless the settings say to keep that."""
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
    """Any other kind of Django upload (a test's ``SimpleUploadedFile``), taken in the same way."""
    if isinstance(file, StreamedUpload):
        return file
    receiver = _Receiver(limit_bytes)
    file.seek(0)
    for chunk in file.chunks(CHUNK_BYTES):
        receiver.take(chunk)
    return receiver.finish(file.name or "")
