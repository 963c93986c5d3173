"""Bulk changes of segments."""

from __future__ import annotations

from typing import Any

from api.models import Project, Segment
from api.services.story_import import import_story
from filming.bulk_changes import MAX_CHANGES
from filming.tests.writing import GARBAGE, WritingTestCase
from preferences.models import SettingValue


class BulkTestCase(WritingTestCase):
    def change(self, *changes: Any, project: Any = None) -> Any:
        return self.send("PATCH", f"/api/projects/{project or self.project.pk}/segments/", {"changes": list(changes)})

    def id_of(self, number: int) -> int:
        return self.segments[number].pk

    def everything(self) -> tuple[Any, ...]:
        return self.state(), list(SettingValue.objects.order_by("pk").values())


class BulkChangeTests(BulkTestCase):
    def test_texts_prompts_and_choices_are_changed_and_answered_in_the_order_they_were_named(self) -> None:
        answer = self.change(
            {"id": self.id_of(2), "text_content": " Door. ", "image_prompt": "", "voice": "heart"},
            {"id": self.id_of(0), "motion": "still", "fit": "contain", "pause_s": 2},
        )
        assert answer.status_code == 200, answer.content
        assert [row["id"] for row in answer.json()["segments"]] == [self.id_of(2), self.id_of(0)]
        assert answer.json()["skipped"] == []
        assert answer.json()["segments"][0] == self.client.get(f"/api/segments/{self.id_of(2)}/").json()
        assert self.texts() == ["The old house stood empty.", "Nobody came.", "Door."]
        assert self.own(self.segments[2])["voice"] == "heart"
        assert self.own(self.segments[0]) == {"focus": [0.5, 0.5], "motion": "still", "fit": "contain", "pause_s": 2}

    def test_the_same_with_what_was_before_takes_it_back(self) -> None:
        self.choose(self.segments[0], motion="drift", pause_s=1.5)
        before = self.story()
        self.change(
            *({"id": pk, "motion": "still", "pause_s": 2, "text_content": "X"} for pk in map(self.id_of, (0, 1)))
        )
        assert self.story() != before
        answer = self.change(
            {"id": self.id_of(0), "motion": "drift", "pause_s": 1.5, "text_content": before[0][1]},
            {"id": self.id_of(1), "motion": None, "pause_s": None, "text_content": before[1][1]},
        )
        assert answer.status_code == 200
        assert self.story() == before

    def test_the_answer_holds_what_takes_it_back_and_that_what_does_it_again(self) -> None:
        self.choose(self.segments[0], motion="drift", pause_s=1.5)
        self.lock(self.segments[2])
        before = self.story()
        changes = (
            {"id": self.id_of(n), "text_content": f" X{n} ", "motion": "still", "voice": "heart"} for n in range(3)
        )
        undo = self.change(*changes).json()["undo"]
        assert [it["id"] for it in undo] == [self.id_of(0), self.id_of(1)]
        assert undo[0]["if"] == {"text_content": "X0", "motion": "still", "voice": "heart"}
        after = self.story()
        answer = self.change(*undo).json()
        assert (self.story(), answer["skipped"]) == (before, [])
        assert self.change(*answer["undo"]).json()["skipped"] == []
        assert self.story() == after

    def test_what_takes_it_back_leaves_alone_what_was_changed_since(self) -> None:
        undo = self.change(*({"id": self.id_of(n), "motion": "still"} for n in range(2))).json()["undo"]
        self.choose(self.segments[0], motion="drift")
        assert self.change(*undo).json()["skipped"] == [{"id": self.id_of(0), "reason": "changed"}]

    def test_a_locked_one_is_skipped_and_named_and_the_others_are_changed(self) -> None:
        self.lock(self.segments[1])
        answer = self.change(*({"id": pk, "text_content": "X", "voice": "heart"} for pk in map(self.id_of, range(3))))
        assert answer.json()["skipped"] == [{"id": self.id_of(1), "reason": "locked"}]
        assert self.texts() == ["X", "Nobody came.", "X"]
        assert "voice" not in self.own(self.segments[1])

    def test_what_is_not_as_its_condition_says_is_skipped(self) -> None:
        self.choose(self.segments[1], motion="still")
        answer = self.change(
            {"id": self.id_of(0), "text_content": "X", "if": {"text_content": "Something else."}},
            {"id": self.id_of(1), "text_content": "Y", "if": {"text_content": "Nobody came.", "motion": "still"}},
            {"id": self.id_of(2), "text_content": "Z", "if": {"motion": "still"}},
        )
        assert answer.json()["skipped"] == [
            {"id": self.id_of(0), "reason": "changed"},
            {"id": self.id_of(2), "reason": "changed"},
        ]
        assert self.texts() == ["The old house stood empty.", "Y", "Then the door moved."]
        absent = self.change({"id": self.id_of(0), "motion": "still", "if": {"motion": None, "voice": None}})
        assert absent.json()["skipped"] == []

    def test_what_is_so_already_is_no_new_version(self) -> None:
        self.choose(self.segments[0], motion="still")
        project, etag = Project.objects.get(pk=self.project.pk).updated_at, self.etag(self.segments[0])
        answer = self.change({"id": self.id_of(0), "motion": "still", "text_content": "The old house stood empty."})
        assert [row["id"] for row in answer.json()["segments"]] == [self.id_of(0)]
        assert (Project.objects.get(pk=self.project.pk).updated_at, self.etag(self.segments[0])) == (project, etag)
        self.change({"id": self.id_of(0), "motion": "drift"})
        assert Project.objects.get(pk=self.project.pk).updated_at > project
        assert self.etag(self.segments[0]) != etag

    def test_two_thousand_at_once_are_changed_in_a_few_statements(self) -> None:
        story = {"format": "json", "title": "Long", "segments": [{"text_content": f"Text {n}"} for n in range(2000)]}
        made = import_story(story)
        changes = [
            {"id": row["id"], "text_content": f"Other {n}", "motion": "still", "pause_s": 1.5, "voice": "heart"}
            for n, row in enumerate(made["segments"])
        ]
        answers: list[Any] = []
        assert self.queries_of(lambda: answers.append(self.change(*changes, project=made["id"]))) < 60
        assert [row["text_content"] for row in answers[0].json()["segments"]] == [f"Other {n}" for n in range(2000)]
        assert SettingValue.objects.filter(scope__startswith="segments/").count() == 6000
        back = [{"id": it["id"], "motion": None, "pause_s": None, "voice": None} for it in changes]
        assert self.queries_of(lambda: answers.append(self.change(*back, project=made["id"]))) < 60
        assert not SettingValue.objects.filter(scope__startswith="segments/").exists()


class RefusedBulkChangeTests(BulkTestCase):
    def test_one_that_cannot_be_used_refuses_them_all_and_says_which_and_why(self) -> None:
        self.choose(self.segments[0], motion="still")
        good = {"id": self.id_of(1), "text_content": "X", "motion": "drift"}
        before = self.everything()
        pk = self.id_of(0)
        bad: list[Any] = [
            *(it for it in GARBAGE if it not in ({},)),
            {},
            *({"id": it} for it in GARBAGE),
            *({"id": pk, "text_content": it} for it in GARBAGE if it not in ("x", "3")),
            {"id": pk, "text_content": " \n"},
            *({"id": pk, "image_prompt": it} for it in GARBAGE if it not in ("x", "3")),
            *({"id": pk, name: it} for name in ("motion", "fit", "voice") for it in GARBAGE if it is not None),
            *({"id": pk, "pause_s": it} for it in GARBAGE if it not in (None, 1.5)),
            {"id": pk, "pause_s": 5.01},
            {"id": pk, "if": None},
            {"id": pk, "if": []},
            {"id": pk, "if": {"is_locked": False}},
            {"id": pk, "is_locked": True},
            {"id": pk, "focus": [0, 0]},
            {"id": pk, "\0\ud800" * 100: 1},
            good,
        ]
        for one in bad:
            answer = self.change(good, one)
            assert answer.status_code == 400, one
            assert answer.json()["details"]["changes"][0].startswith("Change 2: "), one
            assert len(answer.content) < 2000
        assert self.everything() == before

    def test_true_is_no_pause_also_where_a_one_was_named_before(self) -> None:
        assert (
            self.change({"id": self.id_of(0), "pause_s": 1}, {"id": self.id_of(1), "pause_s": True}).status_code == 400
        )

    def test_only_so_many_of_the_reasons_are_said(self) -> None:
        answer = self.change(*([{"id": "x"}] * 2000))
        assert (answer.status_code, len(answer.json()["details"]["changes"])) == (400, 20)

    def test_a_list_that_is_none_or_empty_or_too_long_is_refused(self) -> None:
        url = f"/api/projects/{self.project.pk}/segments/"
        too_long = [{}] * (MAX_CHANGES + 1)
        for body in ({}, [], "x", 3, None, *({"changes": it} for it in (*GARBAGE, too_long) if it != [3])):
            answer = self.send("PATCH", url, body)
            assert answer.status_code == 400, str(body)[:50]

    def test_a_segment_of_another_project_is_400_and_an_unknown_project_404(self) -> None:
        foreign = self.a_segment()
        before = self.everything()
        for pk in (foreign.pk, 999999, 2**63 - 1):
            answer = self.change({"id": self.id_of(0), "text_content": "X"}, {"id": pk, "text_content": "X"})
            assert (answer.status_code, answer.json()["error"]) == (400, "Invalid segment IDs")
        for project in ("999999", "x", str(10**40), "0"):
            assert self.change({"id": self.id_of(0), "text_content": "X"}, project=project).status_code == 404
        assert self.everything() == before
        assert Segment.objects.get(pk=foreign.pk).text_content == "Text 0"

    def test_the_contract_stays_segments_cannot_be_posted(self) -> None:
        assert self.post("/api/segments/", {"text_content": "X"}).status_code == 405
        assert self.post(f"/api/projects/{self.project.pk}/segments/", {}).status_code == 405
