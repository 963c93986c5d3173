from __future__ import annotations

from typing import Any
from unittest import mock

from api.models import Project, Segment
from filming.tests.base import FilmTestCase
from media_store import disk
from media_store.recovery import recover


class DuplicateTests(FilmTestCase):
    def duplicate(self) -> Any:
        return self.post(f"/api/projects/{self.project.pk}/duplicate/")

    def test_texts_pictures_narration_locks_and_settings_are_copied(self) -> None:
        self.give_pictures()
        self.narrate_all()
        Segment.objects.filter(pk=self.segments[2].pk).update(is_locked=True)
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"zoom": 1.5})
        self.patch(f"/api/segments/{self.segments[0].pk}/framing/", {"motion": "pan-left"})
        answer = self.duplicate()
        assert answer.status_code == 201
        copy = answer.json()
        assert copy["title"] == "Half a Fig (copy)"
        for old, new in zip(
            self.client.get(f"/api/projects/{self.project.pk}/").json()["segments"], copy["segments"], strict=True
        ):
            for column in ("text_content", "image_prompt", "is_locked", "sequence_index", "audio_duration"):
                assert new[column] == old[column]
            for column in ("image_file", "audio_file"):
                assert new[column] != old[column]
                assert self.file_of(new[column]).read_bytes() == self.file_of(old[column]).read_bytes()
        first = copy["segments"][0]["id"]
        words = self.client.get(f"/api/segments/{first}/words/").data
        assert (words["stale"], len(words["words"])) == (False, 5)
        assert self.client.get(f"/api/segments/{first}/framing/").data["motion"] == "pan-left"
        assert self.client.get(f"/api/projects/{copy['id']}/settings/").data["own"] == {"zoom": 1.5}

    def test_the_copy_lives_on_when_the_original_goes(self) -> None:
        self.give_pictures()
        copy = self.duplicate().json()
        self.client.delete(f"/api/projects/{self.project.pk}/")
        assert all(self.client.get(segment["image_file"]).status_code == 200 for segment in copy["segments"])
        report = recover()
        assert report.is_clean
        assert not report.quarantined

    def test_a_picture_missing_from_disk_is_missing_in_the_copy(self) -> None:
        self.give_pictures()
        self.file_of(self.fresh(1).image_file.name).unlink()
        copy = self.duplicate().json()
        assert [segment["image_file"] is None for segment in copy["segments"]] == [False, True, False]

    def test_a_disk_that_refuses_leaves_no_half_copy(self) -> None:
        self.give_pictures()
        before = self.state()
        placed: list[object] = []

        def refuse_the_third(source: object, target: object) -> None:
            placed.append(target)
            if len(placed) == 3:
                raise OSError(28, "No space left on device")
            link(source, target)

        link = disk.link
        with mock.patch.object(disk, "link", refuse_the_third):
            assert self.duplicate().status_code == 507
        assert self.state() == before

    def test_a_long_title_still_fits(self) -> None:
        Project.objects.filter(pk=self.project.pk).update(title="x" * 200)
        assert len(self.duplicate().json()["title"]) == 200

    def test_an_unknown_project_is_404(self) -> None:
        assert self.post("/api/projects/999999/duplicate/").status_code == 404
