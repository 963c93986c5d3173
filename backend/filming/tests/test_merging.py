"""Merging two segments, and undoing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.models import Segment
from filming.merging import NOTHING_BEFORE, ONLY_RESTORED, TAKEN_BACK
from filming.models import Narration
from filming.tests.writing import EDIT_LOCKED, GARBAGE, WritingTestCase
from media_store.models import AuditEntry, TrashEntry


class MergeTests(WritingTestCase):
    def test_the_one_before_has_both_texts_and_the_second_waits_in_the_trash(self) -> None:
        answer = self.merge(self.segments[1])

        assert answer.status_code == 200, answer.content
        assert answer.json()["segment"]["id"] == self.segments[0].pk
        assert self.texts() == ["The old house stood empty. Nobody came.", "Then the door moved."]
        (entry,) = self.client.get("/api/trash/").json()
        assert (entry["id"], entry["what"], entry["segment"]) == (
            answer.json()["trash"],
            "segment",
            self.segments[1].pk,
        )

    def test_a_text_in_lines_is_joined_by_a_line_break_and_any_other_can_be_sent(self) -> None:
        Segment.objects.filter(pk=self.segments[1].pk).update(text_content="Nobody\ncame.")
        assert self.merge(self.segments[1]).json()["segment"]["text_content"] == (
            "The old house stood empty.\nNobody\ncame."
        )
        answer = self.merge(self.segments[2], {"text_content": " All of it. "})
        assert answer.json()["segment"]["text_content"] == "All of it."

    def test_a_picture_that_the_first_lacks_moves_to_it_with_how_it_is_looked_at(self) -> None:
        self.give_picture(self.segments[1], "teal")
        self.choose(self.segments[1], motion="still", focus=[0.1, 0.2], fit="contain", voice="heart", pause_s=1.5)
        self.choose(self.segments[0], motion="drift", pause_s=3)
        self.client.patch(f"/api/segments/{self.segments[1].pk}/", {"image_prompt": "Teal"}, format="json")
        files = self.live_bytes()
        picture = self.fresh(1).image_file.name

        merged = self.merge(self.segments[1]).json()["segment"]

        assert (merged["image_file"], merged["image_prompt"]) == (f"/media/{picture}", "Teal")
        assert self.live_bytes() == files
        assert self.own(self.segments[0]) == {"motion": "still", "focus": [0.1, 0.2], "fit": "contain", "pause_s": 1.5}
        self.assert_clean()

    def test_a_first_with_a_picture_keeps_it_and_the_second_s_goes_to_the_trash(self) -> None:
        self.give_pictures()
        self.choose(self.segments[0], motion="drift")
        self.choose(self.segments[1], motion="still")
        first = self.fresh(0).image_file.name

        merged = self.merge(self.segments[1]).json()["segment"]

        assert merged["image_file"] == f"/media/{first}"
        assert self.own(self.segments[0])["motion"] == "drift"
        (entry,) = self.client.get("/api/trash/").json()
        assert entry["has_picture"] is True
        self.assert_clean()

    def test_the_second_s_narration_and_recording_go_to_the_trash_with_it(self) -> None:
        self.narrate_all()
        self.merge(self.segments[1])
        assert TrashEntry.objects.get().files.get().place.endswith("_narration.flac")
        assert self.client.get(f"/api/segments/{self.segments[0].pk}/words/").json()["stale"] is True
        self.assert_clean()

    def test_the_audit_says_what_became_of_segment_and_picture(self) -> None:
        self.give_picture(self.segments[1], "teal")
        AuditEntry.objects.all().delete()
        self.merge(self.segments[1])
        first, second = (segment.pk for segment in self.segments[:2])
        rows = set(AuditEntry.objects.values_list("act", "kind", "record", "note"))
        assert rows == {
            ("merge", "segment", str(second), "merged into the one before"),
            ("merge", "segment", str(first), f"with segment {second}"),
            ("merge", "image", str(first), f"from segment {second}"),
        }


class TakenBackTests(WritingTestCase):
    def take_back(self, entry: int) -> dict[str, Any]:
        answer = self.restore(entry)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def test_restoring_takes_the_merge_back_whichever_of_them_had_a_picture(self) -> None:
        self.narrate_all()
        for pictures in ((), (0,), (1,), (0, 1)):
            for number in (0, 1):
                if number in pictures:
                    self.give_picture(self.segments[number], "teal")
                    self.choose(self.segments[number], motion="still", focus=[0.2, 0.3])
            self.choose(self.segments[0], pause_s=2)
            self.choose(self.segments[1], voice="heart", pause_s=1)
            before, files = self.story(), self.live_bytes()

            entry = self.merge(self.segments[1]).json()["trash"]
            assert self.take_back(entry)["message"] == TAKEN_BACK

            assert (self.story(), self.live_bytes()) == (before, files), pictures
            assert self.client.get("/api/trash/").json() == []
            assert Narration.objects.count() == 3
            self.assert_clean()
            for segment in self.segments[:2]:
                self.client.delete(f"/api/segments/{segment.pk}/remove-image/")
                self.choose(segment, motion=None, focus=None)
            TrashEntry.objects.all().delete()

    def test_every_column_of_the_second_but_none_of_the_others_is_as_before(self) -> None:
        self.give_picture(self.segments[1], "teal")
        before = self.rows_by_id()
        self.take_back(self.merge(self.segments[1]).json()["trash"])
        after = self.rows_by_id()
        first = self.segments[0].pk
        changed = {name for name, value in after[first].items() if value != before[first][name]}
        assert changed == {"updated_at"}
        assert {pk: row for pk, row in after.items() if pk != first} == {
            pk: row for pk, row in before.items() if pk != first
        }

    def rows_by_id(self) -> dict[int, dict[str, Any]]:
        """No file is kept as null or as an empty name."""
        return {row["id"]: {name: value or None for name, value in row.items()} for row in self.segment_rows()}

    def after(self, change: Callable[[], object]) -> None:
        """What was changed in the first since is kept, and only the second comes back."""
        self.give_picture(self.segments[1], "teal")
        entry = self.merge(self.segments[1]).json()["trash"]
        change()
        first = [row for row in self.story() if row[0] == self.segments[0].pk]

        assert self.take_back(entry)["message"] == ONLY_RESTORED

        story = self.story()
        assert [row for row in story if row[0] == self.segments[0].pk] == first
        (second,) = [row for row in story if row[0] == self.segments[1].pk]
        assert (second[1], second[3]) == ("Nobody came.", None)
        self.assert_clean()

    def test_a_text_that_was_written_since_is_kept(self) -> None:
        url = f"/api/segments/{self.segments[0].pk}/"
        self.after(lambda: self.client.patch(url, {"text_content": "Mine."}, format="json"))

    def test_a_picture_that_was_given_since_is_kept(self) -> None:
        self.after(lambda: self.give_picture(self.segments[0], "maroon"))

    def test_a_lock_that_was_set_since_is_kept(self) -> None:
        self.after(lambda: self.lock(self.segments[0]))

    def test_a_first_that_was_deleted_since_stays_deleted(self) -> None:
        self.after(lambda: self.client.delete(f"/api/segments/{self.segments[0].pk}/"))

    def test_a_choice_made_since_stays_and_the_rest_is_taken_back(self) -> None:
        self.give_picture(self.segments[1], "teal")
        self.choose(self.segments[1], motion="still", fit="contain")
        entry = self.merge(self.segments[1]).json()["trash"]
        self.choose(self.segments[0], motion="drift")
        self.take_back(entry)
        assert self.own(self.segments[0]) == {"focus": [0.5, 0.5], "motion": "drift", "fit": None}
        assert self.own(self.segments[1]) == {"focus": [0.5, 0.5], "motion": "still", "fit": "contain"}

    def test_merges_one_upon_the_other_are_taken_back_in_turn(self) -> None:
        self.give_picture(self.segments[2], "teal")
        before = self.story()
        entries = [self.merge(self.segments[number]).json()["trash"] for number in (2, 1)]
        assert len(self.story()) == 1
        for entry in reversed(entries):
            assert self.take_back(entry)["message"] == TAKEN_BACK
        assert self.story() == before
        self.assert_clean()

    def test_it_stands_again_where_it_stood_also_when_others_came_between(self) -> None:
        entry = self.merge(self.segments[1]).json()["trash"]
        self.duplicate_of(self.segments[0])
        self.take_back(entry)
        ids = [row[0] for row in self.story()]
        assert ids[:2] == [self.segments[0].pk, self.segments[1].pk]
        assert len(ids) == 4

    def test_an_ordinary_deletion_comes_back_as_ever(self) -> None:
        self.client.delete(f"/api/segments/{self.segments[1].pk}/")
        (entry,) = self.client.get("/api/trash/").json()
        assert self.take_back(entry["id"])["message"] == "Segment restored"


class RefusedMergeTests(WritingTestCase):
    def test_the_first_has_nothing_before_it(self) -> None:
        before = self.state()
        answer = self.merge(self.segments[0])
        assert (answer.status_code, answer.json()) == (400, {"error": NOTHING_BEFORE})
        assert self.state() == before

    def test_a_lock_on_either_refuses_before_anything_else_is_looked_at(self) -> None:
        for locked, merged in ((0, 1), (0, 0), (1, 1)):
            Segment.objects.update(is_locked=False)
            self.lock(self.segments[locked])
            before = self.state()
            for body in ({}, {"text_content": None}):
                answer = self.merge(self.segments[merged], body)
                assert (answer.status_code, answer.json()) == (400, EDIT_LOCKED)
            assert self.state() == before

    def test_a_text_that_is_none_is_refused_with_nothing_changed(self) -> None:
        before = self.state()
        for text in (*(it for it in GARBAGE if it not in ("x", "3")), "", "  \n "):
            answer = self.merge(self.segments[1], {"text_content": text})
            assert (answer.status_code, list(answer.json()["details"])) == (400, ["text_content"]), text
        for body in ([], "x", 3):
            assert self.act(self.segments[1], "merge", body).status_code == 400, body
        assert self.state() == before

    def test_what_is_not_there_is_404_and_another_version_412(self) -> None:
        for pk in ("999999", "0", "x", str(10**40)):
            assert self.send("POST", f"/api/segments/{pk}/merge/", {}).status_code == 404
        stale = self.etag(self.segments[1])
        self.client.patch(f"/api/segments/{self.segments[1].pk}/", {"text_content": "Other."}, format="json")
        assert self.merge(self.segments[1], If_Match=stale).status_code == 412
        assert self.merge(self.segments[1], If_Match=self.etag(self.segments[1])).status_code == 200

    def test_another_project_s_segment_is_never_the_one_before(self) -> None:
        other = self.a_segment(index=-1)
        assert self.merge(self.segments[0]).status_code == 400
        assert Segment.objects.filter(pk=other.pk).exists()


class WithoutTrashTests(WritingTestCase):
    def test_where_nothing_is_kept_the_merge_is_final(self) -> None:
        self.give_pictures()
        with self.settings(TRASH_DAYS=0):
            entry = self.merge(self.segments[1]).json()["trash"]
            assert self.restore(entry).status_code == 404
        assert self.trashed_files() == []
        self.assert_clean()
