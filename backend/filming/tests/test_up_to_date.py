"""Whether a video is up to date: its fingerprint is compared with the project, and differences are named."""

from __future__ import annotations

from typing import Any
from unittest import mock

from api.models import Project, Segment
from filming import fingerprints, newest_videos
from filming.models import Render
from filming.tests.base import FilmTestCase
from filming.tests.test_narration import a_recording


class UpToDateTestCase(FilmTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.give_pictures()

    def make(self, *sizes: str, **wish: Any) -> None:
        wanted = {"sizes": list(sizes)} if sizes else {}
        answer = self.post(f"/api/projects/{self.project.pk}/render/", {"fill": True, **wanted, **wish})
        assert answer.status_code == 202, answer.data
        assert self.work() == ["done"]

    def renders(self) -> list[dict[str, Any]]:
        return list(self.client.get(f"/api/projects/{self.project.pk}/renders/").data)

    def newest(self) -> dict[str, Any]:
        return self.renders()[0]

    def differs(self) -> list[str]:
        newest = self.newest()
        assert newest["is_current"] is not bool(newest["differs"])
        listed = self.client.get("/api/projects/").json()[0]["video"]
        if not newest["is_draft"]:
            # The list, which remembers, says what the page, which looks, says.
            expected = {name: newest[name] for name in ("is_current", "differs")}
            assert {name: listed[name] for name in expected} == expected
        return list(newest["differs"])

    def changed(self) -> list[int]:
        return list(self.newest()["changed_segments"])

    def edit(self, number: int, **columns: Any) -> None:
        assert self.patch(f"/api/segments/{self.segments[number].pk}/", columns).status_code == 200

    def choose(self, **values: Any) -> None:
        answer = self.patch(f"/api/projects/{self.project.pk}/settings/", values)
        assert answer.status_code == 200, answer.data


class UpToDateTests(UpToDateTestCase):
    def test_a_film_just_made_is(self) -> None:
        self.make()
        assert (self.differs(), self.changed(), self.newest()["is_current"]) == ([], [], True)

    def test_locking_renaming_and_another_size_change_nothing(self) -> None:
        self.make()
        for step in (
            lambda: self.edit(0, is_locked=True),
            lambda: self.edit(0, is_locked=False),
            lambda: self.edit(1, image_prompt="A lamp."),
            lambda: self.patch(f"/api/projects/{self.project.pk}/", {"title": "Another"}),
            lambda: self.choose(size="128x128"),
            lambda: self.narrate_all(force_regenerate=True),
        ):
            step()
            assert self.differs() == []

    def test_a_text_differs_until_it_is_the_old_one_again(self) -> None:
        self.make()
        self.edit(1, text_content="Somebody came.")
        assert (self.differs(), self.changed()) == (["1 segment"], [self.segments[1].pk])
        self.edit(2, text_content="Then the door stood still.")
        assert (self.differs(), self.changed()) == (["2 segments"], [self.segments[1].pk, self.segments[2].pk])
        self.edit(1, text_content=self.segments[1].text_content)
        self.edit(2, text_content=self.segments[2].text_content)
        assert self.differs() == []
        self.narrate_all()
        assert self.differs() == []

    def test_another_picture_differs_and_the_same_one_again_does_not(self) -> None:
        self.make()
        self.give_picture(self.segments[0], "navy")
        assert (self.differs(), self.changed()) == (["1 segment"], [self.segments[0].pk])
        self.give_picture(self.segments[0], "teal")
        assert self.differs() == []

    def test_a_picture_removed_differs_until_it_is_back(self) -> None:
        self.make()
        self.client.delete(f"/api/segments/{self.segments[2].pk}/remove-image/")
        assert (self.differs(), self.changed()) == (["1 segment"], [self.segments[2].pk])
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.differs() == []

    def test_swapped_pictures_differ_until_they_are_swapped_back(self) -> None:
        self.make()
        first, second = (segment.pk for segment in self.segments[:2])
        self.post(f"/api/segments/{first}/swap-image/", {"segment": second})
        assert (self.differs(), self.changed()) == (["2 segments"], [first, second])
        self.post(f"/api/segments/{first}/swap-image/", {"segment": second})
        assert self.differs() == []

    def test_a_deleted_segment_a_new_one_and_the_order_are_named(self) -> None:
        self.make()
        ids = [segment.pk for segment in self.segments]
        self.post("/api/segments/reorder/", {"project_id": self.project.pk, "segment_order": ids[::-1]})
        assert self.differs() == ["the order"]
        self.client.delete(f"/api/segments/{ids[1]}/")
        assert self.differs() == ["1 deleted segment", "the order"]
        story = {"format": "json", "segments": [{"text_content": "And closed."}, {"text_content": "The end."}]}
        made = self.post(f"/api/projects/{self.project.pk}/import-segments/", story).json()
        assert self.differs() == ["2 new segments", "1 deleted segment", "the order"]
        assert self.changed() == [it["id"] for it in made]

    def test_a_segment_that_comes_back_from_the_trash_is_the_old_one(self) -> None:
        self.make()
        self.client.delete(f"/api/segments/{self.segments[2].pk}/")
        assert self.differs() == ["1 deleted segment"]
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.differs() == []

    def test_each_setting_that_shows_is_named_and_taken_back_differs_no_more(self) -> None:
        self.make()
        for values, words in (
            ({"transition_s": 0.2}, ["the crossfade"]),
            ({"zoom": 1.5}, ["the zoom"]),
            ({"motion": "still"}, ["the motion"]),
            ({"fit": "contain"}, ["the fit of pictures"]),
            ({"fps": 12}, ["the frame rate"]),
            ({"quality": 25}, ["the quality"]),
            ({"segment_pause_s": 1.0}, ["the pauses"]),
            ({"sentence_pause_s": 1.0, "paragraph_pause_s": 2.0, "segment_pause_s": 0.9}, ["the pauses"]),
            ({"speed": 1.2}, ["the speed"]),
            ({"subtitles": False}, ["the subtitles"]),
            ({"subtitle_words": 3, "subtitle_size": "large"}, ["the subtitles"]),
            ({"transition_s": 0, "subtitle_place": "top"}, ["the crossfade", "the subtitles"]),
        ):
            self.choose(**values)
            assert (self.differs(), self.changed()) == (words, []), values
            self.choose(**dict.fromkeys(values))
            assert self.differs() == [], values

    def test_a_setting_that_does_not_show_in_this_film_is_none(self) -> None:
        self.choose(subtitles=False)
        self.make()
        for values in ({"subtitle_words": 3}, {"subtitle_style": "box"}, {"silent_scene_s": 9.0}):
            self.choose(**values)
            assert self.differs() == [], values

    def test_the_length_of_silent_segments_shows_where_one_is_silent(self) -> None:
        Segment.objects.filter(pk=self.segments[1].pk).update(text_content="🎉")
        self.make()
        self.choose(silent_scene_s=9.0)
        assert self.differs() == ["the length of silent segments"]

    def test_after_another_speed_is_narrated_it_is_still_the_speed_and_no_segments(self) -> None:
        self.make()
        self.choose(speed=1.2)
        self.narrate_all()
        assert (self.differs(), self.changed()) == (["the speed"], [])
        self.make()
        assert self.differs() == []

    def test_what_a_lock_keeps_is_not_read_otherwise_until_it_is_unlocked(self) -> None:
        self.make()
        for number in range(3):
            self.edit(number, is_locked=True)
        self.choose(speed=1.2)
        assert self.differs() == []
        self.edit(1, is_locked=False)
        assert self.differs() == ["the speed"]
        self.edit(1, is_locked=True)
        self.make()
        assert (self.differs(), len(self.renders())) == ([], 1)
        self.edit(1, is_locked=False)
        assert self.differs() == ["1 segment"]

    def test_a_voice_s_settings_are_nothing_to_a_film_of_recordings(self) -> None:
        for segment in self.segments:
            self.client.post(f"/api/segments/{segment.pk}/audio/", {"audio": a_recording(1.0)})
        self.make()
        self.choose(speed=1.2)
        assert self.differs() == []

    def test_another_recording_differs_and_the_old_one_from_the_trash_does_not(self) -> None:
        url = f"/api/segments/{self.segments[0].pk}/audio/"
        self.client.post(url, {"audio": a_recording(1.0)})
        self.make()
        self.client.post(url, {"audio": a_recording(1.4)})
        assert (self.differs(), self.changed()) == (["1 segment"], [self.segments[0].pk])
        self.post(f"/api/trash/{self.trash()[0]['id']}/restore/")
        assert self.differs() == []

    def test_the_camera_of_a_segment_differs(self) -> None:
        self.make()
        self.patch(f"/api/segments/{self.segments[1].pk}/framing/", {"motion": "pan-left"})
        assert (self.differs(), self.changed()) == (["1 segment"], [self.segments[1].pk])
        self.patch(f"/api/segments/{self.segments[1].pk}/framing/", {"motion": None})
        assert self.differs() == []

    def test_each_render_is_judged_by_its_own_size(self) -> None:
        self.make("160x90", "90x160")
        self.choose(zoom=1.6)
        self.make("90x160")
        assert [(it["size"], it["differs"]) for it in self.renders()] == [
            ("90x160", []),
            ("90x160", ["the zoom"]),
            ("160x90", ["the zoom"]),
        ]

    def test_editing_while_it_renders_is_a_difference_when_it_is_done(self) -> None:
        self.post(f"/api/projects/{self.project.pk}/render/", {"fill": True})
        self.edit(0, text_content="The old house was full.")
        self.work()
        assert self.differs() == ["1 segment"]

    def test_a_draft_without_narration_is_current_until_something_is_narrated(self) -> None:
        self.make(fill=False, draft=True)
        assert self.differs() == []
        self.narrate_all()
        assert (self.differs(), len(self.changed())) == (["3 segments"], 3)

    def test_of_a_video_made_by_an_older_release_it_is_not_known(self) -> None:
        self.make()
        Render.objects.update(fingerprint={}, facts={}, batch="", asked_size="")
        newest = self.newest()
        assert (newest["is_current"], newest["differs"], newest["size"], newest["batch"]) == (None, [], "160x90", None)
        assert self.client.get("/api/projects/").json()[0]["video"]["is_current"] is None

    def test_a_video_back_from_the_trash_knows_what_it_took(self) -> None:
        self.make()
        self.edit(0, text_content="The old house was full.")
        before = self.newest()
        self.client.delete(f"/api/projects/{self.project.pk}/renders/{before['id']}/")
        assert self.client.get("/api/projects/").json()[0]["video"] is None
        (entry,) = [entry for entry in self.trash() if entry["what"] == "video"]
        assert self.post(f"/api/trash/{entry['id']}/restore/").status_code == 200
        after = self.newest()
        kept = ("size", "batch", "is_current", "differs", "changed_segments", "cards", "silent", "notes")
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}

    def test_the_files_of_a_restored_backup_are_the_same_whenever_they_were_written(self) -> None:
        self.make()
        for segment in Segment.objects.all():
            path = self.file_of(segment.image_file.name)
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
        assert self.newest()["differs"] == []


class ListedVideoTests(UpToDateTestCase):
    def listed(self) -> Any:
        return self.client.get("/api/projects/").json()[0]["video"]

    def test_a_project_without_a_film_has_none_and_a_draft_is_none(self) -> None:
        assert self.listed() is None
        self.make(draft=True)
        assert self.listed() is None

    def test_it_is_the_newest_of_all_sizes(self) -> None:
        self.make("160x90", "90x160")
        self.make(draft=True)
        newest = self.renders()[1]
        assert self.listed() == {
            "render": newest["id"],
            "is_current": True,
            "differs": [],
            "duration_s": newest["duration_s"],
        }
        assert self.client.get(f"/api/projects/{self.project.pk}/").json()["video"] == self.listed()
        renamed = self.patch(f"/api/projects/{self.project.pk}/", {"title": "B"})
        assert renamed.data["video"] == self.listed()

    def test_what_did_not_change_is_not_compared_again(self) -> None:
        self.make()
        self.listed()
        with mock.patch.object(newest_videos, "CurrentProject", side_effect=AssertionError("it was compared again")):
            assert self.listed()["is_current"]

    def test_everybody_s_settings_count_too(self) -> None:
        self.make()
        self.listed()
        self.patch("/api/settings/", {"transition_s": 1.0})
        assert self.listed()["differs"] == ["the crossfade"]

    def test_a_long_list_costs_no_more_queries_than_a_short_one(self) -> None:
        self.make()
        facts = Render.objects.values().get()
        facts.pop("id")
        self.client.get("/api/projects/")
        few = self.queries_of(lambda: self.client.get("/api/projects/"))
        for _ in range(8):
            project = Project.objects.create(title="Another")
            Render.objects.create(**{**facts, "project_id": project.pk})
        self.client.get("/api/projects/")
        assert self.queries_of(lambda: self.client.get("/api/projects/")) == few


class ReadingFilesTests(UpToDateTestCase):
    def test_only_a_few_files_are_read_to_see_whether_they_are_the_same(self) -> None:
        self.make()
        for number, segment in enumerate(self.segments):
            self.give_picture(segment, ("teal", "maroon", "olive")[number])
        fingerprints._digest_of_file.cache_clear()
        with mock.patch.object(fingerprints, "_MAX_FILES_READ", 2):
            assert self.newest()["differs"] == ["1 segment"]
        assert fingerprints._digest_of_file.cache_info().misses == 2
