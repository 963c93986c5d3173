from __future__ import annotations

from typing import Any

from api.models import Segment
from filming import renders
from filming.models import Render
from filming.tests.base import FilmTestCase, frames_of
from filming.tests.test_narration import a_recording
from jobs.models import Job


class FillingGapsTests(FilmTestCase):
    """Rendering what is not ready, for whoever asks for it: the command line does."""

    def render_filling(self) -> dict[str, Any]:
        job, _ = renders.start_render(self.project.pk, is_draft=False, by="test", fills_gaps=True)
        self.work()
        job = Job.objects.get(pk=job.pk)
        assert job.status == "done", job.error
        return dict(job.result)

    def test_what_was_never_narrated_is_narrated_and_the_segment_keeps_it(self) -> None:
        self.give_pictures()
        result = self.render_filling()
        assert (result["silent"], result["cards"]) == ([], [])
        for number, segment in enumerate(self.segments):
            assert self.narration(number).text == segment.text_content
            assert self.fresh(number).audio_duration

    def test_title_cards_stand_for_missing_pictures_and_are_named(self) -> None:
        self.give_picture(self.segments[0], "teal")
        result = self.render_filling()
        assert result["cards"] == [segment.pk for segment in self.segments[1:]]
        render = Render.objects.get()
        assert (render.width, render.is_draft) == (160, False)
        assert len(frames_of(self.file_of(render.video))) == render.frames

    def test_a_segment_without_a_word_is_silent_and_named(self) -> None:
        Segment.objects.filter(pk=self.segments[1].pk).update(text_content="🎉🎉")
        Segment.objects.filter(pk=self.segments[2].pk).update(text_content="")
        assert self.render_filling()["silent"] == [segment.pk for segment in self.segments[1:]]
        assert not self.fresh(1).audio_file

    def test_a_lock_does_not_stop_a_first_narration(self) -> None:
        Segment.objects.filter(pk=self.segments[0].pk).update(is_locked=True)
        assert self.render_filling()["silent"] == []
        assert self.narration(0).text == self.segments[0].text_content
        assert self.fresh(0).is_locked

    def test_a_lock_keeps_the_narration_that_is_there(self) -> None:
        self.narrate_all()
        Segment.objects.filter(pk=self.segments[0].pk).update(is_locked=True)
        before = self.narration(0)
        self.patch("/api/settings/", {"speed": 1.3})
        self.render_filling()
        assert (self.narration(0).pk, self.narration(0).digest) == (before.pk, before.digest)
        assert self.narration(1).digest != before.digest

    def test_a_recording_made_meanwhile_is_not_replaced(self) -> None:
        renders.start_render(self.project.pk, is_draft=False, by="test", fills_gaps=True)
        url = f"/api/segments/{self.segments[0].pk}/audio/"
        assert self.client.post(url, {"audio": a_recording(1.5)}).status_code == 200
        self.work()
        assert self.narration(0).is_recording
        assert Job.objects.get().status == "done"

    def test_a_narration_whose_text_is_only_signs_now_does_not_stop_a_film_that_is_ready(self) -> None:
        self.make_film()
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content="🎉")
        assert self.render()["status"] == "COMPLETED"
        assert Job.objects.filter(kind="render").latest("created_at").result["silent"] == [self.segments[0].pk]
