"""Speaks a few words and leaves: reads a JSON request, writes the FLAC it names; a refusal is a sentence on stdout.

In a process of its own, so that the server keeps no model in memory because somebody listened to a voice.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from core.errors import StoryFlowError
from narration.narrator import VoiceSettings, narrate
from narration.sound_files import write_flac


def main() -> None:
    request = json.load(sys.stdin)
    try:
        speech = narrate(request["text"], VoiceSettings(request["voice"]), Path(request["cache"]))
    except StoryFlowError as exc:
        sys.stdout.write(exc.message)
        sys.exit(1)
    write_flac(Path(request["out"]), speech.samples, speech.sample_rate)


if __name__ == "__main__":
    main()
