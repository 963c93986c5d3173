"""The bundle format: a project in one file, its part names and size limits.

A bundle is a ZIP with uncompressed parts: ``story.json``, which can also be imported alone, the pictures, and the
sounds of the segments.
"""

from __future__ import annotations

from core.errors import Conflict, InvalidInput

VERSION = 1
STORY = "story.json"
# It is read whole, and parsed JSON takes up to twenty-five times its size; this is a hundred hours of words.
MAX_STORY_BYTES = 32 * 1024 * 1024
# The keys of all its objects together: several for each segment that a bundle can have with picture and sound.
MAX_STORY_KEYS = 1_000_000
# The limits of a ZIP without ZIP64, which has other directory records.
MAX_BUNDLE_BYTES = 4_000_000_000
MAX_PARTS = 65_000


class InvalidBundle(InvalidInput):
    """The file is no bundle, or some of it cannot be used; ``details`` is a sentence that says why."""

    code = "INVALID_BUNDLE"
    message = "The bundle cannot be imported."


class BundleTooLarge(Conflict):
    code = "BUNDLE_TOO_LARGE"
    message = "This story is larger than 4 GB or 65,000 files, more than a bundle can hold."
