from __future__ import annotations

from contextlib import ExitStack
from io import BytesIO
from unittest import mock

import av
import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile

from api.models import Segment
from api.services.rows import segment_row
from filming import narrating, sound_slots
from filming.models import Narration
from filming.tests.base import TEXTS, FilmTestCase
from media_store.models import TrashEntry
from media_store.recovery import recover
from narration.errors import NarrationError
from narration.sound_files import write_flac


def a_recording(seconds: float = 2.0) -> SimpleUploadedFile:
    sound = BytesIO()
    hum = np.sin(np.arange(round(48_000 * seconds)) / 30) * 0.3
    write_flac(sound, hum.astype(np.float32), 48_000)
    return SimpleUploadedFile("me.flac", sound.getvalue())


def an_opus_recording(container: str) -> bytes:
    sound = BytesIO()
    hum = (np.sin(np.arange(96_000) / 30) * 0.3).astype(np.float32)
    with av.open(sound, "w", format=container) as out:
        stream = out.add_stream("libopus", rate=48_000, layout="mono")
        stream.codec_context.format = "flt"
        for start in range(0, len(hum), 960):
            frame = av.AudioFrame.from_ndarray(hum[None, start : start + 960], format="flt", layout="mono")
            frame.sample_rate, frame.pts = 48_000, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return sound.getvalue()


class GenerateAudioTests(FilmTestCase):
    def generate(self, number: int = 0) -> object:
        answer = self.post(f"/api/segments/{self.segments[number].pk}/generate-audio/")
        self.work()
        return answer

    def test_it_is_accepted_and_then_there(self) -> None:
        answer = self.generate()
        assert answer.status_code == 202
        assert set(answer.data) == {"task_id", "segment_id", "status", "message"}
        segment = self.client.get(f"/api/segments/{self.segments[0].pk}/").data
        assert segment["audio_file"] == f"/media/projects/{self.project.pk}/audio/{self.segments[0].pk}_narration.flac"
        assert 1 < segment["audio_duration"] < 4
        assert self.client.get(segment["audio_file"]).status_code == 200

    def test_its_task_tells_what_was_made(self) -> None:
        answer = self.generate()
        task = self.client.get(f"/api/tasks/{answer.data['task_id']}/status/").data
        assert (task["status"], task["progress"]["percentage"], task["errors"]) == ("COMPLETED", 100.0, [])
        assert task["completed_segments"][0]["segment_id"] == self.segments[0].pk
        assert set(task["completed_segments"][0]) == {"segment_id", "audio_url", "duration"}

    def test_a_locked_segment_is_409_and_keeps_what_it_has(self) -> None:
        Segment.objects.filter(pk=self.segments[0].pk).update(is_locked=True)
        assert self.generate().status_code == 409
        assert not self.fresh(0).audio_file

    def test_a_blank_text_is_400(self) -> None:
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content="  ")
        assert self.generate().status_code == 400

    def test_text_without_a_word_fails_with_its_reason(self) -> None:
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content="🍇🍇")
        answer = self.generate()
        task = self.client.get(f"/api/tasks/{answer.data['task_id']}/status/").data
        assert task["status"] == "FAILED"
        assert task["error"] == "There is nothing in this text that can be spoken."

    def test_unknown_segments_and_odd_ids_are_404(self) -> None:
        for pk in ("0", "999999", "x", "9" * 40, "%00"):
            assert self.post(f"/api/segments/{pk}/generate-audio/").status_code == 404

    def test_the_same_segment_twice_at_once_is_409_and_names_the_task(self) -> None:
        first = self.post(f"/api/segments/{self.segments[0].pk}/generate-audio/")
        second = self.post(f"/api/segments/{self.segments[0].pk}/generate-audio/")
        assert second.status_code == 409
        assert second.data["details"]["task_id"] == first.data["task_id"]

    def test_a_text_changed_meanwhile_is_not_given_the_old_words(self) -> None:
        answer = self.post(f"/api/segments/{self.segments[0].pk}/generate-audio/")
        older = {**segment_row(self.segments[0].pk), "text_content": "Older."}
        with mock.patch.object(narrating, "_rows", lambda ids, errors: [older]):
            self.work()
        task = self.client.get(f"/api/tasks/{answer.data['task_id']}/status/").data
        assert "changed while it was narrated" in task["error"]
        assert not self.fresh(0).audio_file

    def test_nothing_is_left_lying_about(self) -> None:
        for _ in range(3):
            self.generate()
        report = recover()
        assert report.is_clean
        assert not report.quarantined
        assert self.leftovers() == []
        assert self.trashed_files() == []
        assert self.trash() == []


class GenerateAllTests(FilmTestCase):
    def test_all_that_need_it_are_narrated_and_the_next_time_none(self) -> None:
        task = self.narrate_all()
        assert [part["segment_id"] for part in sorted(task["completed_segments"], key=str)] == [
            segment.pk for segment in self.segments
        ]
        answer = self.post(f"/api/projects/{self.project.pk}/generate-all-audio/")
        assert (answer.data["total_segments"], answer.data["segments_to_process"]) == (3, 0)

    def test_an_edited_text_is_narrated_again_and_only_that(self) -> None:
        self.narrate_all()
        self.patch(f"/api/segments/{self.segments[1].pk}/", {"text_content": "Somebody came."})
        task = self.narrate_all()
        assert [part["segment_id"] for part in task["completed_segments"]] == [self.segments[1].pk]
        assert self.narration(1).text == "Somebody came."

    def test_locked_ones_are_skipped_or_refused(self) -> None:
        Segment.objects.filter(pk=self.segments[2].pk).update(is_locked=True)
        url = f"/api/projects/{self.project.pk}/generate-all-audio/"
        assert self.post(url, {"skip_locked": False}).status_code == 409
        assert self.post(url).data["segments_to_process"] == 2

    def test_force_narrates_even_what_is_fresh(self) -> None:
        self.narrate_all()
        assert len(self.narrate_all(force_regenerate=True)["completed_segments"]) == 3

    def test_one_that_fails_does_not_stop_the_others(self) -> None:
        Segment.objects.filter(pk=self.segments[1].pk).update(text_content="🍇")
        task = self.narrate_all()
        assert task["status"] == "COMPLETED"
        assert len(task["completed_segments"]) == 2
        assert task["errors"][0]["segment_id"] == self.segments[1].pk

    def test_a_voice_that_fails_is_told_with_its_sentence(self) -> None:
        failing = mock.patch("filming.narrating.narrate", side_effect=NarrationError("The voice is hoarse."))
        with failing:
            task = self.narrate_all()
        assert (task["status"], task["error"]) == ("FAILED", "The voice is hoarse.")

    def test_switches_must_be_true_or_false(self) -> None:
        url = f"/api/projects/{self.project.pk}/generate-all-audio/"
        for body in ({"skip_locked": "yes"}, {"force_regenerate": 1}, {"force_regenerate": None}):
            assert self.post(url, body).status_code == 400

    def test_cancelling_before_it_starts_narrates_nothing(self) -> None:
        answer = self.post(f"/api/projects/{self.project.pk}/generate-all-audio/")
        cancelled = self.post(f"/api/tasks/{answer.data['task_id']}/cancel/")
        assert cancelled.data["status"] == "CANCELLED"
        self.work()
        assert not self.fresh(0).audio_file


class RecordingTests(FilmTestCase):
    def record(self, number: int = 0, file: SimpleUploadedFile | None = None) -> object:
        return self.client.post(f"/api/segments/{self.segments[number].pk}/audio/", {"audio": file or a_recording()})

    def test_a_persons_own_voice_becomes_the_narration(self) -> None:
        answer = self.record()
        assert answer.status_code == 200, answer.data
        assert abs(answer.data["audio_duration"] - 2.0) < 0.05
        words = self.client.get(f"/api/segments/{self.segments[0].pk}/words/").data
        assert (words["voice"], words["stale"], words["timing"] in ("aligned", "estimated")) == ("", False, True)
        assert [word["text"] for word in words["words"]] == TEXTS[0].split()

    def test_narrating_all_never_replaces_it(self) -> None:
        self.record()
        assert len(self.narrate_all(force_regenerate=True)["completed_segments"]) == 2
        assert self.narration(0).is_recording

    def test_replaced_it_waits_in_the_trash_and_comes_back_with_its_words(self) -> None:
        self.record()
        before = self.file_of(self.fresh(0).audio_file.name).read_bytes()
        self.post(f"/api/segments/{self.segments[0].pk}/generate-audio/")
        self.work()
        assert not self.narration(0).is_recording
        (entry,) = self.trash()
        assert (entry["what"], entry["segment"]) == ("recording", self.segments[0].pk)
        assert self.post(f"/api/trash/{entry['id']}/restore/").status_code == 200
        assert self.file_of(self.fresh(0).audio_file.name).read_bytes() == before
        assert self.narration(0).is_recording
        assert self.narration(0).words
        assert self.trash() == []  # what the voice had said can be said again

    def test_removed_it_can_be_restored(self) -> None:
        self.record()
        answer = self.client.delete(f"/api/segments/{self.segments[0].pk}/audio/")
        assert (answer.data["audio_file"], answer.data["audio_duration"]) == (None, None)
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.fresh(0).audio_duration == 2.0

    def test_what_is_no_recording_is_refused_and_changes_nothing(self) -> None:
        self.record()
        before = self.state()
        for content in (b"", b"#EXTM3U\nfile:///etc/passwd", b"RIFF....WAVE", b"fLaC" + b"\0" * 99, b"\xff\xd8\xff"):
            answer = self.record(file=SimpleUploadedFile("a.wav", content))
            assert answer.status_code == 400, content
            assert answer.data["error"]
        assert self.state() == before

    def test_what_a_browser_records_is_taken_whatever_its_name(self) -> None:
        for name, container in (("blob", "webm"), ("voice.webm", "webm"), ("voice.ogg", "ogg"), ("voice.opus", "ogg")):
            answer = self.record(file=SimpleUploadedFile(name, an_opus_recording(container)))
            assert answer.status_code == 200, answer.data
            assert abs(answer.data["audio_duration"] - 2.0) < 0.1

    def test_when_all_slots_stay_taken_it_is_told_to_come_again_and_nothing_changed(self) -> None:
        self.record()
        before = self.state()
        with ExitStack() as held, mock.patch.object(sound_slots, "WAIT_S", 0.1):
            for _ in range(sound_slots.MAX_DECODING):
                held.enter_context(sound_slots.sound_slot())
            answer = self.record()
            assert (answer.status_code, answer.data) == (503, {"error": sound_slots.BUSY})
            assert self.state() == before
        assert self.record().status_code == 200

    def test_no_file_a_locked_and_an_unknown_segment(self) -> None:
        assert self.client.post(f"/api/segments/{self.segments[0].pk}/audio/").status_code == 400
        assert self.client.post("/api/segments/999999/audio/").status_code == 404
        Segment.objects.filter(pk=self.segments[0].pk).update(is_locked=True)
        assert self.record().status_code == 400
        assert self.client.delete(f"/api/segments/{self.segments[0].pk}/audio/").status_code == 400

    def test_removing_where_there_is_none_is_404(self) -> None:
        assert self.client.delete(f"/api/segments/{self.segments[0].pk}/audio/").status_code == 404


class WordsTests(FilmTestCase):
    def words(self, number: int = 0) -> dict:
        return dict(self.client.get(f"/api/segments/{self.segments[number].pk}/words/").data)

    def test_each_word_has_its_time_and_its_place_in_the_text(self) -> None:
        self.narrate_all()
        found = self.words()
        assert (found["timing"], found["stale"], found["voice"]) == ("exact", False, "heart")
        text = TEXTS[0]
        assert [text[w["char"] : w["char"] + w["length"]] for w in found["words"]] == text.split()
        assert found["duration"] == self.narration(0).duration_s

    def test_an_edit_makes_it_stale_and_undoing_the_edit_does_not(self) -> None:
        self.narrate_all()
        url = f"/api/segments/{self.segments[0].pk}/"
        self.patch(url, {"text_content": "Other."})
        assert self.words()["stale_reason"] == "The text was changed after it was narrated."
        self.patch(url, {"text_content": TEXTS[0]})
        assert not self.words()["stale"]

    def test_another_voice_makes_it_stale(self) -> None:
        self.narrate_all()
        self.patch("/api/settings/", {"speed": 1.2})
        assert "Voice, speed or pauses" in self.words()["stale_reason"]

    def test_without_a_narration_it_is_404(self) -> None:
        assert self.client.get(f"/api/segments/{self.segments[0].pk}/words/").status_code == 404

    def test_a_sound_that_came_otherwise_is_told_without_words(self) -> None:
        name = self.a_file("projects/1/audio/old.flac")
        Segment.objects.filter(pk=self.segments[0].pk).update(audio_file=name, audio_duration=2.5)
        found = self.words()
        assert (found["duration"], found["words"], found["stale"]) == (2.5, [], True)

    def test_a_deleted_and_restored_segment_has_its_words_again(self) -> None:
        self.narrate_all()
        before = self.words()
        self.client.delete(f"/api/segments/{self.segments[0].pk}/")
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.words() == before

    def test_a_deleted_and_restored_project_has_its_words_again(self) -> None:
        self.narrate_all()
        before = self.words(2)
        self.client.delete(f"/api/projects/{self.project.pk}/")
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.words(2) == before
        assert Narration.objects.count() == 3
        assert TrashEntry.objects.filter(state="trashed").count() == 0
