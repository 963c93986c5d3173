"""Estimated lengths of stories, and estimated durations of renders."""

from __future__ import annotations

from typing import Any

from api.models import Segment
from filming import machine_pace, renders
from filming.models import Narration, Render
from filming.tests.writing import WritingTestCase
from preferences.models import SettingValue

LONG = "When the river rose that spring, it took the bridge first, then the mill, then the orchard behind it. " * 3


class TimesTestCase(WritingTestCase):
    def times(self) -> dict[str, Any]:
        return dict(self.client.get(f"/api/projects/{self.project.pk}/times/").json())

    def readiness(self) -> dict[str, Any]:
        return dict(self.client.get(f"/api/projects/{self.project.pk}/readiness/").json())

    def seconds(self) -> list[float]:
        return [row["seconds"] for row in self.times()["segments"]]


class TimesTests(TimesTestCase):
    def test_before_narration_every_length_is_an_estimate_that_grows_with_the_text(self) -> None:
        times = self.times()
        assert times["about"] is True
        assert [row["about"] for row in times["segments"]] == [True, True, True]
        assert [row["id"] for row in times["segments"]] == [segment.pk for segment in self.segments]
        self.client.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": LONG}, format="json")
        assert self.seconds()[0] > 5 * times["segments"][0]["seconds"]
        assert self.seconds()[1:] == [row["seconds"] for row in times["segments"]][1:]

    def test_after_narration_they_are_measured_until_the_text_or_its_reading_changes(self) -> None:
        self.narrate_all()
        times = self.times()
        assert (times["about"], self.readiness()["about"]) == (False, False)
        assert self.seconds() == [self.fresh(number).audio_duration for number in range(3)]
        self.client.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": LONG}, format="json")
        assert [row["about"] for row in self.times()["segments"]] == [True, False, False]
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"speed": 0.5})
        assert [row["about"] for row in self.times()["segments"]] == [True, True, True]

    def test_a_recording_and_a_locked_narration_are_as_long_as_they_are(self) -> None:
        self.narrate_all()
        Narration.objects.filter(audio_file=self.fresh(0).audio_file.name).update(voice="", digest="")
        self.lock(self.segments[1])
        Segment.objects.filter(pk__in=[it.pk for it in self.segments]).update(text_content=LONG)
        assert [row["about"] for row in self.times()["segments"]] == [False, False, True]

    def test_speed_pauses_and_a_voice_of_its_own_count(self) -> None:
        before = self.seconds()
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"speed": 0.5})
        assert [round(slow / quick, 2) for slow, quick in zip(self.seconds(), before, strict=True)] == [2, 2, 2]
        self.choose(self.segments[1], voice="espeak-tr")
        after = self.seconds()
        assert after[1] != 2 * before[1]
        assert abs(after[0] - 2 * before[0]) < 0.01

    def test_a_text_with_nothing_to_say_stands_as_a_silent_scene(self) -> None:
        self.client.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": "…"}, format="json")
        assert self.seconds()[0] == 0
        length_s = self.readiness()["duration_s"]
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"silent_scene_s": 14})
        assert round(self.readiness()["duration_s"] - length_s, 1) == 10

    def test_the_estimate_of_the_film_is_about_the_film_that_is_made(self) -> None:
        about_s = self.readiness()["duration_s"]
        assert self.times()["duration_s"] == about_s
        film = self.make_film()
        assert abs(about_s / film.duration_s - 1) < 0.15

    def test_an_empty_story_is_no_estimate_and_an_unknown_one_404(self) -> None:
        Segment.objects.all().delete()
        assert self.times() == {"about": False, "duration_s": 0.0, "estimate_s": 0.0, "segments": []}
        assert self.client.get("/api/projects/999999/times/").status_code == 404


class MachineTests(TimesTestCase):
    def test_a_film_teaches_how_fast_this_machine_draws_whichever_project_it_was_of(self) -> None:
        self.patch("/api/settings/", {"size": "640x360"})
        for segment in self.segments:
            self.client.patch(f"/api/segments/{segment.pk}/", {"text_content": LONG[:200]}, format="json")
        self.make_film()
        known = SettingValue.objects.get(scope=machine_pace.SCOPE, name=machine_pace.DRAWING).value
        assert len(known) == 1
        pixels, seconds = known[0]
        assert pixels == Render.objects.get().drawn_frames * 640 * 360
        assert machine_pace.drawing_s(100, 640, 360) == 100 * 640 * 360 / (pixels / seconds)

    def test_only_the_last_pieces_of_work_count(self) -> None:
        for seconds in (*([1000.0] * 20), *([2.0] * machine_pace.KEPT_MEASUREMENTS)):
            machine_pace.note_drawing(100, 1920, 1080, seconds)
        assert machine_pace.drawing_s(100, 1920, 1080) == 2
        assert machine_pace.drawing_s(100, 960, 540) == 0.5

    def test_too_little_and_what_came_from_the_cache_teach_nothing(self) -> None:
        machine_pace.note_drawing(10, 160, 90, 1)
        machine_pace.note_drawing(0, 1920, 1080, 1)
        machine_pace.note_drawing(1000, 1920, 1080, 0)
        machine_pace.note_narrating("hibari", 0.5, 1)
        machine_pace.note_narrating("hibari", 100, 0.001)
        assert not SettingValue.objects.filter(scope=machine_pace.SCOPE).exists()

    def test_how_fast_each_engine_speaks_is_learned_and_enters_the_estimate(self) -> None:
        self.make_film()
        machine_pace.note_drawing(100, 1920, 1080, 0.001)
        ready_s = self.readiness()["estimate_s"]
        machine_pace.note_narrating("hibari", 10, 100)
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content=LONG)
        to_say_s = self.seconds()[0]
        assert abs(self.readiness()["estimate_s"] - ready_s - machine_pace.narrating_s("hibari", to_say_s)) < 0.5
        assert machine_pace.narrating_s("hibari", to_say_s) > to_say_s

    def test_narrating_teaches_it(self) -> None:
        self.client.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": LONG}, format="json")
        self.narrate_all()
        known = SettingValue.objects.get(scope=machine_pace.SCOPE, name="narrating with hibari").value
        assert known[0][0] > 10

    def test_narrating_within_a_render_teaches_it_too(self) -> None:
        self.client.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": LONG}, format="json")
        renders.start_render(self.project.pk, is_draft=True, by="test", fills_gaps=True)
        self.work()
        known = SettingValue.objects.get(scope=machine_pace.SCOPE, name="narrating with hibari").value
        assert known[0][0] > 10

    def test_before_that_the_films_of_an_older_release_say_it(self) -> None:
        guessed = machine_pace.drawing_s(100, 1920, 1080)
        film = self.make_film()
        SettingValue.objects.filter(scope=machine_pace.SCOPE).delete()
        Render.objects.filter(pk=film.pk).update(drawn_frames=1000, width=1920, height=1080, took_s=100)
        assert (guessed, machine_pace.drawing_s(100, 1920, 1080)) == (2, 10)
