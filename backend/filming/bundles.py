"""A project in one file: what its parts are called, and how large it may be.

A bundle is a ZIP, its parts stored as they are: ``story.json``, a script that can also be imported alone, the
pictures, and the sound of the segments.
"""

from __future__ import annotations

from core.errors import Conflict, InvalidInput

VERSION = 1
STORY = "story.json"
# Read whole, and parsed JSON takes up to twenty-five times its size; this is a hundred hours of words.
MAX_STORY_BYTES = 32 * 1024 * 1024
# Of all its objects together: several for each of the segments that a bundle can hold with picture and sound.
MAX_STORY_KEYS = 1_000_000
# What a plain ZIP can hold; beyond it every part of its directory has another form.
MAX_BUNDLE_BYTES = 4_000_000_000
MAX_PARTS = 65_000


class InvalidBundle(InvalidInput):
    """Not a bundle, or not one that can be used whole; ``details`` is a sentence that says why."""

    code = "INVALID_BUNDLE"
    message = "The bundle cannot be imported."


class BundleTooLarge(Conflict):
    code = "BUNDLE_TOO_LARGE"
    message = "This story is larger than 4 GB or 65,000 files, more than a bundle can hold."
