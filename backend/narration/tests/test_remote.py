from __future__ import annotations

import json
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from narration import catalogue
from narration.engines.remote import RemoteEngine
from narration.errors import NarrationError, VoiceUnavailable
from narration.narrator import VoiceSettings, narrate


class Speaker(BaseHTTPRequestHandler):
    asked: list[dict] = []
    status, sound, location = 200, b"", ""

    def do_POST(self) -> None:
        type(self).asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", str(len(self.sound)))
        self.end_headers()
        self.wfile.write(self.sound)

    def log_message(self, *args: object) -> None:
        """Quiet."""


def a_streamed_wav(seconds: float = 1.0) -> bytes:
    """With the lengths a server writes that does not know them yet."""
    samples = (8000 * np.sin(np.arange(round(24_000 * seconds)) / 20)).astype("<i2").tobytes()
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 24_000, 48_000, 2, 16)
    return head + b"data\xff\xff\xff\xff" + samples


@pytest.fixture
def speaker() -> Iterator[type[Speaker]]:
    handler = type("OwnSpeaker", (Speaker,), {"asked": [], "sound": a_streamed_wav()})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    catalogue.use_remote(RemoteEngine(f"http://127.0.0.1:{server.server_port}", voice_names=("nova",)))
    yield handler
    catalogue.use_remote(None)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_remote_voice_is_asked_in_the_openai_form(tmp_path: Path, speaker: type[Speaker]) -> None:
    speech = narrate("Good morning.", VoiceSettings(voice="remote-nova", speed=1.2), tmp_path)
    assert speaker.asked == [
        {
            "model": "tts-1",
            "input": "Good morning.",
            "voice": "nova",
            "response_format": "wav",
            "speed": 1.2,
            "stream": False,
        }
    ]
    assert speech.duration_s == pytest.approx(1.0, abs=0.05)
    assert speech.timing in ("aligned", "estimated")


def test_an_error_of_the_server_is_a_sentence_with_its_status(tmp_path: Path, speaker: type[Speaker]) -> None:
    speaker.status = 503
    with pytest.raises(NarrationError, match="answered 503"):
        narrate("Good morning.", VoiceSettings(voice="remote-nova"), tmp_path)


def test_an_answer_that_is_no_sound_is_refused(tmp_path: Path, speaker: type[Speaker]) -> None:
    speaker.sound = b"<html>"
    with pytest.raises(NarrationError, match="no sound"):
        narrate("Good morning.", VoiceSettings(voice="remote-nova"), tmp_path)


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    catalogue.use_remote(RemoteEngine("http://127.0.0.1:9"))
    try:
        with pytest.raises(VoiceUnavailable, match="does not answer"):
            narrate("Good morning.", VoiceSettings(voice="remote-alloy"), tmp_path)
    finally:
        catalogue.use_remote(None)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["another host", "another port", "another path", "another scheme"])
def test_a_redirect_is_never_followed_and_the_key_goes_nowhere_else(
    tmp_path: Path, speaker: type[Speaker], status: int, target: str
) -> None:
    came: list[str] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """Quiet."""

    other = HTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    location = {
        "another host": f"http://localhost:{other.server_port}/internal",
        "another port": f"http://127.0.0.1:{other.server_port}/v1/audio/speech",
        "another path": "/v1/elsewhere",
        "another scheme": f"https://127.0.0.1:{other.server_port}/",
    }[target]
    speaker.status, speaker.location = status, location
    try:
        with pytest.raises(NarrationError, match=f"answered {status}, a redirect to another address, which is not"):
            narrate("Good morning.", VoiceSettings(voice="remote-nova"), tmp_path)
    finally:
        other.shutdown()
        thread.join()
        other.server_close()
    assert came == []
    assert len(speaker.asked) == 1
