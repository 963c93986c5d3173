"""Overrides of a segment: its voice and the pause after it."""

from __future__ import annotations

from typing import Any
from unittest import mock

from filming import narrating
from filming.models import Render
from filming.narrations import READ_OTHERWISE
from filming.tests.writing import GARBAGE, WritingTestCase
from narration.errors import VoiceUnavailable
from narration.speech import DEFAULT_VOICE

OTHER = "espeak-en"


class SettingsTestCase(WritingTestCase):
    def settings_of(self, number: int) -> dict[str, Any]:
        return dict(self.client.get(f"/api/segments/{self.segments[number].pk}/settings/").json())

    def change(self, number: int, body: Any) -> Any:
        return self.send("PATCH", f"/api/segments/{self.segments[number].pk}/settings/", body)


class SegmentSettingsTests(SettingsTestCase):
    def test_without_any_those_of_the_story_hold(self) -> None:
        assert self.settings_of(0) == {"values": {"voice": DEFAULT_VOICE, "pause_s": 0.2}, "own": {}}
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"voice": "heart", "segment_pause_s": 1})
        assert self.settings_of(0)["values"] == {"voice": "heart", "pause_s": 1}

    def test_its_own_hold_for_it_alone_until_null_takes_them_back(self) -> None:
        answer = self.change(0, {"voice": "heart", "pause_s": 2})
        assert answer.json() == {
            "values": {"voice": "heart", "pause_s": 2.0},
            "own": {"voice": "heart", "pause_s": 2.0},
        }
        assert self.settings_of(1)["own"] == {}
        assert self.change(0, {"voice": None}).json()["own"] == {"pause_s": 2.0}

    def test_a_change_is_a_new_version_of_the_segment(self) -> None:
        before = self.etag(self.segments[0])
        self.change(0, {"pause_s": 2})
        assert self.etag(self.segments[0]) != before

    def test_what_cannot_be_used_is_refused_with_nothing_changed(self) -> None:
        self.change(0, {"pause_s": 1})
        before = self.settings_of(0)
        for body in (
            *({"voice": it} for it in GARBAGE if it is not None),
            *({"pause_s": it} for it in (*GARBAGE, 0.05, 5.5) if it not in (None, 1.5)),
            {"pause_s": 2, "voice": "nobody"},
            {"speed": 1},
            {"\0": 1},
            [],
            None,
        ):
            assert self.change(0, body).status_code == 400, body
        assert self.settings_of(0) == before

    def test_a_locked_one_keeps_its_own_and_an_unknown_one_is_404(self) -> None:
        self.lock(self.segments[0])
        assert self.change(0, {"pause_s": 1}).json() == {"error": "Cannot modify a locked segment."}
        assert self.settings_of(0)["own"] == {}
        for pk in ("999999", "x", str(10**40)):
            assert self.client.get(f"/api/segments/{pk}/settings/").status_code == 404
            assert self.send("PATCH", f"/api/segments/{pk}/settings/", {}).status_code == 404


class InUseTests(SettingsTestCase):
    """What a voice and a pause of its own do."""

    def stale(self) -> list[int]:
        return list(self.client.get(f"/api/projects/{self.project.pk}/readiness/").json()["stale_audio"])

    def length_s(self) -> float:
        return float(self.client.get(f"/api/projects/{self.project.pk}/readiness/").json()["duration_s"])

    def test_a_segment_is_narrated_by_its_own_voice_alone_or_with_all_others(self) -> None:
        self.change(1, {"voice": OTHER})
        self.narrate_all()
        assert [self.narration(number).voice for number in range(3)] == [DEFAULT_VOICE, OTHER, DEFAULT_VOICE]
        assert self.stale() == []
        self.change(0, {"voice": OTHER})
        assert self.post(f"/api/segments/{self.segments[0].pk}/generate-audio/").status_code == 202
        self.work()
        assert self.narration(0).voice == OTHER
        assert self.stale() == []

    def test_another_voice_makes_only_its_own_narration_stale_and_back_again_fresh(self) -> None:
        self.narrate_all()
        self.change(1, {"voice": OTHER})
        assert self.stale() == [self.segments[1].pk]
        words = self.client.get(f"/api/segments/{self.segments[1].pk}/words/").json()
        assert (words["stale"], words["stale_reason"]) == (True, READ_OTHERWISE)
        self.change(1, {"voice": None})
        assert self.stale() == []

    def test_the_story_s_voice_leaves_a_segment_with_its_own_alone(self) -> None:
        self.change(1, {"voice": DEFAULT_VOICE})
        self.narrate_all()
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"voice": OTHER})
        assert self.stale() == [self.segments[0].pk, self.segments[2].pk]

    def test_a_render_says_what_is_stale_in_its_own_voice(self) -> None:
        self.make_film()
        self.change(1, {"voice": OTHER})
        self.render()
        assert [self.narration(number).voice for number in range(3)] == [DEFAULT_VOICE, OTHER, DEFAULT_VOICE]
        assert self.stale() == []

    def test_a_pause_of_its_own_makes_the_story_and_the_film_longer_and_no_narration_stale(self) -> None:
        before = self.make_film()
        length_s = self.length_s()
        self.change(1, {"pause_s": 3.2})
        assert round(self.length_s() - length_s, 2) == 3.0
        assert self.stale() == []
        self.render()
        assert Render.objects.latest("pk").frames - before.frames == 30

    def test_a_voice_that_cannot_speak_refuses_to_narrate_before_anything_is_queued(self) -> None:
        self.change(1, {"voice": OTHER})
        with mock.patch.object(narrating, "engine_of", side_effect=VoiceUnavailable("It needs something.")):
            answer = self.post(f"/api/projects/{self.project.pk}/generate-all-audio/")
        assert (answer.status_code, answer.json()["error"]) == (409, "It needs something.")

    def test_a_copy_of_the_project_has_them_too(self) -> None:
        self.change(1, {"voice": OTHER, "pause_s": 2})
        copy = self.post(f"/api/projects/{self.project.pk}/duplicate/").json()["segments"]
        own = [self.client.get(f"/api/segments/{row['id']}/settings/").json()["own"] for row in copy]
        assert own == [{}, {"voice": OTHER, "pause_s": 2}, {}]

    def test_a_deleted_segment_comes_back_with_them(self) -> None:
        self.change(1, {"voice": OTHER, "pause_s": 2})
        self.client.delete(f"/api/segments/{self.segments[1].pk}/")
        self.restore(self.client.get("/api/trash/").json()[0]["id"])
        assert self.settings_of(1)["own"] == {"voice": OTHER, "pause_s": 2}

    def test_a_story_lists_the_segments_that_have_any_in_order(self) -> None:
        self.change(2, {"voice": OTHER, "pause_s": 2})
        self.choose(self.segments[0], motion="still")
        self.choose(self.segments[1], focus=[0, 0])
        none = {"motion": None, "fit": None, "voice": None, "pause_s": None}
        assert self.client.get(f"/api/projects/{self.project.pk}/segments/").json() == [
            {"id": self.segments[0].pk, **none, "motion": "still"},
            {"id": self.segments[2].pk, **none, "voice": OTHER, "pause_s": 2},
        ]
        assert self.client.get("/api/projects/999999/segments/").status_code == 404
