"""A process that narrates a voice sample: read a JSON request, write the FLAC; an error is a sentence on stdout.

It is a separate process, so that the server keeps no model in memory after a sample.
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
