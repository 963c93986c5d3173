"""Importing a revised script into its project."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from api.models import Project, Segment
from api.services import revising
from api.services.revising import compare_script, revise_project
from api.tests.base import TrashTestCase
from media_store import disk, locks
from media_store.models import AuditEntry, TrashEntry

TEXTS = ("The ferry came.", "Nobody waited at the pier.", "It left again at night.")


def script(*texts: str, **more: Any) -> dict[str, Any]:
    return {"format": "json", "segments": [{"text_content": text} for text in texts], **more}


class ReimportTestCase(TrashTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.project = Project.objects.create(title="Orrin Point")
        self.segments = [
            self.a_segment_with_picture(self.project, index=index, text_content=text)
            for index, text in enumerate(TEXTS)
        ]
        self.ids = [segment.pk for segment in self.segments]

    def reimport(self, body: Any, etag: str | None = None) -> Any:
        headers = {"If-Match": etag} if etag else None
        return self.send("POST", f"/api/projects/{self.project.pk}/reimport/", body, headers)

    def now(self) -> list[tuple[int, int, str]]:
        rows = self.project.segments.order_by("sequence_index", "pk")
        return [(segment.sequence_index, segment.pk, segment.text_content) for segment in rows]

    def kinds(self, answer: Any) -> list[str]:
        return [row["kind"] for row in answer.json()["rows"]]


class ReimportTests(ReimportTestCase):
    def test_kept_and_changed_rows_keep_their_segments_new_ones_are_made_and_the_rest_goes_to_the_trash(self) -> None:
        pictures = self.live_bytes()
        answer = self.reimport(script("At dawn.", "Nobody was waiting at the pier.", TEXTS[0]))
        assert answer.status_code == 200
        new = answer.json()["rows"][0]["segment"]
        assert (
            answer.json()["rows"]
            == [
                {"kind": "new", "segment": new, "row": 0},
                {"kind": "changed", "segment": self.ids[1], "row": 1},
                {"kind": "kept", "segment": self.ids[0], "row": 2},
                {"kind": "missing", "segment": self.ids[2], "row": None},
            ]
            or answer.json()
        )
        assert answer.json()["counts"] == {
            "kept": 1, "changed": 1, "new": 1, "missing": 1, "locked": 0, "locked_missing": 0,
        }  # fmt: skip
        assert self.now() == [
            (0, new, "At dawn."),
            (1, self.ids[1], "Nobody was waiting at the pier."),
            (2, self.ids[0], TEXTS[0]),
        ]
        assert set(self.live_bytes().items()) < set(pictures.items())
        assert [(entry["what"], entry["segment"], entry["why"]) for entry in self.trash()] == [
            ("segment", self.ids[2], "not in the revised script")
        ]

    def test_what_went_to_the_trash_comes_back_with_its_picture(self) -> None:
        before = self.live_bytes()
        self.reimport(script(*TEXTS[:2]))
        assert self.restore(self.trash()[0]).status_code == 200
        assert self.live_bytes() == before
        assert [text for _, _, text in self.now()] == list(TEXTS)

    def test_a_dry_run_says_the_same_and_changes_nothing(self) -> None:
        before = self.state()
        body = script("At dawn.", "Nobody was waiting at the pier.", TEXTS[0])
        tried = self.reimport({**body, "dry_run": True})
        assert self.state() == before
        done = self.reimport(body, tried["ETag"])
        assert self.kinds(tried) == self.kinds(done) == ["new", "changed", "missing", "kept"]
        assert tried.json()["counts"] == done.json()["counts"]
        assert tried.json()["rows"][0]["segment"] is None

    def test_it_is_refused_when_the_story_changed_since_the_dry_run(self) -> None:
        body = script(*TEXTS[:2])
        etag = self.reimport({**body, "dry_run": True})["ETag"]
        Segment.objects.filter(pk=self.ids[2]).update(is_locked=True)
        before = self.state()
        answer = self.reimport(body, etag)
        assert answer.status_code == 412
        assert answer.json()["error"] == "The story was changed meanwhile."
        assert answer.json()["details"]["counts"]["locked_missing"] == 1
        assert self.state() == before
        assert self.reimport(body, answer["ETag"]).status_code == 200

    def test_a_new_picture_since_the_dry_run_is_no_reason_to_refuse(self) -> None:
        body = script(*TEXTS[:2])
        etag = self.reimport({**body, "dry_run": True})["ETag"]
        self.remove(self.segments[0])
        assert self.reimport(body, etag).status_code == 200

    def test_locked_segments_stay_as_they_are_and_where_they_stood(self) -> None:
        Segment.objects.filter(pk__in=self.ids[1:]).update(is_locked=True)
        answer = self.reimport(script("At dawn.", TEXTS[0], "Nobody was waiting at the pier."))
        assert self.kinds(answer) == ["new", "kept", "locked", "locked-missing"]
        assert [text for _, _, text in self.now()] == ["At dawn.", TEXTS[0], TEXTS[1], TEXTS[2]]
        assert self.trash() == []

    def test_a_script_without_prompts_takes_none_away_and_one_with_a_prompt_changes_it(self) -> None:
        Segment.objects.filter(pk__in=self.ids).update(image_prompt="A ferry")
        body = script(*TEXTS)
        body["segments"][2]["image_prompt"] = "A ferry at night"
        assert self.kinds(self.reimport(body)) == ["kept", "kept", "changed"]
        prompts = self.project.segments.order_by("sequence_index").values_list("image_prompt", flat=True)
        assert list(prompts) == ["A ferry", "A ferry", "A ferry at night"]

    def test_the_same_script_changes_nothing_but_the_time_of_the_project(self) -> None:
        before = self.segment_rows()
        raw = "\n---\n".join(f"Text: {text}" for text in TEXTS)
        answer = self.reimport({"format": "text", "raw_text": raw})
        assert self.kinds(answer) == ["kept"] * 3
        assert self.segment_rows() == before
        assert TrashEntry.objects.count() == 0

    def test_gaps_in_the_numbering_are_closed(self) -> None:
        self.client.delete(f"/api/segments/{self.ids[0]}/")
        self.reimport(script(*TEXTS[1:]))
        assert [position for position, _, _ in self.now()] == [0, 1]

    def test_a_disk_that_refuses_leaves_everything_as_it_was(self) -> None:
        before = self.state()
        with mock.patch.object(disk, "rename", side_effect=OSError(5, "Input/output error")):
            assert self.reimport(script("Something else altogether.")).status_code == 500
        assert self.state() == before

    def changed_while_it_is_compared(self, times: int) -> Any:
        """Change the last segment during each of this many comparisons."""
        found, left = revising.match_script, iter(range(times))

        def slow(*scripts: Any) -> Any:
            if (number := next(left, None)) is not None:
                Segment.objects.filter(pk=self.ids[2]).update(text_content=f"Somebody's text {number}")
            return found(*scripts)

        return mock.patch.object(revising, "match_script", slow)

    def test_a_change_during_the_comparison_is_compared_too(self) -> None:
        with self.changed_while_it_is_compared(1):
            answer = self.reimport(script(*TEXTS[:2], "Somebody's text 0"))
        assert self.kinds(answer) == ["kept"] * 3
        assert [text for _, _, text in self.now()] == [*TEXTS[:2], "Somebody's text 0"]

    def test_who_named_a_version_is_refused_when_it_changes_during_the_comparison(self) -> None:
        body = script(*TEXTS[:2])
        etag = self.reimport({**body, "dry_run": True})["ETag"]
        with self.changed_while_it_is_compared(1):
            assert self.reimport(body, etag).status_code == 412
        assert [text for _, _, text in self.now()] == [*TEXTS[:2], "Somebody's text 0"]

    def test_a_story_that_changes_during_every_comparison_is_left_as_it_is(self) -> None:
        with self.changed_while_it_is_compared(9):
            answer = self.reimport(script("Something else altogether."))
        assert (answer.status_code, answer.json()["error"]) == (409, revising.STORY_KEEPS_CHANGING)
        assert [pk for _, pk, _ in self.now()] == self.ids

    def test_the_answer_tells_the_version_that_the_story_then_has(self) -> None:
        body = script("At dawn.", "Nobody was waiting at the pier.", TEXTS[0])
        done = self.reimport(body)
        tried = self.reimport({**body, "dry_run": True})
        assert done["ETag"] == tried["ETag"]

    def test_what_is_no_script_is_refused(self) -> None:
        before = self.state()
        for body in ({}, script(), script(""), script(*TEXTS, dry_run="yes"), [], {"format": "text", "raw_text": "x"}):
            answer = self.reimport(body)
            assert answer.status_code == 400, body
            assert answer.json()["error"]
        assert self.state() == before
        assert self.send("POST", "/api/projects/999999/reimport/", script("One.")).status_code == 404
        assert self.send("POST", "/api/projects/999999/reimport/", script("One.", dry_run=True)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_others_can_write_while_a_script_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project.objects.create(title="Orrin Point")
    Segment.objects.create(project=project, sequence_index=0, text_content=TEXTS[0])
    found, was_held = revising.match_script, []

    def noted(*scripts: Any) -> Any:
        was_held.append(connection.in_atomic_block or locks._slot.locked())
        return found(*scripts)

    monkeypatch.setattr(revising, "match_script", noted)
    revise_project(project.pk, script(TEXTS[1]), by="test")
    assert was_held == [False]


WORDS = st.sampled_from(["ferry", "lamp", "gull", "storm", "came", "left", "night"])
SCRIPTS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=8)


class AnyRevisionTests(HypothesisCase):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(SCRIPTS, SCRIPTS, st.sets(st.integers(0, 7)))
    def test_nothing_is_lost_and_the_story_reads_as_the_script(
        self, before: list[str], after: list[str], locked: set[int]
    ) -> None:
        project = Project.objects.create(title="Any")
        for position, text in enumerate(before):
            Segment.objects.create(
                project=project, sequence_index=position, text_content=text, is_locked=position in locked
            )
        old = {segment.pk: segment for segment in project.segments.all()}
        body = script(*after)
        tried = compare_script(project.pk, body)
        done = revise_project(project.pk, body, by="test", if_match=tried.etag)
        now = list(project.segments.order_by("sequence_index"))
        trashed = {int(entry.record) for entry in TrashEntry.objects.filter(group=f"projects/{project.pk}")}
        # Every segment is still there or in the trash; locked ones are there, word for word.
        assert {segment.pk for segment in now} | trashed >= set(old)
        assert not {segment.pk for segment in now} & trashed
        for pk, segment in old.items():
            if segment.is_locked:
                assert Segment.objects.get(pk=pk).text_content == segment.text_content
        # The script is there from beginning to end, but where a locked segment keeps its words.
        assert [segment.sequence_index for segment in now] == list(range(len(now)))
        lines = [line for line in done.lines if line.row is not None]
        assert [line.row for line in lines] == list(range(len(after)))
        for line in lines:
            assert line.segment
            if line.kind != "locked":
                assert line.segment["text_content"] == after[line.row or 0]
        assert [line.segment["id"] for line in done.lines if line.stays and line.segment] == [it.pk for it in now]
        assert [line.kind for line in tried.lines] == [line.kind for line in done.lines]


class ManyMissingTests(ReimportTestCase):
    """Imports of a script without any common text: all segments move to the trash in one transaction."""

    def story_of(self, count: int) -> int:
        texts = [f"Sentence {number} of a story that goes" for number in range(count)]
        return self.import_story(*texts)

    def import_story(self, *texts: str) -> int:
        answer = self.send("POST", "/api/projects/import/", {**script(*texts), "title": "Long"})
        return int(answer.json()["id"])

    def removed_by(self, project: int, **more: Any) -> list[TrashEntry]:
        before = set(TrashEntry.objects.values_list("pk", flat=True))
        path = f"/api/projects/{project}/reimport/"
        answer = self.send("POST", path, {**script("Nothing of it"), **more})
        assert answer.status_code == 200, answer.json()
        return list(TrashEntry.objects.exclude(pk__in=before).order_by("pk"))

    def test_each_segment_has_the_entry_and_the_audit_row_that_a_single_removal_writes(self) -> None:
        project = self.story_of(4)
        single = Segment.objects.filter(project=project).order_by("sequence_index").last()
        assert single is not None
        number = single.pk
        self.send("DELETE", f"/api/segments/{number}/")
        alone = TrashEntry.objects.get(kind="segment", record=str(number))
        entries = self.removed_by(project)
        assert len(entries) == 3
        for entry in entries:
            assert (entry.kind, entry.group, entry.state, entry.by) == (alone.kind, alone.group, alone.state, alone.by)
            assert (entry.expires_at - entry.trashed_at) == (alone.expires_at - alone.trashed_at)
            assert entry.snapshot["segments"][0].keys() == alone.snapshot["segments"][0].keys()
            rows = AuditEntry.objects.filter(kind="segment", record=entry.record).values_list("act", "note", "by")
            assert list(rows) == [("reimport", entry.reason, entry.by)]

    def test_each_comes_back_as_it_was(self) -> None:
        project = self.story_of(3)
        before = list(Segment.objects.filter(project=project).order_by("pk").values())
        for entry in self.removed_by(project):
            assert self.restore({"id": entry.pk}).status_code == 200
        found = {row["id"]: row for row in Segment.objects.filter(project=project).values()}
        names = ("text_content", "image_prompt", "is_locked", "created_at", "updated_at")
        for row in before:
            assert [found[row["id"]][name] for name in names] == [row[name] for name in names]

    def test_the_statements_do_not_grow_with_the_segments(self) -> None:
        counts = []
        for size in (20, 200):
            project = self.story_of(size)
            with CaptureQueriesContext(connection) as made:
                assert len(self.removed_by(project)) == size
            counts.append(len(made))
        assert counts[1] <= counts[0] + 2, counts
