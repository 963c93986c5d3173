"""Shared helpers for the tests of timeline editing."""

from __future__ import annotations

from typing import Any

from api.models import Segment
from filming.tests.base import FilmTestCase
from media_store.recovery import recover

EDIT_LOCKED = {"error": "Cannot edit a locked segment. Unlock it first."}
# What a client may send where a whole number, a text or an object is meant.
GARBAGE: tuple[Any, ...] = (None, "x", "3", True, 1.5, [], [3], {}, -1, 0, 10**40, -(10**40), 1e300, "\0", "\ud800")


class WritingTestCase(FilmTestCase):
    def split(self, segment: Segment | int, at: Any, **headers: str) -> Any:
        return self.act(segment, "split", {"at": at}, **headers)

    def merge(self, segment: Segment | int, body: Any = None, **headers: str) -> Any:
        return self.act(segment, "merge", {} if body is None else body, **headers)

    def duplicate_of(self, segment: Segment | int) -> Any:
        return self.act(segment, "duplicate", {})

    def act(self, segment: Segment | int, what: str, body: Any, **headers: str) -> Any:
        pk = segment if isinstance(segment, int) else segment.pk
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", f"/api/segments/{pk}/{what}/", body, named)

    def restore(self, entry: int) -> Any:
        return self.send("POST", f"/api/trash/{entry}/restore/", {})

    def own(self, segment: Segment | int) -> dict[str, Any]:
        """Return the framing and settings that the segment overrides."""
        pk = segment if isinstance(segment, int) else segment.pk
        framing = self.client.get(f"/api/segments/{pk}/framing/").json()
        names = ("focus", "motion", "fit")
        return {name: framing[name] for name in names} | self.client.get(f"/api/segments/{pk}/settings/").json()["own"]

    def choose(self, segment: Segment | int, **choices: Any) -> None:
        pk = segment if isinstance(segment, int) else segment.pk
        settings = {name: value for name, value in choices.items() if name in ("voice", "pause_s")}
        framing = {name: value for name, value in choices.items() if name not in settings}
        for what, body in (("settings", settings), ("framing", framing)):
            answer = self.patch(f"/api/segments/{pk}/{what}/", body)
            assert answer.status_code == 200, answer.data

    def story(self) -> list[tuple[Any, ...]]:
        """Return the visible state of all segments, in order: id, text, prompt, picture, sound, lock, overrides."""
        answer = self.client.get(f"/api/projects/{self.project.pk}/").json()
        columns = ("id", "text_content", "image_prompt", "image_file", "audio_file", "audio_duration", "is_locked")
        return [(*(row[name] for name in columns), self.own(row["id"])) for row in answer["segments"]]

    def texts(self) -> list[str]:
        return [row[1] for row in self.story()]

    def lock(self, segment: Segment) -> None:
        Segment.objects.filter(pk=segment.pk).update(is_locked=True)

    def etag(self, segment: Segment) -> str:
        return str(self.client.get(f"/api/segments/{segment.pk}/")["ETag"])

    def assert_clean(self) -> None:
        """Assert that every file has its row and every row its file."""
        report = recover()
        assert report.is_clean
        assert not report.quarantined
        assert not report.missing
