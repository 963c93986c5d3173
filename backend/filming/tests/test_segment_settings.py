"""What one segment has of its own: a voice, and the silence after it."""

from __future__ import annotations

from typing import Any

from filming.tests.writing import GARBAGE, WritingTestCase
from narration.speech import DEFAULT_VOICE


class SegmentSettingsTests(WritingTestCase):
    def settings_of(self, number: int) -> dict[str, Any]:
        return dict(self.client.get(f"/api/segments/{self.segments[number].pk}/settings/").json())

    def change(self, number: int, body: Any) -> Any:
        return self.send("PATCH", f"/api/segments/{self.segments[number].pk}/settings/", body)

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
