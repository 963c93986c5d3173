"""Copies of segments."""

from __future__ import annotations

from unittest import mock

from api.models import Segment
from filming.tests.writing import WritingTestCase
from media_store import disk
from media_store.models import AuditEntry


class DuplicateSegmentTests(WritingTestCase):
    def test_everything_but_the_lock_is_copied_to_the_place_behind(self) -> None:
        self.give_pictures()
        self.narrate_all()
        self.choose(self.segments[1], motion="still", focus=[0.2, 0.3], voice=None, pause_s=1.5)
        self.lock(self.segments[1])
        before = self.story()

        answer = self.duplicate_of(self.segments[1])

        assert answer.status_code == 201
        after = self.story()
        assert after[:2] + after[3:] == before
        copy, original = after[2], after[1]
        assert copy[0] == answer.json()["id"]
        assert copy[1:3] == original[1:3]
        assert copy[5:] == (original[5], False, original[7])
        for column in (3, 4):
            assert copy[column] != original[column]
            assert self.file_of(copy[column]).read_bytes() == self.file_of(original[column]).read_bytes()
        words = self.client.get(f"/api/segments/{copy[0]}/words/").json()
        assert (words["stale"], len(words["words"])) == (False, 2)
        assert answer["ETag"] == self.client.get(f"/api/segments/{copy[0]}/")["ETag"]
        self.assert_clean()

    def test_a_bare_one_has_a_bare_copy_and_copies_can_be_copied(self) -> None:
        first = self.duplicate_of(self.segments[2]).json()
        second = self.duplicate_of(first["id"]).json()
        assert [row[0] for row in self.story()][2:] == [self.segments[2].pk, first["id"], second["id"]]
        assert (second["image_file"], second["audio_file"], second["audio_duration"]) == (None, None, None)

    def test_each_lives_on_without_the_other(self) -> None:
        self.give_pictures()
        copy = self.duplicate_of(self.segments[0]).json()
        self.client.delete(f"/api/segments/{self.segments[0].pk}/")
        assert self.client.get(copy["image_file"]).status_code == 200
        self.assert_clean()

    def test_a_file_missing_from_disk_is_missing_in_the_copy(self) -> None:
        self.give_pictures()
        self.file_of(self.fresh(0).image_file.name).unlink()
        assert self.duplicate_of(self.segments[0]).json()["image_file"] is None

    def test_a_disk_that_refuses_leaves_no_half_copy(self) -> None:
        self.give_pictures()
        self.narrate_all()
        before = self.state()
        link, placed = disk.link, []

        def refuse_the_second(source: object, target: object) -> None:
            placed.append(target)
            if len(placed) == 2:
                raise OSError(28, "No space left on device")
            link(source, target)

        with mock.patch.object(disk, "link", refuse_the_second):
            assert self.duplicate_of(self.segments[0]).status_code == 507
        assert self.state() == before

    def test_what_is_not_there_is_404_and_the_audit_says_of_what_it_is_a_copy(self) -> None:
        for pk in ("999999", "0", "x", str(10**40)):
            assert self.send("POST", f"/api/segments/{pk}/duplicate/", {}).status_code == 404
        copy = self.duplicate_of(self.segments[0]).json()["id"]
        assert AuditEntry.objects.get(act="duplicate").note == f"of segment {self.segments[0].pk}"
        assert Segment.objects.get(pk=copy).project_id == self.project.pk
