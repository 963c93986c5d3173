"""Editing a segment: which fields may change, what a lock refuses, and version checks with If-Match."""

from __future__ import annotations

from typing import Any

from api.models import Segment
from api.tests.base import SEGMENT_FIELDS, StoryTestCase, a_picture

EDIT_LOCKED = {"error": "Cannot edit a locked segment. Unlock it first."}


class SegmentUpdateTestCase(StoryTestCase):
    def edit(self, segment: Segment, body: Any, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("PATCH", f"/api/segments/{segment.pk}/", body, named)

    def read(self, segment: Segment, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(f"/api/segments/{segment.pk}/", headers=named)


class TestSegmentUpdate(SegmentUpdateTestCase):
    def test_each_writable_field_can_be_changed_by_itself(self) -> None:
        for field, value in (("text_content", "Dusk."), ("image_prompt", "A lake"), ("is_locked", True)):
            segment = self.a_segment()
            before = Segment.objects.values().get(pk=segment.pk)
            with self.subTest(field):
                response = self.edit(segment, {field: value})
                after = Segment.objects.values().get(pk=segment.pk)
                self.assertEqual((response.status_code, response.json()[field]), (200, value))
                self.assertEqual({name for name in after if after[name] != before[name]}, {field, "updated_at"})
                self.assertEqual(after[field], value)

    def test_all_writable_fields_can_be_changed_at_once(self) -> None:
        segment = self.a_segment()

        response = self.edit(segment, {"text_content": "Dusk.", "image_prompt": "A lake", "is_locked": True})

        segment.refresh_from_db()
        self.assertEqual(response.status_code, 200)
        self.assertEqual((segment.text_content, segment.image_prompt, segment.is_locked), ("Dusk.", "A lake", True))

    def test_the_answer_is_the_whole_segment_as_it_is_now(self) -> None:
        segment = self.a_segment()

        answer = self.edit(segment, {"text_content": "Dusk."}).json()

        self.assertEqual(set(answer), SEGMENT_FIELDS)
        self.assertEqual(answer, self.read(segment).json())

    def test_a_changed_segment_was_updated_later_and_so_was_its_project(self) -> None:
        segment = self.a_segment()
        segment_time, project_time = segment.updated_at, segment.project.updated_at

        self.edit(segment, {"text_content": "Dusk."})

        segment.refresh_from_db()
        self.assertGreater(segment.updated_at, segment_time)
        self.assertGreater(segment.project.updated_at, project_time)

    def test_narration_must_be_words(self) -> None:
        segment = self.a_segment(text_content="Dawn.")
        before = self.state()
        for value in ("", " \n\t", None, 5, 1.5, True, [], ["Dusk."], {}, "a\0b", "\ud800"):
            with self.subTest(value=value):
                response = self.edit(segment, {"text_content": value})
                self.assertEqual((response.status_code, response.json()["error"]), (400, "Validation failed"))
                self.assertEqual(list(response.json()["details"]), ["text_content"])
        self.assertEqual(self.state(), before)

    def test_the_prompt_may_be_empty(self) -> None:
        segment = self.a_segment(image_prompt="A hill")

        response = self.edit(segment, {"image_prompt": ""})

        segment.refresh_from_db()
        self.assertEqual((response.status_code, segment.image_prompt), (200, ""))

    def test_the_prompt_must_be_text(self) -> None:
        segment = self.a_segment(image_prompt="A hill")
        before = self.state()
        for value in (None, 5, True, [], {}, "a\0b", "\udfff"):
            with self.subTest(value=value):
                self.assertEqual(self.edit(segment, {"image_prompt": value}).status_code, 400)
        self.assertEqual(self.state(), before)

    def test_the_lock_must_be_true_or_false(self) -> None:
        segment = self.a_segment()
        before = self.state()
        for value in (None, "maybe", 5, [], {}, ""):
            with self.subTest(value=value):
                self.assertEqual(self.edit(segment, {"is_locked": value}).status_code, 400)
        self.assertEqual(self.state(), before)

    def test_one_bad_field_keeps_the_good_ones_from_changing(self) -> None:
        segment = self.a_segment()
        before = self.state()

        response = self.edit(segment, {"text_content": " ", "image_prompt": "A lake", "is_locked": True})

        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.state(), before)

    def test_other_fields_are_ignored(self) -> None:
        segment, other = self.a_segment_with_picture(), self.a_project()
        before = self.state()
        ignored = {
            "id": 77,
            "project": other.pk,
            "sequence_index": 9,
            "image_file": None,
            "audio_file": "x.wav",
            "audio_duration": 3,
            "created_at": "2020-01-01T00:00:00Z",
            "updated_at": "never",
            "nonsense": [[]],
        }

        response = self.edit(segment, ignored)

        self.assertEqual((response.status_code, response.json()), (200, self.read(segment).json()))
        self.assertEqual(self.state(), before)

    def test_other_fields_do_not_keep_a_writable_one_from_changing(self) -> None:
        segment = self.a_segment()

        response = self.edit(segment, {"text_content": "Dusk.", "sequence_index": 9})

        segment.refresh_from_db()
        self.assertEqual(response.status_code, 200)
        self.assertEqual((segment.text_content, segment.sequence_index), ("Dusk.", 0))

    def test_an_empty_body_changes_nothing(self) -> None:
        segment = self.a_segment()
        before = self.state()

        self.assertEqual(self.edit(segment, {}).status_code, 200)
        self.assertEqual(self.state(), before)

    def test_forms_are_understood_as_well(self) -> None:
        segment = self.a_segment()

        response = self.client.patch(f"/api/segments/{segment.pk}/", {"is_locked": "true"}, format="multipart")

        segment.refresh_from_db()
        self.assertEqual((response.status_code, segment.is_locked, segment.text_content), (200, True, "Text 0"))

    def test_an_unknown_segment_is_not_found(self) -> None:
        self.assertEqual(self.send("PATCH", "/api/segments/999999/", {"is_locked": True}).status_code, 404)

    def test_segments_are_neither_posted_nor_put(self) -> None:
        segment = self.a_segment()
        before = self.state()
        body = {"project": segment.project_id, "sequence_index": 1, "text_content": "New", "is_locked": True}
        for method, address in (("POST", "/api/segments/"), ("PUT", f"/api/segments/{segment.pk}/")):
            with self.subTest(method):
                response = self.send(method, address, body)
                self.assertEqual(response.status_code, 405)
                self.assertIn("error", response.json())
        self.assertEqual(self.state(), before)


class TestSegmentLock(SegmentUpdateTestCase):
    def test_a_locked_segment_refuses_every_edit(self) -> None:
        segment = self.a_segment(is_locked=True)
        before = self.state()
        for body in ({"text_content": "Dusk."}, {"image_prompt": ""}, {"text_content": "a", "image_prompt": "b"}):
            with self.subTest(body=body):
                response = self.edit(segment, body)
                self.assertEqual((response.status_code, response.json()), (400, EDIT_LOCKED))
        self.assertEqual(self.state(), before)

    def test_a_locked_segment_refuses_an_edit_that_unlocks_it(self) -> None:
        segment = self.a_segment(is_locked=True)
        before = self.state()

        response = self.edit(segment, {"is_locked": False, "text_content": "Dusk."})

        self.assertEqual((response.status_code, response.json()), (400, EDIT_LOCKED))
        self.assertEqual(self.state(), before)

    def test_the_lock_is_said_before_what_is_wrong_with_the_text(self) -> None:
        segment = self.a_segment(is_locked=True)

        self.assertEqual(self.edit(segment, {"text_content": None, "is_locked": "maybe"}).json(), EDIT_LOCKED)

    def test_a_locked_segment_can_be_unlocked(self) -> None:
        segment = self.a_segment(is_locked=True)

        response = self.edit(segment, {"is_locked": False})

        segment.refresh_from_db()
        self.assertEqual((response.status_code, response.json()["is_locked"], segment.is_locked), (200, False, False))

    def test_locking_a_locked_segment_is_fine(self) -> None:
        segment = self.a_segment(is_locked=True)

        self.assertEqual(self.edit(segment, {"is_locked": True}).json()["is_locked"], True)

    def test_fields_that_are_ignored_do_not_meet_the_lock(self) -> None:
        segment = self.a_segment(is_locked=True)

        self.assertEqual(self.edit(segment, {"sequence_index": 9}).status_code, 200)

    def test_an_edit_may_lock_in_the_same_request(self) -> None:
        segment = self.a_segment()

        response = self.edit(segment, {"text_content": "Dusk.", "is_locked": True})

        segment.refresh_from_db()
        self.assertEqual((response.status_code, segment.text_content, segment.is_locked), (200, "Dusk.", True))


class TestSegmentVersion(SegmentUpdateTestCase):
    def test_every_answer_about_a_segment_carries_the_same_etag(self) -> None:
        segment = self.a_segment()
        answers = {
            "edit": lambda: self.edit(segment, {"text_content": "Dusk."}),
            "upload": lambda: self.upload(segment, a_picture()),
            "remove": lambda: self.remove(segment),
        }
        for name, act in answers.items():
            with self.subTest(name):
                etag = act().headers["ETag"]
                self.assertRegex(etag, r'^"[^"]+"$')
                self.assertEqual(etag, self.read(segment).headers["ETag"])

    def test_the_etag_stays_while_nothing_changes_and_changes_with_the_segment(self) -> None:
        segment = self.a_segment()
        first, again = self.read(segment).headers["ETag"], self.read(segment).headers["ETag"]

        self.edit(segment, {"text_content": "Dusk."})

        self.assertEqual(first, again)
        self.assertNotEqual(self.read(segment).headers["ETag"], first)

    def test_an_edit_of_the_current_version_is_made(self) -> None:
        segment = self.a_segment()
        etag = self.read(segment).headers["ETag"]

        response = self.edit(segment, {"text_content": "Dusk."}, If_Match=f'"other", {etag}')

        segment.refresh_from_db()
        self.assertEqual((response.status_code, segment.text_content), (200, "Dusk."))

    def test_an_edit_of_an_older_version_is_answered_with_the_current_one(self) -> None:
        segment = self.a_segment()
        etag = self.read(segment).headers["ETag"]
        self.edit(segment, {"text_content": "Dusk."})
        before, current = self.state(), self.read(segment)

        response = self.edit(segment, {"text_content": "Night."}, If_Match=etag)

        self.assertEqual((response.status_code, response.json()["details"]), (412, current.json()))
        self.assertEqual(set(response.json()), {"error", "details"})
        self.assertEqual(response.headers["ETag"], current.headers["ETag"])
        self.assertEqual(self.state(), before)

    def test_a_weak_or_garbled_version_is_not_the_current_one(self) -> None:
        segment = self.a_segment()
        etag = self.read(segment).headers["ETag"]
        before = self.state()
        for if_match in (f"W/{etag}", etag.strip('"'), "", '"', ",", "\x7f", '"é"'):
            with self.subTest(if_match=if_match):
                self.assertEqual(self.edit(segment, {"text_content": "Night."}, If_Match=if_match).status_code, 412)
        self.assertEqual(self.state(), before)

    def test_any_version_will_do_for_an_asterisk(self) -> None:
        segment = self.a_segment()

        self.assertEqual(self.edit(segment, {"text_content": "Dusk."}, If_Match="*").status_code, 200)

    def test_a_version_from_before_a_reorder_no_longer_holds(self) -> None:
        project = self.a_project(segments=2)
        first, second = project.segments.all()
        etag = self.read(first).headers["ETag"]
        self.send("POST", "/api/segments/reorder/", {"project_id": project.pk, "segment_order": [second.pk, first.pk]})

        response = self.edit(first, {"text_content": "Dusk."}, If_Match=etag)

        self.assertEqual((response.status_code, response.json()["details"]["sequence_index"]), (412, 1))

    def test_a_version_from_before_an_upload_no_longer_holds(self) -> None:
        segment = self.a_segment()
        etag = self.read(segment).headers["ETag"]
        self.upload(segment, a_picture())

        self.assertEqual(self.edit(segment, {"is_locked": True}, If_Match=etag).status_code, 412)

    def test_an_unchanged_segment_is_not_sent_twice(self) -> None:
        segment = self.a_segment()
        etag = self.read(segment).headers["ETag"]

        response = self.read(segment, If_None_Match=etag)

        self.assertEqual((response.status_code, response.content), (304, b""))
        self.assertEqual(response.headers["ETag"], etag)

    def test_a_changed_segment_is_sent_again(self) -> None:
        segment = self.a_segment()
        etag = self.read(segment).headers["ETag"]
        self.edit(segment, {"text_content": "Dusk."})

        response = self.read(segment, If_None_Match=etag)

        self.assertEqual((response.status_code, response.json()["text_content"]), (200, "Dusk."))
