"""Importing a script as a project: the project, or every problem of the script."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from api.models import Project, Segment
from api.tests.base import SEGMENT_FIELDS, StoryTestCase
from api.tests.test_project_create import BAD_TITLES

SCRIPT = "SEGMENT 1\nText: Dawn\nbreaks.\nPrompt: A hill\n---\nText: Dusk.\n"


def a_json_story(*texts: Any, **changes: Any) -> dict[str, Any]:
    return {"format": "json", "title": "Day", "segments": [{"text_content": text} for text in texts], **changes}


def a_text_story(raw_text: Any = SCRIPT, **changes: Any) -> dict[str, Any]:
    return {"format": "text", "title": "Day", "raw_text": raw_text, **changes}


class TestImport(StoryTestCase):
    def import_story(self, body: Any) -> Any:
        return self.send("POST", "/api/projects/import/", body)

    def assert_refused(self, body: Any, answer: dict[str, Any]) -> None:
        response = self.import_story(body)
        self.assertEqual((response.status_code, response.json()), (400, answer))
        self.assertFalse(Project.objects.exists() or Segment.objects.exists())

    def problems_of(self, body: Any) -> dict[str, Any]:
        response = self.import_story(body)
        self.assertEqual((response.status_code, response.json()["error"]), (400, "Validation failed"))
        self.assertFalse(Project.objects.exists() or Segment.objects.exists())
        for problems in response.json()["details"].values():
            self.assertIsInstance(problems, list)
        return response.json()["details"]

    def test_a_list_of_segments_becomes_a_project(self) -> None:
        body = a_json_story(segments=[{"text_content": "Dawn.", "image_prompt": "A hill"}, {"text_content": "Dusk."}])

        response = self.import_story(body)

        self.assertEqual((response.status_code, Project.objects.get().title), (201, "Day"))
        stored = Segment.objects.values_list("sequence_index", "text_content", "image_prompt")
        self.assertEqual(list(stored), [(0, "Dawn.", "A hill"), (1, "Dusk.", "")])

    def test_a_text_becomes_a_project(self) -> None:
        response = self.import_story(a_text_story())

        self.assertEqual((response.status_code, Project.objects.get().title), (201, "Day"))
        stored = Segment.objects.values_list("sequence_index", "text_content", "image_prompt")
        self.assertEqual(list(stored), [(0, "Dawn breaks.", "A hill"), (1, "Dusk.", "")])

    def test_the_answer_is_the_project_with_its_segments(self) -> None:
        for body in (a_json_story("Dawn.", "Dusk."), a_text_story()):
            with self.subTest(body["format"]):
                answer = self.import_story(body).json()
                self.assertEqual(answer, self.client.get(f"/api/projects/{answer['id']}/").json())
                self.assertEqual((answer["title"], answer["status"], answer["segment_count"]), ("Day", "DRAFT", 2))
                self.assertEqual([set(row) for row in answer["segments"]], [SEGMENT_FIELDS] * 2)

    def test_a_new_segment_has_no_files_and_no_lock(self) -> None:
        (row,) = self.import_story(a_json_story("Dawn.")).json()["segments"]

        self.assertEqual((row["image_file"], row["audio_file"], row["audio_duration"]), (None, None, None))
        self.assertIs(row["is_locked"], False)

    def test_what_a_json_segment_says_beside_its_text_is_ignored(self) -> None:
        odd = {"text_content": "Dawn.", "id": 77, "is_locked": True, "sequence_index": 9, "image_file": "x.jpg"}

        (row,) = self.import_story(a_json_story(segments=[odd])).json()["segments"]

        self.assertEqual((row["sequence_index"], row["is_locked"], row["image_file"]), (0, False, None))
        self.assertNotEqual(row["id"], 77)

    def test_a_long_story_keeps_its_order(self) -> None:
        texts = [f"Text {number}" for number in range(1200)]

        answer = self.import_story(a_json_story(*texts)).json()

        self.assertEqual([row["text_content"] for row in answer["segments"]], texts)
        self.assertEqual([row["sequence_index"] for row in answer["segments"]], list(range(1200)))

    def test_a_story_without_segments_is_refused(self) -> None:
        for body in (a_json_story(), a_text_story(""), a_text_story(" \n---\r\n-----\n")):
            with self.subTest(body=body):
                self.assert_refused(body, {"error": "At least one segment is required"})

    def test_a_block_without_narration_is_named(self) -> None:
        response = self.import_story(a_text_story("Text: a\n---\nText: b\n---\nPrompt: a lake\n---\nText: c"))

        self.assertEqual((response.status_code, set(response.json())), (400, {"error", "details"}))
        self.assertEqual(response.json()["error"], "Text parsing failed")
        self.assertIsInstance(response.json()["details"], str)
        self.assertIn("block 3", response.json()["details"].lower())
        self.assertFalse(Project.objects.exists() or Segment.objects.exists())

    def test_an_unknown_format_is_refused(self) -> None:
        for value in ("xml", "", "JSON", None, 5, True, [], ["json"], {}, "\ud800", "json\0"):
            with self.subTest(format=value):
                self.assertEqual(list(self.problems_of(a_json_story("Dawn.", format=value))), ["format"])

    def test_bad_titles_are_refused(self) -> None:
        for title in BAD_TITLES:
            for body in (a_json_story("Dawn.", title=title), a_text_story(title=title)):
                with self.subTest(title=title, format=body["format"]):
                    self.assertEqual(list(self.problems_of(body)), ["title"])

    def test_segments_that_are_no_list_of_objects_with_narration_are_refused(self) -> None:
        bad = {"": "no text", " ": "blank", None: "null", 5: "number", True: "boolean", "a\0": "NUL", "\ud800": "half"}
        lists = [[{"text_content": text}] for text in bad]
        for segments in (None, {}, "Dawn.", 5, True, [None], ["Dawn."], [[]], [{}], *lists):
            with self.subTest(segments=segments):
                self.assertEqual(list(self.problems_of(a_json_story(segments=segments))), ["segments"])

    def test_a_prompt_that_is_no_text_is_refused(self) -> None:
        for prompt in (5, True, [], {}, "a\0b", "\udfff"):
            with self.subTest(prompt=prompt):
                segments = [{"text_content": "Dawn.", "image_prompt": prompt}]
                self.assertEqual(list(self.problems_of(a_json_story(segments=segments))), ["segments"])

    def test_a_text_that_is_no_text_is_refused(self) -> None:
        for raw_text in (None, 5, True, [], [SCRIPT], {}, "Text: a\0b", "Text: \ud800"):
            with self.subTest(raw_text=raw_text):
                self.assertEqual(list(self.problems_of(a_text_story(raw_text))), ["raw_text"])

    def test_missing_fields_are_named_together(self) -> None:
        for body, fields in (
            ({}, {"format", "title"}),
            ({"format": "json"}, {"title", "segments"}),
            ({"format": "text"}, {"title", "raw_text"}),
            ({"format": "json", "title": "Day"}, {"segments"}),
            ({"format": "text", "title": "Day"}, {"raw_text"}),
        ):
            with self.subTest(body=body):
                self.assertEqual(set(self.problems_of(body)), fields)

    def test_the_problems_of_every_field_and_segment_are_told_at_once(self) -> None:
        segments = [{"text_content": "fine"}, {"text_content": ""}, {"text_content": "a", "image_prompt": 5}]

        problems = self.problems_of(a_json_story(title="x" * 201, segments=segments))

        self.assertEqual(set(problems), {"title", "segments"})
        self.assertEqual(len(problems["segments"]), 2)

    def test_a_bad_title_and_a_bad_block_are_told_at_once(self) -> None:
        problems = self.problems_of(a_text_story("Prompt: a lake", title=""))

        self.assertEqual(set(problems), {"title", "raw_text"})
        self.assertIn("block 1", problems["raw_text"][0].lower())

    def test_a_failure_in_the_middle_creates_nothing(self) -> None:
        failing = patch("api.services.story_import.insert_many", side_effect=OperationalError("disk full"))
        with failing, self.assertLogs(level="ERROR"):
            response = self.import_story(a_json_story("Dawn."))

        self.assertEqual(response.status_code, 503)
        self.assertFalse(Project.objects.exists())

    def test_only_post_is_allowed(self) -> None:
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            with self.subTest(method):
                self.assertEqual(self.send(method, "/api/projects/import/", {}).status_code, 405)
