from __future__ import annotations

import hashlib
import os
from typing import Any
from unittest import mock

import numpy as np

from api.models import Project, Segment
from filming import publishing, render_snapshots, renders
from filming.models import Render
from filming.tests.base import FilmTestCase, frames_of
from jobs import running
from jobs.models import Job
from media_store.layout import current_layout
from media_store.recovery import recover
from rendering.chunk_cache import ChunkCache


class RenderTests(FilmTestCase):
    def start(self, query: str = "") -> Any:
        return self.post(f"/api/projects/{self.project.pk}/render/{query}")

    def test_what_is_missing_is_named_and_nothing_started(self) -> None:
        self.give_pictures()
        self.client.delete(f"/api/segments/{self.segments[1].pk}/remove-image/")
        answer = self.start()
        assert answer.status_code == 400
        assert answer.data["error"] == "Project not ready for rendering"
        assert answer.data["details"]["missing_images"] == [self.segments[1].pk]
        assert answer.data["details"]["missing_audio"] == [segment.pk for segment in self.segments]
        assert answer.data["details"]["message"]
        assert not Job.objects.exists()

    def test_a_file_that_somebody_took_from_the_disk_is_missing_too(self) -> None:
        self.give_pictures()
        self.narrate_all()
        picture, sound = (Segment.objects.get(pk=self.segments[number].pk) for number in (0, 2))
        self.file_of(picture.image_file.name).unlink()
        self.file_of(sound.audio_file.name).unlink()
        details = self.start().data["details"]
        assert (details["missing_images"], details["missing_audio"]) == ([picture.pk], [sound.pk])
        ready = self.client.get(f"/api/projects/{self.project.pk}/readiness/").data
        assert (ready["ready"], ready["missing_images"], ready["missing_audio"]) == (False, [picture.pk], [sound.pk])
        assert not Job.objects.filter(kind=renders.KIND).exists()

    def test_progress_begins_at_nothing_where_nothing_has_to_be_narrated(self) -> None:
        self.give_pictures()
        self.narrate_all()
        told: list[tuple[int, int]] = []

        def report(job: Any, phase: str, done: int, total: int, **details: Any) -> None:
            told.append((done, total))

        with mock.patch.object(running.ClaimedJob, "report", report):
            self.start()
            self.work()
        assert told[0] == (0, 100)
        assert told[-1] == (100, 100)

    def test_a_project_without_segments_is_not_ready(self) -> None:
        empty = Project.objects.create(title="Empty")
        assert self.post(f"/api/projects/{empty.pk}/render/").status_code == 400
        assert self.post(f"/api/projects/{empty.pk}/render/?draft=1").status_code == 400

    def test_the_video_is_there_with_its_subtitles_and_says_so(self) -> None:
        render = self.make_film()
        status = self.client.get(f"/api/projects/{self.project.pk}/status/").data
        assert (status["status"], status["progress"], status["error"]) == ("COMPLETED", None, None)
        assert status["output_url"] == f"/media/{render.video}"
        video = self.client.get(status["output_url"], headers={"Range": "bytes=0-99"})
        assert (video.status_code, video["Content-Type"]) == (206, "video/mp4")
        assert len(frames_of(self.file_of(render.video))) == render.frames
        for suffix, kind in ((".srt", "application/x-subrip"), (".vtt", "text/vtt")):
            answer = self.client.get(status["output_url"].replace(".mp4", suffix))
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith(kind)
        assert Project.objects.get().status == "COMPLETED"

    def test_the_answer_names_the_task_and_progress_never_goes_back(self) -> None:
        self.give_pictures()
        self.narrate_all()
        answer = self.start()
        assert answer.status_code == 202
        assert set(answer.data) == {"task_id", "project_id", "status", "total_segments", "sizes", "message"}
        status = self.client.get(f"/api/projects/{self.project.pk}/status/").data
        assert (status["status"], status["progress"]["total_segments"]) == ("PROCESSING", 3)
        assert Project.objects.get().status == "PROCESSING"

    def test_a_second_one_at_once_is_409_and_leaves_no_snapshot(self) -> None:
        self.give_pictures()
        self.narrate_all()
        first = self.start()
        second = self.start()
        assert second.status_code == 409
        assert second.data["details"] == {"task_id": first.data["task_id"]}
        assert len(list((current_layout().private / "work").iterdir())) == 1

    def test_the_film_is_of_the_moment_it_was_asked_for(self) -> None:
        self.give_pictures()
        self.narrate_all()
        self.start()
        self.give_picture(self.segments[0], "white")
        self.client.delete(f"/api/segments/{self.segments[1].pk}/")
        self.work()
        frames = frames_of(self.file_of(Render.objects.get().video))
        assert np.abs(frames[3][:45, :60].reshape(-1, 3).mean(axis=0) - (0, 128, 128)).max() < 12  # teal, not white
        assert len(frames) > 3 * 10

    def test_a_stale_narration_is_said_again_for_the_film_and_the_segment(self) -> None:
        self.make_film()
        self.patch(f"/api/segments/{self.segments[1].pk}/", {"text_content": "A man with a lamp came up the hill."})
        self.render()
        assert self.narration(1).text == "A man with a lamp came up the hill."
        assert "a lamp" in self.file_of(Render.objects.latest("pk").srt).read_text()
        assert self.client.get(f"/api/projects/{self.project.pk}/readiness/").data["stale_audio"] == []

    def test_the_same_film_again_is_the_same_file(self) -> None:
        first = self.make_film()
        self.render()
        assert Render.objects.get().pk == first.pk

    def test_only_the_newest_five_videos_are_kept(self) -> None:
        self.make_film()
        for zoom in (1.1, 1.12, 1.14, 1.16, 1.18, 1.2):
            self.patch("/api/settings/", {"zoom": zoom})
            self.render()
        kept = self.client.get(f"/api/projects/{self.project.pk}/renders/").data
        assert len(kept) == publishing.KEPT_VIDEOS
        assert kept[0]["id"] == Render.objects.latest("pk").pk
        on_disk = [name for name in self.live_files() if name.endswith(".mp4")]
        assert len(on_disk) == publishing.KEPT_VIDEOS
        assert self.trash() == []

    def test_a_draft_is_small_and_has_cards_for_what_is_missing(self) -> None:
        assert self.render("?draft=1")["status"] == "COMPLETED"
        render = Render.objects.get()
        assert (render.width, render.height, render.is_draft) == (80, 64, True)

    def test_a_deleted_video_waits_in_the_trash_with_its_subtitles(self) -> None:
        render = self.make_film()
        before = self.live_bytes()
        assert self.client.delete(f"/api/projects/{self.project.pk}/renders/{render.pk}/").status_code == 204
        assert self.client.get(f"/api/projects/{self.project.pk}/renders/").data == []
        (entry,) = [entry for entry in self.trash() if entry["what"] == "video"]
        assert self.post(f"/api/trash/{entry['id']}/restore/").status_code == 200
        assert self.live_bytes() == before
        assert Render.objects.count() == 1

    def test_a_restored_project_has_its_videos_again(self) -> None:
        self.make_film()
        before = self.client.get(f"/api/projects/{self.project.pk}/renders/").data
        self.client.delete(f"/api/projects/{self.project.pk}/")
        assert recover().is_clean
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.client.get(f"/api/projects/{self.project.pk}/renders/").data == before
        assert recover().is_clean

    def test_a_damaged_picture_fails_with_its_name_and_the_video_before_stays(self) -> None:
        render = self.make_film()
        before = hashlib.sha256(self.file_of(render.video).read_bytes()).hexdigest()
        self.file_of(self.fresh(1).image_file.name).write_bytes(b"no picture any more")
        self.patch("/api/settings/", {"zoom": 1.9})
        status = self.render()
        assert status["status"] == "FAILED"
        assert "is damaged" in status["error"]
        assert status["output_url"] == f"/media/{render.video}"
        assert hashlib.sha256(self.file_of(render.video).read_bytes()).hexdigest() == before

    def test_a_full_disk_fails_with_a_sentence_and_leaves_nothing(self) -> None:
        self.give_pictures()
        self.narrate_all()
        before = self.live_files()
        with mock.patch.object(ChunkCache, "put", side_effect=OSError(28, "No space left on device")):
            status = self.render()
        assert status["status"] == "FAILED"
        assert status["error"].startswith("The disk is full.")
        assert self.live_files() == before
        assert self.leftovers() == []
        assert list((current_layout().private / "work").iterdir()) == []

    def test_a_project_deleted_meanwhile_gets_no_video(self) -> None:
        self.give_pictures()
        self.narrate_all()
        job = Job.objects.get(pk=self.start().data["task_id"])
        self.client.delete(f"/api/projects/{self.project.pk}/")
        self.work()
        job.refresh_from_db()
        assert (job.status, job.error) == ("failed", "The project was deleted while it was rendered.")

    def test_cancelling_a_waiting_render_clears_up_and_says_so(self) -> None:
        self.give_pictures()
        self.narrate_all()
        task = self.start().data["task_id"]
        assert self.post(f"/api/tasks/{task}/cancel/").data["status"] == "CANCELLED"
        assert self.client.get(f"/api/projects/{self.project.pk}/status/").data["status"] == "CANCELLED"
        assert not render_snapshots.work_folder(task).exists()
        assert Project.objects.get().status == "DRAFT"

    def test_unknown_projects_and_tasks_are_404(self) -> None:
        for path in ("render/", "generate-all-audio/"):
            assert self.post(f"/api/projects/999999/{path}").status_code == 404
        for path in ("status/", "readiness/", "renders/", "settings/"):
            assert self.client.get(f"/api/projects/999999/{path}").status_code == 404
        for task in ("x", "0", "00000000-0000-0000-0000-000000000000"):
            assert self.client.get(f"/api/tasks/{task}/status/").status_code == 404
            assert self.post(f"/api/tasks/{task}/cancel/").status_code == 404
        assert self.client.delete(f"/api/projects/{self.project.pk}/renders/999/").status_code == 404


class AbandonedSnapshotTests(FilmTestCase):
    def test_what_a_crash_left_is_cleared_away_and_running_work_is_not(self) -> None:
        self.give_pictures()
        self.narrate_all()
        task = self.post(f"/api/projects/{self.project.pk}/render/").data["task_id"]
        lost, young = (render_snapshots.work_folder(name) for name in ("11111111-1111-1111-1111-111111111111", "odd"))
        for folder in (lost, young):
            folder.mkdir()
        for folder in (lost, render_snapshots.work_folder(task)):
            os.utime(folder, (0, 0))
        render_snapshots.delete_abandoned()
        assert [folder.exists() for folder in (lost, young, render_snapshots.work_folder(task))] == [False, True, True]


class ReadinessTests(FilmTestCase):
    def readiness(self) -> dict[str, Any]:
        return dict(self.client.get(f"/api/projects/{self.project.pk}/readiness/").data)

    def test_it_names_what_is_missing_and_what_is_stale(self) -> None:
        self.give_pictures()
        self.narrate_all()
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content="Else.")
        Segment.objects.filter(pk=self.segments[2].pk).update(audio_file=None)
        found = self.readiness()
        assert found["ready"] is False
        assert found["missing_audio"] == [self.segments[2].pk]
        assert found["stale_audio"] == [self.segments[0].pk]

    def test_the_length_it_tells_is_the_films(self) -> None:
        render = self.make_film()
        found = self.readiness()
        assert found["ready"]
        assert found["duration_s"] == round(render.duration_s, 2)

    def test_it_asks_the_database_as_often_for_many_segments_as_for_few(self) -> None:
        with self.assertNumQueries(7):
            self.readiness()
        for index in range(3, 60):
            self.a_segment(self.project, index)
        with self.assertNumQueries(7):
            self.readiness()
