"""Focuses for each frame shape: set by people, and found in the picture."""

from __future__ import annotations

import json
import os
import shutil
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from api.models import Segment
from filming import interests
from filming.framings import framings_for, shape_of
from filming.models import Render
from filming.tests.base import frames_of
from filming.tests.writing import GARBAGE, WritingTestCase
from media_store.layout import current_layout
from rendering.film import Picture, Scene
from rendering.tests.test_faces import a_portrait

MIDDLE = [0.5, 0.5]


def a_ball_in_the_grass(at: float = 0.12) -> SimpleUploadedFile:
    """Wide, with a red ball that is ``at`` of its width from the left."""
    dice = np.random.default_rng(1)
    image = Image.fromarray(np.clip(dice.normal((70, 130, 60), 12, (180, 320, 3)), 0, 255).astype(np.uint8))
    ImageDraw.Draw(image).ellipse([320 * at - 18, 72, 320 * at + 18, 108], fill=(200, 30, 30))
    content = BytesIO()
    image.save(content, "PNG")
    return SimpleUploadedFile("ball.png", content.getvalue())


class FocusTestCase(WritingTestCase):
    def setUp(self) -> None:
        super().setUp()
        answer = self.client.post(
            f"/api/segments/{self.segments[0].pk}/upload-image/", {"image": a_ball_in_the_grass()}
        )
        assert answer.status_code == 200

    def framing(self, number: int = 0) -> dict[str, Any]:
        return dict(self.client.get(f"/api/segments/{self.segments[number].pk}/framing/").json())

    def frame(self, body: Any, number: int = 0) -> Any:
        return self.send("PATCH", f"/api/segments/{self.segments[number].pk}/framing/", body)


class FocusTests(FocusTestCase):
    def test_without_a_choice_the_picture_says_it_where_a_shape_crops(self) -> None:
        framing = self.framing()
        assert (framing["focus"], framing["own_focuses"]) == (MIDDLE, {})
        assert framing["focuses"]["16:9"] == MIDDLE
        assert framing["focuses"]["9:16"][0] < 0.2
        assert framing["focuses"]["1:1"][0] < 0.3
        assert abs(framing["suggested"][0] - 0.12) < 0.08

    def test_a_person_s_point_wins_for_all_shapes_and_a_shape_s_own_over_it(self) -> None:
        self.frame({"focus": [0.9, 0.1]})
        assert self.framing()["focuses"] == {"16:9": [0.9, 0.1], "9:16": [0.9, 0.1], "1:1": [0.9, 0.1]}
        answer = self.frame({"focuses": {"9:16": [0, 1], "1:1": [1, 0]}}).json()
        assert answer["focuses"] == {"16:9": [0.9, 0.1], "9:16": [0, 1], "1:1": [1, 0]}
        assert answer["own_focuses"] == {"9:16": [0, 1], "1:1": [1, 0]}
        assert self.frame({"focuses": {"1:1": None}}).json()["own_focuses"] == {"9:16": [0, 1]}
        assert self.frame({"focuses": None, "focus": None}).json()["focuses"]["9:16"][0] < 0.2

    def test_the_middle_can_be_chosen_too(self) -> None:
        self.frame({"focus": MIDDLE})
        assert self.framing()["focuses"]["9:16"] == MIDDLE

    def test_a_segment_without_a_picture_or_with_a_damaged_or_missing_one_is_in_the_middle(self) -> None:
        path = self.file_of(self.fresh(0).image_file.name)
        for change in (lambda: path.write_bytes(b"no picture"), path.unlink):
            change()
            framing = self.framing()
            assert (framing["focuses"]["9:16"], framing["suggested"]) == (MIDDLE, None)
        assert self.framing(1)["focuses"] == {"16:9": MIDDLE, "9:16": MIDDLE, "1:1": MIDDLE}

    def test_what_cannot_be_a_point_of_a_shape_is_refused_with_nothing_changed(self) -> None:
        self.frame({"focuses": {"9:16": [0, 1]}})
        before = self.framing()
        for body in (
            *({"focuses": it} for it in GARBAGE if it not in (None, {})),
            *({"focuses": {"9:16": it}} for it in GARBAGE if it is not None),
            {"focuses": {"9:16": [0, 1, 0]}},
            {"focuses": {"9:16": [0, 1.01]}},
            {"focuses": {"9:16": [True, 0]}},
            {"focuses": {"4:3": [0, 0]}},
            {"focuses": {"\0\ud800": [0, 0]}},
            {"focuses": {"1:1": [1, 1], "9:16": "x"}},
            {"focus 9:16": [0, 0]},
            {"own_focuses": {}},
        ):
            assert self.frame(body).status_code == 400, body
        assert self.framing() == before

    def test_it_goes_with_the_picture_and_into_a_copy_and_a_bundle(self) -> None:
        self.frame({"focuses": {"9:16": [0, 1]}, "focus": MIDDLE})
        first, second = (segment.pk for segment in self.segments[:2])
        bundle = b"".join(self.client.get(f"/api/projects/{self.project.pk}/bundle/"))
        made = self.client.post(
            "/api/projects/import-bundle/", {"bundle": SimpleUploadedFile("a.zip", bundle)}, format="multipart"
        )
        copied = self.duplicate_of(first).json()["id"]
        project = self.post(f"/api/projects/{self.project.pk}/duplicate/").json()
        imported = Segment.objects.filter(project=made.json()["id"]).order_by("sequence_index")[0].pk
        for pk in (copied, project["segments"][0]["id"], imported):
            framing = self.client.get(f"/api/segments/{pk}/framing/").json()
            assert (framing["own_focuses"], framing["focuses"]["1:1"]) == ({"9:16": [0, 1]}, MIDDLE)
        self.client.post(f"/api/segments/{first}/swap-image/", {"segment": second}, format="json")
        assert (self.framing(0)["own_focuses"], self.framing(1)["own_focuses"]) == ({}, {"9:16": [0, 1]})

    def test_the_nearest_shape_is_asked_for_any_size(self) -> None:
        sizes = {(1920, 1080): "16:9", (1080, 1920): "9:16", (1080, 1350): "1:1", (720, 576): "1:1", (64, 4096): "9:16"}
        assert {size: shape_of(*size) for size in sizes} == sizes


class FilmFocusTests(FocusTestCase):
    def setUp(self) -> None:
        super().setUp()
        for segment in self.segments[1:]:
            segment.delete()
        self.frame({"motion": "still"})
        self.patch("/api/settings/", {"size": "90x160", "subtitles": False})

    def red_share(self) -> float:
        """How much of a frame in the middle of the newest film is the ball."""
        frames = frames_of(self.file_of(Render.objects.latest("pk").video))
        frame = frames[len(frames) // 2].astype(int)
        return float(((frame[..., 0] > 120) & (frame[..., 1] < 100)).mean())

    def test_a_tall_film_keeps_what_stands_out_and_a_person_s_point_wins(self) -> None:
        self.render("?draft=1")
        assert self.red_share() > 0.03
        self.frame({"focuses": {"9:16": [1, 0.5]}})
        self.render("?draft=1")
        assert self.red_share() == 0
        self.frame({"focuses": {"9:16": None, "16:9": [1, 0.5]}})
        self.render("?draft=1")
        assert self.red_share() > 0.03

    def test_nothing_is_looked_at_while_a_render_is_asked_for(self) -> None:
        with mock.patch.object(interests, "interest_of", side_effect=AssertionError("looked")):
            assert self.post(f"/api/projects/{self.project.pk}/render/?draft=1").status_code == 202
        assert framings_for([self.segments[0].pk], 90, 160)[self.segments[0].pk]["focus"] is None


class HeldTests(FocusTestCase):
    """A pan through a picture that is cropped leaves the face in it."""

    def setUp(self) -> None:
        super().setUp()
        content = BytesIO()
        a_portrait((40, 40, 96)).save(content, "PNG")
        file = SimpleUploadedFile("portrait.png", content.getvalue())
        self.client.post(f"/api/segments/{self.segments[1].pk}/upload-image/", {"image": file})
        self.path = self.file_of(self.fresh(1).image_file.name)

    def shown(self, width: int, height: int, *, motion: str = "auto", is_auto: bool = True) -> Scene:
        scene = Scene("1", "", Picture(self.path, "f" * 64), motion=motion)
        return interests.focused(scene, None, width, height, is_auto=is_auto)

    def test_left_to_the_picture_the_camera_stays_with_the_face(self) -> None:
        tall = self.shown(1080, 1920)
        assert tall.motion in interests.FACE_MOTIONS
        assert tall.picture is not None
        assert tall.picture.focus[0] < 0.2
        held = self.framing(1)["held_motions"]
        assert held == {"16:9": None, "9:16": tall.motion, "1:1": tall.motion}
        assert self.framing(0)["held_motions"] == {"16:9": None, "9:16": None, "1:1": None}

    def test_a_motion_that_was_chosen_is_kept_and_nothing_changes_where_all_is_seen(self) -> None:
        assert self.shown(1080, 1920, motion="pan-left").motion == "pan-left"
        assert self.shown(1080, 1920, is_auto=False).motion == "auto"
        wide = self.shown(1920, 1080)
        assert wide.picture is not None
        assert (wide.motion, wide.picture.focus) == ("auto", (0.5, 0.5))


class CacheTests(FocusTestCase):
    def test_a_picture_is_looked_at_once_for_its_bytes_and_again_where_the_cache_is_lost(self) -> None:
        seen: list[Path] = []
        look = interests.interest_of

        def counted(path: Path) -> Any:
            seen.append(path)
            return look(path)

        with mock.patch.object(interests, "interest_of", counted):
            first = self.framing()
            assert self.framing() == first
            answer = self.client.post(
                f"/api/segments/{self.segments[1].pk}/upload-image/", {"image": a_ball_in_the_grass()}
            )
            assert answer.status_code == 200
            assert self.framing(1)["focuses"] == first["focuses"]
            assert len(seen) == 1
            (kept,) = (current_layout().cache / "interest").iterdir()
            for damaged in ("{", "[]", "3", json.dumps({"columns": 1}), "null "):
                kept.write_text(damaged, encoding="utf-8")
                self.framing()
            kept.write_bytes(b"\xff")
            assert self.framing() == first

    def test_what_was_found_long_ago_is_forgotten_and_found_again(self) -> None:
        first = self.framing()
        (kept,) = (current_layout().cache / "interest").iterdir()
        interests.delete_old()
        assert kept.exists()
        long_ago = time.time() - (interests.RETENTION_DAYS + 1) * 86_400
        os.utime(kept, (long_ago, long_ago))
        interests.delete_old()
        assert not kept.exists()
        assert self.framing() == first
        shutil.rmtree(kept.parent)
        interests.delete_old()

    def test_a_cache_that_cannot_be_written_to_is_no_trouble(self) -> None:
        (current_layout().cache / "interest").write_bytes(b"in the way")
        assert self.framing()["focuses"]["9:16"][0] < 0.2
