"""Validation of uploaded pictures."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile

from media_store.names import picture_name, safe_picture_name
from media_store.uploads import MAX_PICTURE_BYTES, check_size, check_upload

File = TypeVar("File", bound="UploadedFile[Any]")


def validate_image_upload(file: File) -> File:
    """Check name, size and content, the cheapest check first. Returns the file, positioned at its beginning.

    The file gets a name with the suffix of its content. Raises ``InvalidPicture`` or ``UploadTooLarge``, both with the
    message "Invalid image file" and details.
    """
    file.seek(0)
    file.name = picture_name(file.name or "", file.read(12))
    safe_picture_name(file.name)
    check_size(file.size or 0, MAX_PICTURE_BYTES)
    file.seek(0)
    check_upload(file)
    return file
