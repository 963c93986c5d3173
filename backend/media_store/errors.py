"""What can go wrong with a person's file. Each door decides which status that is."""

from __future__ import annotations

import errno

from core.errors import ConfigurationError, Conflict, InvalidInput, NotFound, StoryFlowError

DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})


class NoImage(StoryFlowError):
    """The record has no picture to remove."""

    code = "NO_IMAGE"
    message = "No image to remove"


class UploadTooLarge(InvalidInput):
    """More bytes came than this door takes; reading stopped there."""

    code = "FILE_TOO_LARGE"
    message = "Invalid image file"


CUT_OFF = "The picture is cut off: its end is missing. Copy or download it again."
DAMAGED = "The picture is damaged and cannot be decoded. Opening it in a picture program and saving it again may help."
TOO_MANY_PARTS = "The picture is made of too many parts. Saving it again in a picture program makes it usable."


class InvalidPicture(InvalidInput):
    """Not a picture that can be used; ``details`` is a sentence that says why."""

    code = "INVALID_PICTURE"
    message = "Invalid image file"


class StorageFailed(StoryFlowError):
    """The disk refused to keep a file; nothing was changed."""

    code = "STORAGE_ERROR"
    message = "The file could not be stored. Nothing was changed; the data folder may be read-only or damaged."


class DiskFull(StorageFailed):
    """No room is left on the media filesystem; nothing was changed."""

    code = "DISK_FULL"
    message = "The disk is full. Nothing was changed; free some space or empty the trash."


class FileDeleteFailed(StoryFlowError):
    """The file could not be taken from its place; row and file are as they were."""

    code = "FILE_DELETE_ERROR"
    message = "The file could not be removed from its folder. Nothing was changed; check the folder's permissions."


class NotInTrash(NotFound):
    """The trash holds no such entry: restored, deleted for good, or never there."""

    code = "NOT_IN_TRASH"
    message = "The trash has no such entry."


class CannotRestore(Conflict):
    """There is nowhere to put it back."""

    code = "CANNOT_RESTORE"


class StoreMismatch(ConfigurationError):
    """The media folder and the database do not belong together; acting on them could lose files."""

    code = "STORE_MISMATCH"


def storage_failure(exc: OSError) -> StorageFailed:
    """The sentence for an operating system's refusal to store something."""
    return DiskFull() if exc.errno in DISK_FULL_ERRNOS else StorageFailed()
