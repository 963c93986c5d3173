from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from api.models import Segment
from filming.film_settings import SETTING_DEFINITIONS, format_of, voice_settings_from
from filming.models import Render
from filming.tests.base import FilmTestCase, frames_of
from preferences.setting_values import effective_settings

# For each setting a value that is not the one the tests run with.
OTHERWISE: dict[str, Any] = {
    "voice": "espeak-en",
    "speed": 1.3,
    "sentence_pause_s": 1.5,
    "paragraph_pause_s": 2.0,
    "segment_pause_s": 1.2,
    "silent_scene_s": 2.0,
    "size": "90x160",
    "fps": 20,
    "quality": 35,
    "fit": "contain",
    "motion": "still",
    "zoom": 1.8,
    "transition_s": 0.0,
    "subtitles": False,
    "subtitle_style": "box",
    "subtitle_size": "large",
    "subtitle_place": "top",
    "subtitle_words": 1,
    "card_look": "paper",
}


class SettingsTests(FilmTestCase):
    def test_every_setting_has_a_value_a_help_and_a_place_in_the_answer(self) -> None:
        answer = self.client.get("/api/settings/").data
        assert set(answer) == {preference.name for preference in SETTING_DEFINITIONS} == set(OTHERWISE)
        assert all(preference.help.endswith(".") for preference in SETTING_DEFINITIONS)

    def test_changing_any_setting_changes_how_it_is_read_or_looks(self) -> None:
        values = effective_settings()
        for name, value in OTHERWISE.items():
            changed = {**values, name: value}
            assert (voice_settings_from(values), format_of(values)) != (
                voice_settings_from(changed),
                format_of(changed),
            ), name

    def test_one_wrong_value_changes_nothing_and_is_named(self) -> None:
        before = self.client.get("/api/settings/").data
        answer = self.patch("/api/settings/", {"fps": 29, "zoom": 1.1, "voice": "nobody", "colour": 1})
        assert answer.status_code == 400
        assert set(answer.data["details"]) == {"fps", "voice", "colour"}
        assert self.client.get("/api/settings/").data == before

    def test_odd_values_are_refused(self) -> None:
        wrong: dict[str, list[Any]] = {
            "size": ["1920", "1921x1080", "0x0", "99999x2", 5, ["1x1"], "1920X1080"],
            "fps": [True, 29.97, "30", [], {}, 10**40],
            "speed": [0, 9, "fast", float("1e400"), True, []],
            "subtitles": [1, "true", []],
            "voice": [1, [], "x" * 500],
            "subtitle_words": [0, 21, 2.5],
        }
        for name, values in wrong.items():
            for value in values:
                assert (
                    self.patch(
                        "/api/settings/", {name: value} if value != float("inf") else {name: "1e400"}
                    ).status_code
                    == 400
                ), (name, value)

    def test_null_takes_a_choice_back(self) -> None:
        assert self.patch("/api/settings/", {"fps": None}).data["fps"] == 30

    def test_a_projects_own_settings_hold_for_it_alone(self) -> None:
        url = f"/api/projects/{self.project.pk}/settings/"
        answer = self.patch(url, {"zoom": 1.5})
        assert (answer.data["own"], answer.data["values"]["zoom"]) == ({"zoom": 1.5}, 1.5)
        assert self.client.get("/api/settings/").data["zoom"] == 1.25
        assert self.patch(url, {"zoom": None}).data["own"] == {}

    def test_the_voices_come_with_what_they_lack(self) -> None:
        voices = self.client.get("/api/settings/voices/").data
        assert voices[0]["id"] == "heart"
        assert voices[0]["available"] is True
        assert all((voice["missing"] is None) == voice["available"] for voice in voices)


class SettingsInTheFilmTests(FilmTestCase):
    def look(self) -> tuple[bytes, list[np.ndarray]]:
        self.render()
        path = self.file_of(Render.objects.latest("pk").video)
        return path.read_bytes(), frames_of(path)

    def test_each_that_concerns_the_picture_changes_the_video(self) -> None:
        self.make_film()
        before, _ = self.look()
        for name in ("segment_pause_s", "size", "fps", "quality", "fit", "motion", "zoom", "transition_s"):
            self.patch(f"/api/projects/{self.project.pk}/settings/", {name: OTHERWISE[name]})
            assert self.look()[0] != before, name
            self.patch(f"/api/projects/{self.project.pk}/settings/", {name: None})

    def test_each_that_concerns_subtitles_changes_the_video(self) -> None:
        self.patch("/api/settings/", {"size": "320x180"})
        self.make_film()
        before, _ = self.look()
        for name in ("subtitles", "subtitle_style", "subtitle_size", "subtitle_place", "subtitle_words"):
            self.patch(f"/api/projects/{self.project.pk}/settings/", {name: OTHERWISE[name]})
            assert self.look()[0] != before, name
            self.patch(f"/api/projects/{self.project.pk}/settings/", {name: None})

    def test_each_that_concerns_the_voice_changes_the_sound(self) -> None:
        self.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": "One came. Two came.\n\nThree came."})
        self.narrate_all()
        url = f"/api/projects/{self.project.pk}/settings/"
        before = self.file_of(self.fresh(0).audio_file.name).read_bytes()
        for name in ("voice", "speed", "sentence_pause_s", "paragraph_pause_s"):
            self.patch(url, {name: OTHERWISE[name]})
            self.narrate_all()
            assert self.file_of(self.fresh(0).audio_file.name).read_bytes() != before, name
            self.patch(url, {name: None})
            self.narrate_all()
            assert self.file_of(self.fresh(0).audio_file.name).read_bytes() == before, name

    def test_a_silent_scene_stands_as_long_as_chosen(self) -> None:
        self.patch("/api/settings/", {"silent_scene_s": 2.0, "transition_s": 0.0})
        self.render("?draft=1")
        assert Render.objects.get().frames == 3 * 20


def plain(framing: dict[str, Any]) -> dict[str, Any]:
    """Without what it says of each shape."""
    return {name: framing[name] for name in ("focus", "motion", "fit")}


class FramingTests(FilmTestCase):
    def frame(self, body: dict[str, Any]) -> Any:
        return self.patch(f"/api/segments/{self.segments[0].pk}/framing/", body)

    def test_a_focal_point_motion_and_fit_are_kept_and_taken_back(self) -> None:
        url = f"/api/segments/{self.segments[0].pk}/framing/"
        assert plain(self.client.get(url).data) == {"focus": [0.5, 0.5], "motion": "auto", "fit": None}
        framed = self.frame({"focus": [0, 1], "motion": "pan-left"}).data
        assert plain(framed) == {"focus": [0, 1], "motion": "pan-left", "fit": None}
        assert self.frame({"focus": None}).data["focus"] == [0.5, 0.5]

    def test_it_changes_the_film_of_that_segment_only(self) -> None:
        self.give_pictures()
        wide = Image.new("RGB", (400, 90), "black")
        ImageDraw.Draw(wide).rectangle([0, 0, 100, 90], fill="white")
        content = BytesIO()
        wide.save(content, "PNG")
        file = SimpleUploadedFile("wide.png", content.getvalue())
        self.client.post(f"/api/segments/{self.segments[0].pk}/upload-image/", {"image": file})
        self.narrate_all()
        self.frame({"focus": [0, 0.5], "motion": "still"})
        self.render()
        left = frames_of(self.file_of(Render.objects.latest("pk").video))
        self.frame({"focus": [1, 0.5]})
        self.render()
        right = frames_of(self.file_of(Render.objects.latest("pk").video))
        assert left[2][:60].mean() > 120 > right[2][:60].mean() + 60
        assert np.abs(left[-2].astype(int) - right[-2]).max() < 3

    def test_what_cannot_be_is_refused(self) -> None:
        for body in (
            {"focus": [2, 0]},
            {"focus": "middle"},
            {"focus": [True, 0]},
            {"motion": "spin"},
            {"fit": 1},
            {"x": 1},
            {"motion": []},
        ):
            assert self.frame(body).status_code == 400, body

    def test_a_locked_segment_keeps_its_framing(self) -> None:
        Segment.objects.filter(pk=self.segments[0].pk).update(is_locked=True)
        assert self.frame({"motion": "still"}).status_code == 400

    def test_the_segment_is_another_version_then_so_that_an_older_video_is_known_to_be_old(self) -> None:
        before = self.fresh(0).updated_at
        self.frame({"focus": [2, 2]})
        self.frame({})
        assert self.fresh(0).updated_at == before
        self.frame({"motion": "still"})
        assert self.fresh(0).updated_at > before

    def test_it_goes_with_the_picture_when_two_are_swapped(self) -> None:
        self.give_pictures()
        first, second, third = (segment.pk for segment in self.segments)
        self.frame({"focus": [0.1, 0.9], "fit": "contain"})
        self.patch(f"/api/segments/{second}/framing/", {"motion": "still"})

        self.client.post(f"/api/segments/{first}/swap-image/", {"segment": second}, format="json")

        framings = [plain(self.client.get(f"/api/segments/{pk}/framing/").data) for pk in (first, second, third)]
        assert framings[0] == {"focus": [0.5, 0.5], "motion": "still", "fit": None}
        assert framings[1] == {"focus": [0.1, 0.9], "motion": "auto", "fit": "contain"}
        assert framings[2] == {"focus": [0.5, 0.5], "motion": "auto", "fit": None}


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_the_value_the_tests_change_to_passes_its_own_check(name: str) -> None:
    (preference,) = [preference for preference in SETTING_DEFINITIONS if preference.name == name]
    assert preference.check(OTHERWISE[name]) == OTHERWISE[name]
