"""Title cards over HTTP, which must look as in the film."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from api.models import Segment
from filming.models import Render
from filming.tests.base import FilmTestCase, frames_of


class CardTests(FilmTestCase):
    def card(self, query: str = "", number: int = 0) -> Any:
        return self.client.get(f"/api/segments/{self.segments[number].pk}/card/{query}")

    def picture(self, query: str = "", number: int = 0) -> Any:
        answer = self.card(query, number)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        return Image.open(BytesIO(b"".join(answer.streaming_content))).convert("RGB")

    def test_it_is_as_wide_as_asked_for_and_has_the_shape_of_the_size(self) -> None:
        assert self.picture("?size=1920x1080&w=640").size == (640, 360)
        assert self.picture("?size=1080x1920&w=360").size == (360, 640)
        assert self.picture("?w=640").size == (160, 90)  # the story's own, never enlarged

    def test_its_look_is_the_story_s_or_the_one_asked_for(self) -> None:
        assert np.median(self.picture("?look=night")) < 70
        assert np.median(self.picture("?look=paper")) > 200
        assert np.median(self.picture()) < 70
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"card_look": "paper"})
        assert np.median(self.picture()) > 200

    def test_other_words_are_another_card_and_another_version(self) -> None:
        first, second = self.card(), self.card(number=1)
        assert first["ETag"] != second["ETag"]
        assert self.card()["ETag"] == first["ETag"]
        assert (
            self.client.get(
                f"/api/segments/{self.segments[0].pk}/card/", headers={"If-None-Match": first["ETag"]}
            ).status_code
            == 304
        )
        assert "immutable" in self.card("?v=1")["Cache-Control"]
        assert "no-cache" in first["Cache-Control"]

    def test_formatting_is_no_part_of_it(self) -> None:
        plain = self.card("?size=640x360")["ETag"]
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content="<b>The old</b> *house* stood empty.")
        assert self.card("?size=640x360")["ETag"] == plain

    def test_what_cannot_be_is_refused(self) -> None:
        for query in ("?size=x", "?size=161x90", "?look=loud", "?w=9", "?w=x", "?size=1920x1080,90x160", "?size="):
            assert self.card(query).status_code == 400, query
        assert self.client.get("/api/segments/999999/card/").status_code == 404
        assert self.post(f"/api/segments/{self.segments[0].pk}/card/").status_code == 405

    def test_the_film_shows_that_card(self) -> None:
        self.patch("/api/settings/", {"size": "320x180", "subtitles": False})
        self.post(f"/api/projects/{self.project.pk}/render/", {"fill": True})
        self.work()
        frame = frames_of(self.file_of(Render.objects.get().video))[5].astype(int)
        assert np.abs(frame - np.asarray(self.picture("?w=320"))).mean() < 6

    def test_another_look_is_a_difference_where_there_are_cards(self) -> None:
        self.give_pictures()
        self.client.delete(f"/api/segments/{self.segments[2].pk}/remove-image/")
        url = f"/api/projects/{self.project.pk}/renders/"
        self.post(f"/api/projects/{self.project.pk}/render/", {"fill": True})
        self.work()
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"card_look": "colour"})
        assert self.client.get(url).data[0]["differs"] == ["the title cards"]
        assert self.patch(f"/api/projects/{self.project.pk}/settings/", {"card_look": "plain"}).status_code == 400
