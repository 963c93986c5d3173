"""Whether a file may become a segment's picture."""

from __future__ import annotations

from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile

from media_store.names import picture_name, safe_picture_name
from media_store.uploads import MAX_PICTURE_BYTES, check_size, check_upload

File = TypeVar("File", bound=UploadedFile)


def validate_image_upload(file: File) -> File:
    """Name, size and content, in the order of what they cost; returns the file at its beginning, named as a picture.

    Raises ``InvalidPicture`` or ``UploadTooLarge``, both "Invalid image file" with details.
    """
    file.seek(0)
    file.name = picture_name(file.name or "", file.read(12))
    safe_picture_name(file.name)
    check_size(file.size or 0, MAX_PICTURE_BYTES)
    file.seek(0)
    check_upload(file)
    return file
