"""Renders in several sizes: one job, one narration, each video published when it is finished."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from io import BytesIO
from typing import Any
from unittest import mock

import av
from PIL import Image

from api.models import Segment
from filming import gaps, publishing, renders
from filming.models import Render
from filming.tests.base import FilmTestCase
from jobs import running
from jobs.models import Job
from rendering.chunk_cache import ChunkCache
from rendering.errors import RenderingError
from rendering.film import Film
from rendering.renderer import Drawing

SIZES = ["160x90", "90x160", "128x128"]


class SizesTestCase(FilmTestCase):
    def wish(self, **wish: Any) -> Any:
        return self.post(f"/api/projects/{self.project.pk}/render/", wish)

    def make(self, *sizes: str, **wish: Any) -> list[dict[str, Any]]:
        """The renders that came of it, newest first."""
        answer = self.wish(sizes=list(sizes), fill=True, **wish)
        assert answer.status_code == 202, answer.data
        assert answer.data["sizes"] == list(sizes)
        assert self.work() == ["done"], Job.objects.latest("created_at").error
        return self.renders()

    def renders(self) -> list[dict[str, Any]]:
        return list(self.client.get(f"/api/projects/{self.project.pk}/renders/").data)

    def packets(self, url: str, kind: str) -> list[bytes]:
        with av.open(str(self.file_of(url))) as container:
            return [bytes(packet) for packet in container.demux(**{kind: 0}) if packet.size]


class ManySizesTests(SizesTestCase):
    def test_they_have_the_same_frames_cuts_and_sound(self) -> None:
        self.give_pictures()
        made = self.make(*SIZES)
        assert [(it["size"], it["width"], it["height"]) for it in made] == [
            ("128x128", 128, 128),
            ("90x160", 90, 160),
            ("160x90", 160, 90),
        ]
        assert len({it["frames"] for it in made}) == 1
        assert len({it["batch"] for it in made}) == 1
        rows = list(Render.objects.all())
        assert all(len(row.facts["cuts"]) == 3 and row.facts["cuts"] == rows[0].facts["cuts"] for row in rows)
        sounds = [self.packets(it["video_url"], "audio") for it in made]
        assert sounds[0] == sounds[1] == sounds[2]
        assert len({row.facts["sound_sha256"] for row in rows}) == 1

    def test_every_text_is_narrated_once(self) -> None:
        with mock.patch.object(gaps, "narrate", wraps=gaps.narrate) as narrate:
            self.make(*SIZES)
        assert narrate.call_count == len(self.segments)

    def test_the_project_s_own_size_stays(self) -> None:
        self.make("90x160", "128x128")
        settings = self.client.get(f"/api/projects/{self.project.pk}/settings/").data
        assert (settings["values"]["size"], settings["own"]) == ("160x90", {})

    def test_without_sizes_it_is_the_project_s_own(self) -> None:
        answer = self.wish(fill=True)
        assert (answer.status_code, answer.data["sizes"]) == (202, ["160x90"])
        self.work()
        assert [it["size"] for it in self.renders()] == ["160x90"]

    def test_one_alone_is_the_film_that_it_is_among_others(self) -> None:
        (among, _, _) = self.make(*SIZES)
        (again, *rest) = self.make("128x128")
        assert (again["id"], len(rest)) == (among["id"], 2)
        assert again["batch"] != among["batch"]

    def test_a_draft_of_several_is_small_and_keeps_the_size_that_was_asked_for(self) -> None:
        made = self.make("640x360", "360x640", draft=True)
        assert [(it["size"], it["width"], it["is_draft"]) for it in made] == [
            ("360x640", 180, True),
            ("640x360", 320, True),
        ]

    def test_without_filling_what_is_missing_is_refused_as_ever(self) -> None:
        answer = self.wish(sizes=SIZES)
        assert answer.status_code == 400
        assert answer.data["details"]["missing_images"] == [segment.pk for segment in self.segments]
        assert not Job.objects.exists()

    def test_a_body_that_cannot_be_used_says_why_and_begins_nothing(self) -> None:
        for wish in (
            {"sizes": []},
            {"sizes": "160x90"},
            {"sizes": None, "fill": "yes"},
            {"sizes": ["160x90", "160x90"]},
            {"sizes": ["160x90", "0160x90"]},
            {"sizes": [f"{100 + 2 * number}x90" for number in range(7)]},
            {"sizes": ["161x90"]},
            {"sizes": ["160x90", 7]},
            {"sizes": [["160x90"]]},
            {"sizes": ["１６０x90"]},
            {"sizes": {"0": "160x90"}},
            {"fill": 1},
            {"draft": "true"},
            {"size": "160x90"},
            {"fill": True, "loud": True},
        ):
            answer = self.wish(**wish)
            assert answer.status_code == 400, wish
            assert answer.data["error"], wish
        assert not Job.objects.exists()
        assert self.post(f"/api/projects/{self.project.pk}/render/", [1]).status_code == 400  # type: ignore[arg-type]

    def test_which_of_several_sizes_cannot_be_is_named(self) -> None:
        answer = self.wish(sizes=["160x90", "90x161", "x"])
        assert set(answer.data["details"]) == {"sizes[1]", "sizes[2]"}


class PublishingTests(SizesTestCase):
    def test_progress_says_how_far_each_size_is_and_never_goes_back(self) -> None:
        told: list[dict[str, Any]] = []

        def report(job: Any, phase: str, done: int, total: int, **details: Any) -> None:
            told.append({"phase": phase, "done": done, **details})

        with mock.patch.object(running.ClaimedJob, "report", report):
            self.make(*SIZES)
        ranks = [[("waiting", "drawing", "done").index(size["state"]) for size in it["sizes"]] for it in told]
        assert (ranks[0], ranks[-1]) == ([0, 0, 0], [2, 2, 2])
        # No size goes back, and none is before the one that was begun before it.
        assert ranks == sorted(ranks)
        assert all(rank == sorted(rank, reverse=True) for rank in ranks)
        assert 2 in {rank.count(2) for rank in ranks}
        done = [it["done"] for it in told]
        assert done == sorted(done)
        assert done[-1] == 100
        assert [size["render"] for size in told[-1]["sizes"]] == [it["id"] for it in self.renders()[::-1]]
        assert told[0]["phase"] == "narrating"

    def test_the_status_shows_them_waiting_before_anybody_began(self) -> None:
        self.wish(sizes=SIZES, fill=True)
        progress = self.client.get(f"/api/projects/{self.project.pk}/status/").data["progress"]
        assert progress["size"] == SIZES[0]
        assert progress["sizes"] == [{"size": size, "state": "waiting", "render": None} for size in SIZES]

    def test_a_size_that_fails_leaves_those_that_were_finished(self) -> None:
        class Failing(Drawing):
            def _draw(self) -> Any:
                if self._film.format.width == 90:
                    raise RenderingError(details="The encoder refused the video.")
                return super()._draw()

        self.check_failure_of_the_second(Failing)

    def test_a_size_that_cannot_be_begun_leaves_the_one_that_is_put_together_meanwhile(self) -> None:
        def failing(film: Film, *args: Any, **options: Any) -> Drawing:
            if film.format.width == 90:
                raise RenderingError(details="The encoder refused the video.")
            return Drawing(film, *args, **options)

        self.check_failure_of_the_second(failing)

    def test_an_error_that_nobody_foresaw_leaves_it_too(self) -> None:
        def failing(film: Film, *args: Any, **options: Any) -> Drawing:
            if film.format.width == 90:
                raise ZeroDivisionError
            return Drawing(film, *args, **options)

        self.wish(sizes=SIZES, fill=True)
        with mock.patch.object(renders, "Drawing", failing):
            assert self.work() == ["failed"]
        assert [it["size"] for it in self.renders()] == ["160x90"]
        assert self.leftovers() == []

    def check_failure_of_the_second(self, drawing: Any) -> None:
        self.wish(sizes=SIZES, fill=True)
        with mock.patch.object(renders, "Drawing", drawing):
            assert self.work() == ["failed"]
        assert [it["size"] for it in self.renders()] == ["160x90"]
        status = self.client.get(f"/api/projects/{self.project.pk}/status/").data
        assert (status["status"], "refused" in status["error"]) == ("FAILED", True)
        assert self.leftovers() == []

    def test_what_was_drawn_ahead_is_not_pushed_out_of_a_small_cache(self) -> None:
        put, keep_within = ChunkCache.put, ChunkCache.keep_within
        keys: list[str] = []

        def counted(cache: ChunkCache, key: str, chunk: Any) -> None:
            keys.append(key)
            put(cache, key, chunk)

        def small(cache: ChunkCache, limit_bytes: int, in_use: Any = ()) -> None:
            keep_within(cache, 1, in_use)

        with mock.patch.object(ChunkCache, "put", counted), mock.patch.object(ChunkCache, "keep_within", small):
            self.make(*SIZES)
        assert len(keys) == len(set(keys)) > len(SIZES)

    def test_calling_it_off_between_two_keeps_the_finished_one_and_nothing_else(self) -> None:
        self.wish(sizes=SIZES, fill=True)
        real = renders.publish

        def publish_then_cancel(*args: Any, **options: Any) -> int:
            kept = real(*args, **options)
            for job in contexts:
                job.is_cancelled = True
            return kept

        contexts: list[Any] = []
        enter = running.ClaimedJob.__enter__

        def remember(job: Any) -> Any:
            contexts.append(job)
            return enter(job)

        with (
            mock.patch.object(renders, "publish", publish_then_cancel),
            mock.patch.object(running.ClaimedJob, "__enter__", remember),
        ):
            assert self.work() == ["cancelled"]
        assert [it["size"] for it in self.renders()] == ["160x90"]
        assert self.client.get(f"/api/projects/{self.project.pk}/status/").data["status"] == "CANCELLED"
        assert self.leftovers() == []

    def test_begun_again_after_a_crash_it_keeps_what_was_published(self) -> None:
        self.wish(sizes=SIZES[:2], fill=True)
        job = Job.objects.get()
        with mock.patch.object(renders, "make_poster", side_effect=KeyboardInterrupt), suppress(KeyboardInterrupt):
            running.run(str(job.pk))
        (first,) = self.renders()
        Job.objects.filter(pk=job.pk).update(status="queued")
        assert self.work() == ["done"]
        assert [it["size"] for it in self.renders()] == ["90x160", "160x90"]
        assert self.renders()[1]["id"] == first["id"]

    def test_many_sizes_do_not_push_out_the_newest_of_another(self) -> None:
        self.give_pictures()
        (alone,) = self.make("96x64")
        for zoom in (1.1, 1.2, 1.3):
            self.patch("/api/settings/", {"zoom": zoom})
            self.make(*SIZES)
        kept = self.renders()
        assert len(kept) == publishing.KEPT_VIDEOS + 1
        assert kept[-1]["id"] == alone["id"]
        assert {it["size"] for it in kept} == {*SIZES, "96x64"}

    def test_drafts_do_not_push_out_the_last_film(self) -> None:
        (film,) = self.make("160x90")
        for speed in range(publishing.KEPT_VIDEOS + 1):
            self.patch("/api/settings/", {"silent_scene_s": 2 + speed, "transition_s": 0.3 + speed / 10})
            self.make("160x90", draft=True)
        kept = self.renders()
        assert [it["is_draft"] for it in kept] == [True] * publishing.KEPT_VIDEOS + [False]
        assert kept[-1]["id"] == film["id"]

    def test_a_run_of_six_keeps_all_six_of_its_own(self) -> None:
        self.give_pictures()
        for zoom in (1.1, 1.2):
            self.patch("/api/settings/", {"zoom": zoom})
            made = self.make(*SIZES, "96x64", "64x96", "64x64", draft=True)
            assert [it["size"] for it in made[:6]] == ["64x64", "64x96", "96x64", *SIZES[::-1]]


class PosterTests(SizesTestCase):
    def test_it_is_the_film_s_own_first_frame_small_and_kept_for_ever(self) -> None:
        self.give_pictures()
        made = self.make("640x360", "90x160")
        answer = self.client.get(made[1]["poster_url"] + "&w=320")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert "immutable" in answer["Cache-Control"]
        picture = self.picture_of(answer)
        assert picture.size == (320, 180)
        assert max(abs(a - b) for a, b in zip(picture.getpixel((40, 90)), (0, 128, 128), strict=True)) < 14
        small = self.client.get(made[0]["poster_url"])
        assert self.picture_of(small).size == (90, 160)
        again = self.client.get(made[0]["poster_url"], headers={"If-None-Match": small["ETag"]})
        assert again.status_code == 304

    def test_it_is_there_before_anybody_asks(self) -> None:
        (made,) = self.make("160x90")
        with mock.patch("filming.posters.first_frame", side_effect=AssertionError("it was made again")):
            assert self.client.get(made["poster_url"]).status_code == 200

    def test_a_video_that_is_gone_or_damaged_has_none(self) -> None:
        (made,) = self.make("160x90")
        url = f"/api/projects/{self.project.pk}/renders/{made['id']}/poster/?w=200"
        path = self.file_of(made["video_url"])
        whole = path.read_bytes()
        path.write_bytes(b"no video")
        assert self.client.get(url).status_code == 404
        path.write_bytes(whole[: len(whole) // 3])
        assert self.client.get(url).status_code in (200, 404)
        path.unlink()
        assert self.client.get(url).status_code == 404
        assert self.client.get(url.replace("w=200", "w=9")).status_code == 400
        assert self.client.get(f"/api/projects/{self.project.pk}/renders/999/poster/").status_code == 404

    def picture_of(self, answer: Any) -> Any:
        return Image.open(BytesIO(b"".join(answer.streaming_content))).convert("RGB")


class ManifestTests(SizesTestCase):
    def test_it_says_what_the_videos_of_a_run_have_in_common(self) -> None:
        self.give_picture(self.segments[0], "teal")
        Segment.objects.filter(pk=self.segments[1].pk).update(text_content="🎉")
        made = self.make(*SIZES)
        found = self.client.get(f"/api/projects/{self.project.pk}/manifest/{made[0]['batch']}/").data
        assert [it["id"] for it in found["renders"]] == [it["id"] for it in made[::-1]]
        assert [it["size"] for it in found["renders"]] == SIZES
        assert found["frames"] == made[0]["frames"]
        assert [(it["id"], it["is_card"], it["is_silent"]) for it in found["segments"]] == [
            (self.segments[0].pk, False, False),
            (self.segments[1].pk, True, True),
            (self.segments[2].pk, True, False),
        ]
        cuts = [it["first_frame"] for it in found["segments"]]
        assert cuts[0] == 0 < cuts[1] < cuts[2] < found["frames"]
        for video in found["renders"]:
            content = self.file_of(video["video_url"]).read_bytes()
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (video["sha256"], video["size_bytes"])
            packets = b"".join(self.packets(video["video_url"], "audio"))
            with av.open(str(self.file_of(video["video_url"]))) as container:
                header = bytes(container.streams.audio[0].codec_context.extradata or b"")
            assert hashlib.sha256(header + packets).hexdigest() == found["sound_sha256"]

    def test_of_another_project_or_no_run_there_is_none(self) -> None:
        (made,) = self.make("160x90")
        other = self.a_project()
        for url in (f"{other.pk}/manifest/{made['batch']}", f"{self.project.pk}/manifest/x", "999999/manifest/x"):
            assert self.client.get(f"/api/projects/{url}/").status_code == 404
        Render.objects.update(batch="", fingerprint={}, facts={})
        assert self.client.get(f"/api/projects/{self.project.pk}/manifest/%20/").status_code == 404


class LockedTests(SizesTestCase):
    def test_a_story_whose_segments_are_all_locked_is_heard_and_keeps_its_narrations(self) -> None:
        Segment.objects.update(is_locked=True)
        (made,) = self.make("160x90")
        assert (made["silent"], made["cards"]) == ([], [segment.pk for segment in self.segments])
        assert all(self.narration(number).text == segment.text_content for number, segment in enumerate(self.segments))
        assert made["is_current"] is True
