"""What can go wrong while a text is spoken, each a sentence."""

from __future__ import annotations

from core.errors import InvalidInput, StoryFlowError


class NarrationError(StoryFlowError):
    """The text could not be spoken; the narration there was is untouched."""

    code = "NARRATION_FAILED"
    message = "The narration could not be made."


class NothingToSay(InvalidInput):
    """No letter or digit is left of the text."""

    code = "NOTHING_TO_SAY"
    message = "There is nothing in this text that can be spoken."


class TextTooLong(InvalidInput):
    code = "TEXT_TOO_LONG"
    message = "The text is too long for one segment."


class UnknownVoice(InvalidInput):
    code = "UNKNOWN_VOICE"
    message = "There is no voice of that name."


class VoiceUnavailable(NarrationError):
    """The voice is known, but what it needs is not installed or does not answer."""

    code = "VOICE_UNAVAILABLE"
    message = "That voice cannot speak on this machine."


class InvalidRecording(InvalidInput):
    """Not a recording that can be used; ``details`` says why."""

    code = "INVALID_RECORDING"
    message = "Invalid audio file"


class NarrationCancelled(StoryFlowError):
    code = "CANCELLED"
    message = "Narration was cancelled."
