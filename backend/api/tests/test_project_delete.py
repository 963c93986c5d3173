"""Deleting a project with its rows and its folder, and restoring them."""

from __future__ import annotations

from unittest.mock import patch

from api.models import Project, Segment
from api.tests.base import StoryTestCase


class TestProjectDelete(StoryTestCase):
    def delete(self, project: Project) -> int:
        return self.client.delete(f"/api/projects/{project.pk}/").status_code

    def a_whole_project(self) -> Project:
        """With pictures, narration, a video, stray files and folders, and a locked segment."""
        project = self.a_project(title="Dawn", segments=1)
        self.a_segment_with_picture(project, index=1)
        spoken = self.a_segment_with_picture(project, index=2, is_locked=True)
        name = self.a_file(f"projects/{project.pk}/audio/{spoken.pk}.wav", b"RIFF narration")
        Segment.objects.filter(pk=spoken.pk).update(audio_file=name, audio_duration=1.5)
        for stray in ("output/story.mp4", "notes.txt", "images/deep/er/old picture.PNG", "images/.hidden", "empty"):
            self.a_file(f"projects/{project.pk}/{stray}", b"" if stray == "empty" else stray.encode())
        return project

    def rows(self) -> tuple[list, list]:
        return list(Project.objects.order_by("pk").values()), self.segment_rows()

    def restore(self) -> int:
        return self.send("POST", f"/api/trash/{self.trash()[0]['id']}/restore/", {}).status_code

    def test_the_project_and_its_segments_are_gone(self) -> None:
        project = self.a_project()

        response = self.client.delete(f"/api/projects/{project.pk}/")

        self.assertEqual((response.status_code, response.content), (204, b""))
        self.assertEqual(self.rows(), ([], []))

    def test_its_whole_folder_is_gone_with_strays(self) -> None:
        project = self.a_whole_project()

        status = self.delete(project)

        self.assertEqual(status, 204)
        self.assertFalse((self.media / "projects" / str(project.pk)).exists())
        self.assertEqual((self.live_files(), self.leftovers()), ([], []))

    def test_its_files_are_no_longer_served(self) -> None:
        project = self.a_whole_project()
        address = f"/media/projects/{project.pk}/output/story.mp4"
        self.assertEqual(self.client.get(address).getvalue(), b"output/story.mp4")

        self.delete(project)

        self.assertEqual(self.client.get(address).status_code, 404)

    def test_other_projects_stay_as_they_are(self) -> None:
        other = self.a_project(title="Another", segments=0)
        self.a_segment_with_picture(other)
        before, files = self.rows(), self.live_bytes()

        self.delete(self.a_whole_project())

        self.assertEqual((self.rows(), self.live_bytes()), (before, files))

    def test_a_project_without_a_folder_can_be_deleted(self) -> None:
        project = self.a_project()

        self.assertEqual(self.delete(project), 204)
        self.assertEqual(self.rows(), ([], []))

    def test_locked_segments_do_not_keep_it(self) -> None:
        project = self.a_project()
        project.segments.update(is_locked=True)

        self.assertEqual(self.delete(project), 204)

    def test_afterwards_nothing_of_it_is_found(self) -> None:
        project = self.a_project(segments=1)
        segment = project.segments.get()

        self.delete(project)

        for address in (f"/api/projects/{project.pk}/", f"/api/segments/{segment.pk}/"):
            self.assertEqual(self.client.get(address).status_code, 404)
            self.assertEqual(self.client.delete(address).status_code, 404)
        self.assertEqual(self.client.get(f"/api/segments/?project={project.pk}").json(), [])

    def test_an_unknown_project_is_not_found(self) -> None:
        self.assertEqual(self.client.delete("/api/projects/999999/").status_code, 404)

    def test_it_waits_in_the_trash_as_one_thing(self) -> None:
        project = self.a_whole_project()
        size = sum(map(len, self.live_bytes().values()))

        self.delete(project)

        (entry,) = self.trash()
        self.assertEqual((entry["what"], entry["title"], entry["project"]), ("project", "Dawn", project.pk))
        self.assertEqual(entry["size_bytes"], size)

    def test_restoring_brings_back_every_byte_id_and_time(self) -> None:
        project = self.a_whole_project()
        rows, files = self.rows(), self.live_bytes()
        self.delete(project)

        self.assertEqual(self.restore(), 200)
        self.assertEqual((self.rows(), self.live_bytes()), (rows, files))
        self.assertEqual((self.trash(), self.trashed_files(), self.leftovers()), ([], [], []))

    def test_a_project_without_a_folder_can_be_restored(self) -> None:
        project = self.a_project()
        rows = self.rows()
        self.delete(project)

        self.assertEqual(self.restore(), 200)
        self.assertEqual(self.rows(), rows)

    def test_a_picture_removed_before_can_be_restored_after_it(self) -> None:
        segment = self.a_segment_with_picture()
        files = self.live_bytes()
        self.remove(segment)
        self.delete(segment.project)

        project_entry, image_entry = self.trash()
        for entry in (project_entry, image_entry):
            self.assertEqual(self.send("POST", f"/api/trash/{entry['id']}/restore/", {}).status_code, 200)

        self.assertEqual(self.live_bytes(), files)

    def test_a_file_outside_its_folder_goes_and_comes_back_too(self) -> None:
        project = self.a_project(segments=0)
        self.a_segment(project, image_file=self.a_file("projects/old picture.jpg", b"old"))
        rows, files = self.rows(), self.live_bytes()

        self.delete(project)
        gone = self.live_files()
        self.restore()

        self.assertEqual((gone, self.rows(), self.live_bytes()), ([], rows, files))

    def test_a_picture_that_another_projects_row_shows_too_stays(self) -> None:
        kept = self.a_segment_with_picture()
        copied = self.a_segment(image_file=kept.image_file.name)
        files = self.live_bytes()

        self.assertEqual(self.delete(copied.project), 204)
        self.assertEqual(self.live_bytes(), files)

    def test_when_the_folder_cannot_be_moved_nothing_changes(self) -> None:
        project = self.a_whole_project()
        before = self.state()

        with patch("media_store.disk.rename", side_effect=PermissionError), self.assertLogs(level="ERROR"):
            response = self.client.delete(f"/api/projects/{project.pk}/")

        self.assertEqual(response.status_code, 500)
        self.assertIn("error", response.json())
        self.assertEqual(self.state(), before)
