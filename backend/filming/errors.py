"""Errors that narration and rendering raise."""

from __future__ import annotations

from core.errors import Conflict, InvalidInput, NotFound


class NarrationLocked(Conflict):
    """The segment is locked; by contract, the narration endpoints respond with 409, unlike other endpoints."""

    code = "LOCKED"
    message = "Cannot narrate a locked segment. Unlock it first."


class TextChanged(Conflict):
    code = "TEXT_CHANGED"
    message = "The text was changed while it was narrated. Narrate it again."


class AlreadyNarrated(Conflict):
    code = "ALREADY_NARRATED"
    message = "The segment was narrated or recorded meanwhile."


class NoNarration(NotFound):
    code = "NO_NARRATION"
    message = "The segment has no narration."


class VoiceSilent(Conflict):
    """A voice lacks something on this machine; the message says what to install."""

    code = "VOICE_SILENT"
    message = "This voice cannot speak yet."


class SampleLeavesMachine(Conflict):
    code = "SAMPLE_LEAVES_MACHINE"
    message = "This voice speaks on another machine. Ask with remote=1 to send it a sentence."


class NotReady(InvalidInput):
    """Some segments lack a picture or a narration; ``details`` lists their ids."""

    code = "NOT_READY"
    message = "Project not ready for rendering"


class NothingToNarrate(InvalidInput):
    code = "NOTHING_TO_NARRATE"
    message = "The segment has no text to narrate."
