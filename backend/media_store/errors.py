"""The errors of the media store. Each API maps them to HTTP statuses."""

from __future__ import annotations

import errno

from core.errors import ConfigurationError, Conflict, InvalidInput, NotFound, StoryFlowError

DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})


class NoImage(StoryFlowError):
    """A record without a picture to remove."""

    code = "NO_IMAGE"
    message = "No image to remove"


class UploadTooLarge(InvalidInput):
    """An upload above the limit of the API; its reading stopped at the limit."""

    code = "FILE_TOO_LARGE"
    message = "Invalid image file"


CUT_OFF = "The picture is cut off: its end is missing. Copy or download it again."
DAMAGED = "The picture is damaged and cannot be decoded. Opening it in a picture program and saving it again may help."
TOO_MANY_PARTS = "The picture is made of too many parts. Saving it again in a picture program makes it usable."


class InvalidPicture(InvalidInput):
    """A file that is no usable picture; ``details`` is a sentence with the reason."""

    code = "INVALID_PICTURE"
    message = "Invalid image file"


class StorageFailed(StoryFlowError):
    """A file that could not be written to disk; nothing was changed."""

    code = "STORAGE_ERROR"
    message = "The file could not be stored. Nothing was changed; the data folder may be read-only or damaged."


class DiskFull(StorageFailed):
    """A full media filesystem; nothing was changed."""

    code = "DISK_FULL"
    message = "The disk is full. Nothing was changed; free some space or empty the trash."


class FileDeleteFailed(StoryFlowError):
    """A file that could not be moved to the trash; row and file are unchanged."""

    code = "FILE_DELETE_ERROR"
    message = "The file could not be removed from its folder. Nothing was changed; check the folder's permissions."


class NotInTrash(NotFound):
    """A trash entry that does not exist, or is restored or purged."""

    code = "NOT_IN_TRASH"
    message = "The trash has no such entry."


class CannotRestore(Conflict):
    """A trash entry that cannot be restored, because its record or its file does not exist."""

    code = "CANNOT_RESTORE"


class StoreMismatch(ConfigurationError):
    """A media folder and a database that do not belong together; operations on them could lose files."""

    code = "STORE_MISMATCH"


def storage_failure(exc: OSError) -> StorageFailed:
    """Return the error for an ``OSError`` of writing a file: ``DiskFull`` or ``StorageFailed``."""
    return DiskFull() if exc.errno in DISK_FULL_ERRNOS else StorageFailed()
