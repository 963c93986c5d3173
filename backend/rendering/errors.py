"""What can go wrong while a film is made, each a sentence."""

from __future__ import annotations

from core.errors import InvalidInput, StoryFlowError


class RenderingError(StoryFlowError):
    """The film could not be made; the one made before is untouched."""

    code = "RENDERING_FAILED"
    message = "The video could not be made. The previous one is unchanged."


class PictureUnreadable(RenderingError):
    code = "PICTURE_UNREADABLE"
    message = "A picture cannot be read."


class SoundUnreadable(RenderingError):
    code = "SOUND_UNREADABLE"
    message = "A narration cannot be read."


class SubtitleUndrawable(RenderingError):
    """No font at hand has these letters, or nothing here can join them."""

    code = "SUBTITLE_UNDRAWABLE"
    message = "A subtitle cannot be drawn."


class NoSpaceLeft(RenderingError):
    code = "DISK_FULL"
    message = "The disk is full. The video was not finished; what is done is kept, so that it can go on from there."


class VideoNotVerified(RenderingError):
    """What was written does not read back as it was meant: a defect of ours or of the disk."""

    code = "VIDEO_NOT_VERIFIED"
    message = "The finished video did not read back as it should, so it was not put in place of the previous one."


class VideoUnreadable(RenderingError):
    code = "VIDEO_UNREADABLE"
    message = "The video is damaged. Render it again."


class ChunkLost(RenderingError):
    """A finished part is damaged or was tidied away meanwhile; rendering again draws only that."""

    code = "CHUNK_LOST"
    message = "A finished part of the video was lost from the cache. Render again."


class RenderCancelled(StoryFlowError):
    code = "CANCELLED"
    message = "Rendering was cancelled."


class InvalidFormat(InvalidInput):
    """A size, rate or style that no video can have."""

    code = "INVALID_FORMAT"
    message = "The video cannot have this format."
