"""Errors of rendering."""

from __future__ import annotations

from core.errors import InvalidInput, StoryFlowError


class RenderingError(StoryFlowError):
    """The film could not be rendered; an existing one is unchanged."""

    code = "RENDERING_FAILED"
    message = "The video could not be made. The previous one is unchanged."


class PictureUnreadable(RenderingError):
    code = "PICTURE_UNREADABLE"
    message = "A picture cannot be read."


class SoundUnreadable(RenderingError):
    code = "SOUND_UNREADABLE"
    message = "A narration cannot be read."


class SubtitleUndrawable(RenderingError):
    """No available font has these letters, or their script cannot be shaped."""

    code = "SUBTITLE_UNDRAWABLE"
    message = "A subtitle cannot be drawn."


class NoSpaceLeft(RenderingError):
    code = "DISK_FULL"
    message = "The disk is full. The video was not finished; what is done is kept, so that it can go on from there."


class VideoNotVerified(RenderingError):
    """The written file does not read back as expected: a defect of this program or of the disk."""

    code = "VIDEO_NOT_VERIFIED"
    message = "The finished video did not read back as it should, so it was not put in place of the previous one."


class VideoUnreadable(RenderingError):
    code = "VIDEO_UNREADABLE"
    message = "The video is damaged. Render it again."


class ChunkLost(RenderingError):
    """A chunk is damaged or was deleted meanwhile; rendering again draws only that chunk."""

    code = "CHUNK_LOST"
    message = "A finished part of the video was lost from the cache. Render again."


class RenderCancelled(StoryFlowError):
    code = "CANCELLED"
    message = "Rendering was cancelled."


class InvalidFormat(InvalidInput):
    """The format has a size, rate or style that no video can have."""

    code = "INVALID_FORMAT"
    message = "The video cannot have this format."
