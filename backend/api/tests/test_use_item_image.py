"""Copying an item's picture to a segment."""

from __future__ import annotations

import os
from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from api.models import Segment
from api.tests.base import StoryTestCase, a_picture

NOBODY = "550e8400-e29b-41d4-a716-446655440000"
LOCKED = {"error": "Cannot modify a locked segment."}


class TestUseItemImage(StoryTestCase):
    def an_item(self) -> str:
        """Create an item without a picture through the items API, which the story API does not know. Returns its id."""
        response = self.send("POST", "/api/v1/items", {"name": "Cordless Drill", "category": "Power Tools"})
        assert response.status_code == 201, response.content
        return response.json()["data"]["id"]

    def an_item_with_picture(self, **picture: Any) -> str:
        item = self.an_item()
        form = {"image": a_picture(**picture)}
        response = self.client.post(f"/api/v1/items/{item}/image", form, format="multipart")
        assert response.status_code == 201, response.content
        return item

    def use(self, segment: Segment | int, item: Any) -> Any:
        pk = segment if isinstance(segment, int) else segment.pk
        return self.send("POST", f"/api/segments/{pk}/use-item-image/", {"item_id": item})

    def picture_of_item(self, item: str) -> bytes | None:
        """Return the picture that the item's URL serves."""
        url = self.client.get(f"/api/v1/items/{item}").json()["data"]["imageUrl"]
        return self.client.get(url).getvalue() if url else None

    def item_files(self) -> list[str]:
        folder = self.root / "uploads" / "items"
        return sorted(os.listdir(folder)) if folder.exists() else []

    def whole_state(self) -> dict[str, Any]:
        items = self.client.get("/api/v1/items").json()
        return self.state() | {"items": items, "item files": self.item_files()}

    def test_the_segment_gets_a_file_of_its_own_with_the_same_bytes(self) -> None:
        segment, item = self.a_segment(), self.an_item_with_picture()

        response = self.use(segment, item)

        segment.refresh_from_db()
        self.assertEqual(response.status_code, 200)
        self.assertRegex(segment.image_file.name, rf"\Aprojects/{segment.project_id}/images/{segment.pk}_[\w-]+\.jpg\Z")
        self.assertEqual(self.live_bytes(), {segment.image_file.name: self.picture_of_item(item)})
        self.assertEqual(self.leftovers(), [])

    def test_the_answer_is_that_of_an_upload(self) -> None:
        segment = self.a_segment()

        response = self.use(segment, self.an_item_with_picture())

        segment.refresh_from_db()
        url = f"/media/{segment.image_file.name}"
        expected = {"id": segment.pk, "image_file": url, "message": "Image uploaded successfully"}
        self.assertEqual(response.json(), expected)
        self.assertEqual(self.client.get(url).status_code, 200)

    def test_the_item_keeps_its_own(self) -> None:
        item = self.an_item_with_picture()
        shown, content, files = (
            self.client.get(f"/api/v1/items/{item}").json(),
            self.picture_of_item(item),
            self.item_files(),
        )

        self.use(self.a_segment(), item)

        self.assertEqual(self.client.get(f"/api/v1/items/{item}").json(), shown)
        self.assertEqual((self.picture_of_item(item), self.item_files()), (content, files))
        self.assertEqual(self.trash(), [])

    def test_the_two_files_are_not_one_on_disk(self) -> None:
        segment, item = self.a_segment(), self.an_item_with_picture()

        self.use(segment, item)

        segment.refresh_from_db()
        copy, (name,) = self.media / segment.image_file.name, self.item_files()
        self.assertFalse(os.path.samefile(copy, self.root / "uploads" / "items" / name))
        self.assertEqual(os.stat(copy).st_nlink, 1)

    def test_removing_the_items_picture_leaves_the_segments(self) -> None:
        segment, item = self.a_segment(), self.an_item_with_picture()
        self.use(segment, item)
        files = self.live_bytes()

        self.assertEqual(self.client.delete(f"/api/v1/items/{item}/image").status_code, 200)

        segment.refresh_from_db()
        self.assertEqual((self.live_bytes(), list(files)), (files, [segment.image_file.name]))

    def test_removing_the_segments_picture_leaves_the_items(self) -> None:
        segment, item = self.a_segment(), self.an_item_with_picture()
        content = self.picture_of_item(item)
        self.use(segment, item)

        self.assertEqual(self.remove(segment).status_code, 200)

        self.assertEqual((self.picture_of_item(item), self.live_files()), (content, []))

    def test_what_the_segment_had_is_in_the_trash(self) -> None:
        segment, item = self.a_segment_with_picture(), self.an_item_with_picture(color="red")
        (old,) = self.live_bytes().values()

        self.use(segment, item)

        ((entry,), (kept,)) = self.trash(), self.trashed_files()
        self.assertEqual((entry["what"], entry["segment"], entry["why"]), ("image", segment.pk, "replaced"))
        self.assertEqual((self.media / ".sf" / "trash" / kept).read_bytes(), old)
        self.assertEqual(list(self.live_bytes().values()), [self.picture_of_item(item)])

    def test_many_segments_can_use_the_same_item(self) -> None:
        project, item = self.a_project(segments=3), self.an_item_with_picture()

        statuses = [self.use(segment, item).status_code for segment in project.segments.all()]

        self.assertEqual(statuses, [200, 200, 200])
        self.assertEqual(list(self.live_bytes().values()), [self.picture_of_item(item)] * 3)

    def test_using_the_same_item_again_leaves_one_file(self) -> None:
        segment, item = self.a_segment(), self.an_item_with_picture()

        names = [self.use(segment, item).json()["image_file"] for _ in range(2)]

        self.assertEqual((len(self.live_files()), names[0]), (1, names[1]))

    def test_only_the_picture_and_the_time_of_change_differ(self) -> None:
        segment, item = self.a_segment(image_prompt="A hill"), self.an_item_with_picture()
        (before,) = self.segment_rows()

        self.use(segment, item)

        (after,) = self.segment_rows()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"image_file", "updated_at"})

    def test_a_locked_segment_is_locked_first_of_all(self) -> None:
        segment, item = self.a_segment_with_picture(is_locked=True), self.an_item_with_picture()
        before, url = self.whole_state(), f"/api/segments/{segment.pk}/use-item-image/"
        requests = {
            "a picture": self.use(segment, item),
            "no picture": self.use(segment, NOBODY),
            "no id": self.use(segment, None),
            "nothing": self.client.post(url),
            "bad JSON": self.client.generic("POST", url, "{", content_type="application/json"),
            "an array": self.send("POST", url, []),
            "another type": self.client.generic("POST", url, "x", content_type="text/plain"),
        }
        for what, response in requests.items():
            with self.subTest(what):
                self.assertEqual((response.status_code, response.json()), (400, LOCKED))
        self.assertEqual(self.whole_state(), before)

    def test_a_segment_locked_while_the_picture_was_copied_keeps_its_own(self) -> None:
        segment, item = self.a_segment_with_picture(), self.an_item_with_picture(color="red")
        files = self.live_bytes()

        with patch("api.services.segment_images.check_unlocked", side_effect=self._lock_meanwhile):
            response = self.use(segment, item)

        self.assertEqual((response.status_code, response.json()), (400, LOCKED))
        self.assertEqual((self.live_bytes(), self.leftovers(), self.trash()), (files, [], []))

    def _lock_meanwhile(self, segment_id: int) -> None:
        Segment.objects.filter(pk=segment_id).update(is_locked=True)

    def test_an_unknown_item_is_not_found(self) -> None:
        segment = self.a_segment_with_picture()
        before = self.whole_state()
        for item in (NOBODY, "", "1", "abc", "1" * 40, "../../etc/passwd", "\0", "\ud800", "\ud800" * 32, "🦊" * 32):
            with self.subTest(item=item[:40]):
                response = self.use(segment, item)
                self.assertEqual(response.status_code, 404)
                self.assertIsInstance(response.json()["error"], str)
        self.assertEqual(self.whole_state(), before)

    def test_an_unknown_segment_is_not_found(self) -> None:
        item = self.an_item_with_picture()
        before = self.whole_state()

        response = self.use(999_999, item)

        self.assertEqual((response.status_code, self.whole_state()), (404, before))

    def test_an_item_without_a_picture_has_none_to_lend(self) -> None:
        segment, item = self.a_segment_with_picture(), self.an_item()
        before = self.whole_state()

        response = self.use(segment, item)

        self.assertEqual(response.status_code, 400)
        self.assertIn("picture", response.json()["error"])
        self.assertEqual(self.whole_state(), before)

    def test_an_item_whose_file_is_missing_has_none_to_lend(self) -> None:
        segment, item = self.a_segment_with_picture(), self.an_item_with_picture()
        (name,) = self.item_files()
        os.remove(self.root / "uploads" / "items" / name)
        before = self.whole_state()

        response = self.use(segment, item)

        self.assertEqual(response.status_code, 404)
        self.assertIn("missing", response.json()["error"])
        self.assertEqual(self.whole_state(), before)

    def test_bodies_without_an_id_are_refused(self) -> None:
        segment = self.a_segment_with_picture()
        before, url = self.whole_state(), f"/api/segments/{segment.pk}/use-item-image/"
        requests = {
            repr(value)[:20]: self.use(segment, value) for value in (None, 5, True, 1.5, [], [NOBODY], {}, 10**40)
        }
        requests |= {
            "nothing": self.client.post(url),
            "an empty object": self.send("POST", url, {}),
            "another name": self.send("POST", url, {"item": NOBODY}),
            "an array": self.send("POST", url, [NOBODY]),
            "a string": self.send("POST", url, NOBODY),
            "bad JSON": self.client.generic("POST", url, "{", content_type="application/json"),
            "a deep array": self.client.generic("POST", url, "[" * 100_000, content_type="application/json"),
            "a file": self.client.post(url, {"item_id": a_picture()}, format="multipart"),
        }
        for what, response in requests.items():
            with self.subTest(what):
                self.assertEqual(response.status_code, 400)
                self.assertIsInstance(response.json()["error"], str)
        self.assertEqual(self.whole_state(), before)

    def test_a_disk_that_refuses_leaves_everything_as_it_was(self) -> None:
        segment, item = self.a_segment_with_picture(), self.an_item_with_picture(color="red")
        before = self.whole_state()
        for call in ("link", "rename", "write_new", "make_folder"):
            for number, status in ((5, (500,)), (28, (500, 507))):
                refusing = patch(f"media_store.disk.{call}", side_effect=OSError(number, "refused"))
                with self.subTest(call=call, number=number):
                    with refusing, self.assertLogs(level="ERROR"):
                        response = self.use(segment, item)
                    self.assertIn(response.status_code, status)
                    self.assertEqual(self.whole_state(), before)

    def test_a_database_that_refuses_leaves_everything_as_it_was(self) -> None:
        segment, item = self.a_segment_with_picture(), self.an_item_with_picture(color="red")
        before = self.whole_state()

        failing = patch("api.services.segment_images.change_segment", side_effect=OperationalError("disk is full"))
        with failing, self.assertLogs(level="ERROR"):
            response = self.use(segment, item)

        self.assertEqual((response.status_code, self.whole_state()), (503, before))

    def test_only_post_is_allowed(self) -> None:
        segment = self.a_segment_with_picture()
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            with self.subTest(method):
                self.assertEqual(self.send(method, f"/api/segments/{segment.pk}/use-item-image/", {}).status_code, 405)
