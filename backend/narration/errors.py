"""Errors of narration."""

from __future__ import annotations

from core.errors import InvalidInput, StoryFlowError


class NarrationError(StoryFlowError):
    """The text could not be narrated; an existing narration is unchanged."""

    code = "NARRATION_FAILED"
    message = "The narration could not be made."


class NothingToSay(InvalidInput):
    """The text has no letter or digit to speak."""

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
    """The recording cannot be used; ``details`` says why."""

    code = "INVALID_RECORDING"
    message = "Invalid audio file"


class NarrationCancelled(StoryFlowError):
    code = "CANCELLED"
    message = "Narration was cancelled."
