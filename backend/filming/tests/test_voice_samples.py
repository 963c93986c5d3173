"""Voice samples."""

from __future__ import annotations

import subprocess
import threading
from io import BytesIO
from typing import Any
from unittest import mock

from api.tests.base import StoryTestCase
from filming import voice_samples
from narration.catalogue import use_remote
from narration.engines.remote import RemoteEngine
from narration.sound_files import read_recording
from narration.speech import DEFAULT_VOICE, Voice


class TestVoiceSample(StoryTestCase):
    def ask(self, voice: str = DEFAULT_VOICE, query: str = "", **headers: str) -> Any:
        response = self.client.get(f"/api/settings/voices/{voice}/sample/{query}", headers=headers)
        self.addCleanup(response.close)
        return response

    def test_it_can_be_heard(self) -> None:
        response = self.ask()

        self.assertEqual((response.status_code, response["Content-Type"]), (200, "audio/flac"))
        samples = read_recording(BytesIO(response.getvalue()))
        self.assertGreater(abs(samples).max(), 0.1)

    def test_it_is_made_once_and_a_client_that_has_it_is_told_so(self) -> None:
        etag = self.ask()["ETag"]

        with mock.patch.object(subprocess, "run", side_effect=AssertionError("made again")):
            again = self.ask(**{"If-None-Match": etag})
            self.assertEqual(self.ask().status_code, 200)

        self.assertEqual((again.status_code, again["ETag"]), (304, etag))

    def test_the_server_keeps_no_model_for_it(self) -> None:
        """It is spoken by a process of its own."""
        with mock.patch.object(voice_samples, "write_sample", side_effect=AssertionError("spoken in the server")):
            self.assertEqual(self.ask().status_code, 200)

    def test_a_process_that_fails_leaves_no_half_a_sample(self) -> None:
        failed = subprocess.CompletedProcess([], 1, stdout="", stderr="a traceback")
        with mock.patch.object(subprocess, "run", return_value=failed):
            response = self.ask()

        self.assertEqual(response.status_code, 500)
        self.assertIn("The sample could not be made", response.json()["error"])
        self.assertEqual(list((self.media / ".sf" / "cache" / "samples").iterdir()), [])

    def test_a_voice_that_cannot_speak_says_what_it_needs(self) -> None:
        silent = Voice("mute", "Mute", "kokoro", "en-US", "female", missing="Install it with: make kokoro.")
        with mock.patch.object(voice_samples, "voice_named", return_value=silent):
            response = self.ask("mute")

        self.assertEqual(response.status_code, 409)
        self.assertIn("make kokoro", response.json()["error"])

    def test_another_machine_is_not_asked_without_being_told_to(self) -> None:
        use_remote(RemoteEngine("http://127.0.0.1:9"))
        self.addCleanup(use_remote, None)
        with mock.patch.object(RemoteEngine, "_asked", side_effect=AssertionError("asked")) as asked:
            response = self.ask("remote-alloy")

        self.assertEqual(response.status_code, 409)
        self.assertIn("another machine", response.json()["error"])
        asked.assert_not_called()
        remote = [voice["id"] for voice in self.client.get("/api/settings/voices/").json() if voice["remote"]]
        self.assertEqual(remote, ["remote-alloy"])

    def test_told_to_it_is_asked(self) -> None:
        use_remote(RemoteEngine("http://127.0.0.1:9"))
        self.addCleanup(use_remote, None)

        self.assertEqual(self.ask("remote-alloy", "?remote=1").status_code, 500)  # nobody listens at that port

    def test_a_voice_that_is_not_there_is_404(self) -> None:
        for voice in ("nobody", "..", "%00", "a" * 500):
            with self.subTest(voice):
                self.assertEqual(self.ask(voice).status_code, 404)

    def test_it_is_saved_under_its_own_kind(self) -> None:
        self.assertEqual(self.ask()["Content-Disposition"], f'inline; filename="{DEFAULT_VOICE}.flac"')

    def test_who_has_waited_long_is_told_when_to_ask_again_and_it_is_made_all_the_same(self) -> None:
        may_go_on, run = threading.Event(), subprocess.run

        def slow(*command: Any, **how: Any) -> Any:
            may_go_on.wait(60)
            return run(*command, **how)

        with mock.patch.object(subprocess, "run", slow), mock.patch.object(voice_samples, "_WAIT_S", 0.01):
            first, second = self.ask(), self.ask()
            for response in (first, second):
                self.assertEqual((response.status_code, response["Retry-After"]), (503, "5"))
                self.assertIn("Try again in a moment", response.json()["error"])
            may_go_on.set()
            (making,) = voice_samples._making.values()
            making.result(60)

        with mock.patch.object(subprocess, "run", side_effect=AssertionError("made again")):
            self.assertEqual(self.ask().status_code, 200)
