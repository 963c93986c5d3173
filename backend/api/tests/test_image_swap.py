"""Swapping the pictures of two segments."""

from __future__ import annotations

from typing import Any

from api.models import Project, Segment
from api.tests.base import TrashTestCase, a_picture
from media_store.models import AuditEntry
from media_store.recovery import recover


class TestSwap(TrashTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.project = Project.objects.create(title="A story")
        self.red, self.blue, self.bare = (self.a_segment(self.project, index) for index in range(3))
        self.upload(self.red, a_picture("a.jpg", color="red"))
        self.upload(self.blue, a_picture("b.jpg", color="blue"))

    def swap(self, segment: Segment | int, other: Any) -> Any:
        pk = segment if isinstance(segment, int) else segment.pk
        body = {"segment": other.pk if isinstance(other, Segment) else other}
        return self.send("POST", f"/api/segments/{pk}/swap-image/", body)

    def bytes_of(self, segment: Segment) -> bytes | None:
        segment.refresh_from_db()
        return (self.media / segment.image_file.name).read_bytes() if segment.image_file else None

    def test_each_has_the_other_s_picture_to_the_byte(self) -> None:
        red, blue = self.bytes_of(self.red), self.bytes_of(self.blue)

        response = self.swap(self.red, self.blue)

        self.assertEqual(response.status_code, 200)
        self.assertEqual([it["id"] for it in response.json()["segments"]], [self.red.pk, self.blue.pk])
        self.assertEqual((self.bytes_of(self.red), self.bytes_of(self.blue)), (blue, red))

    def test_no_file_moves_and_nothing_goes_to_the_trash(self) -> None:
        before = self.live_bytes()

        self.swap(self.red, self.blue)

        self.assertEqual((self.live_bytes(), self.trash()), (before, []))

    def test_a_picture_moves_to_a_segment_that_has_none_from_either_side(self) -> None:
        red = self.bytes_of(self.red)

        self.swap(self.red, self.bare)
        self.assertEqual((self.bytes_of(self.red), self.bytes_of(self.bare)), (None, red))

        self.swap(self.red, self.bare)
        self.assertEqual((self.bytes_of(self.red), self.bytes_of(self.bare)), (red, None))

    def test_both_are_new_versions_and_the_audit_says_so(self) -> None:
        etags = [self.client.get(f"/api/segments/{it.pk}/")["ETag"] for it in (self.red, self.blue)]

        self.swap(self.red, self.blue)

        for segment, etag in zip((self.red, self.blue), etags, strict=True):
            self.assertNotEqual(self.client.get(f"/api/segments/{segment.pk}/")["ETag"], etag)
        notes = AuditEntry.objects.filter(act="swap").order_by("id").values_list("record", "note")
        self.assertEqual(
            list(notes),
            [(str(self.red.pk), f"with segment {self.blue.pk}"), (str(self.blue.pk), f"with segment {self.red.pk}")],
        )

    def test_thumbnails_follow(self) -> None:
        def thumbnail(segment: Segment) -> bytes:
            return b"".join(self.client.get(f"/api/segments/{segment.pk}/thumbnail/"))

        red, blue = thumbnail(self.red), thumbnail(self.blue)
        self.swap(self.red, self.blue)
        self.assertEqual((thumbnail(self.red), thumbnail(self.blue)), (blue, red))

    def test_afterwards_pictures_are_uploaded_removed_and_restored_as_ever(self) -> None:
        """The name of the swapped file begins with the other segment's number."""
        red, blue = self.bytes_of(self.red), self.bytes_of(self.blue)
        self.swap(self.red, self.blue)

        # The name that red's upload would get is taken by blue's picture, which must stay.
        self.assertEqual(self.upload(self.red, a_picture("a.jpg", color="green")).status_code, 200)
        self.assertEqual(self.bytes_of(self.blue), red)
        (entry,) = self.trash()
        self.assertEqual(entry["segment"], self.red.pk)
        self.assertEqual(self.restore(entry).status_code, 200)
        self.assertEqual((self.bytes_of(self.red), self.bytes_of(self.blue)), (blue, red))
        self.assertEqual(self.remove(self.blue).status_code, 200)
        self.assertEqual((self.bytes_of(self.red), self.bytes_of(self.blue)), (blue, None))
        self.assertTrue(recover().is_clean)

    def test_a_deleted_segment_comes_back_with_the_picture_it_was_given(self) -> None:
        red, blue = self.bytes_of(self.red), self.bytes_of(self.blue)
        self.swap(self.red, self.blue)
        self.client.delete(f"/api/segments/{self.red.pk}/")

        self.assertEqual(self.restore(self.trash()[0]).status_code, 200)
        self.assertEqual((self.bytes_of(self.red), self.bytes_of(self.blue)), (blue, red))

    def test_a_locked_segment_on_either_side_refuses(self) -> None:
        Segment.objects.filter(pk=self.red.pk).update(is_locked=True)
        before = self.state()

        for pair in ((self.red, self.blue), (self.blue, self.red)):
            response = self.swap(*pair)
            self.assertEqual(
                (response.status_code, response.json()), (400, {"error": "Cannot modify a locked segment."})
            )
        self.assertEqual(self.state(), before)

    def test_a_number_that_no_segment_can_have_is_no_such_segment(self) -> None:
        for number in (0, -1, 2**63, 10**30):
            response = self.send("POST", f"/api/segments/{self.red.pk}/swap-image/", {"segment": number})
            self.assertEqual((response.status_code, response.data["error"]), (404, "There is no such segment."))

    def test_what_cannot_be_swapped_is_refused_with_nothing_changed(self) -> None:
        foreign, bare = self.a_segment_with_picture(), self.a_segment(self.project, 3)
        before = self.state()

        for segment, other, status in (
            (self.red, self.red, 400),
            (self.red, foreign, 400),
            (self.bare, bare, 400),
            (self.red, 10**40, 404),
            (self.red, 99999, 404),
            (99999, self.red, 404),
            (self.red, None, 400),
            (self.red, "x", 400),
            (self.red, True, 400),
            (self.red, [self.blue.pk], 400),
        ):
            with self.subTest(other=other):
                self.assertEqual(self.swap(segment, other).status_code, status)
        self.assertEqual(self.send("POST", f"/api/segments/{self.red.pk}/swap-image/", []).status_code, 400)
        self.assertEqual(self.state(), before)

    def test_a_missing_file_stays_its_row_s_trouble(self) -> None:
        for path in self.media.glob(f"projects/{self.project.pk}/images/*_a.jpg"):
            path.unlink()

        self.assertEqual(self.swap(self.red, self.blue).status_code, 200)
        self.assertEqual(self.remove(self.blue).status_code, 200)
