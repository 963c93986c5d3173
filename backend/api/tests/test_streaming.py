"""Long answers come in pieces."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from api.request_bodies import JSONAnswer
from api.streaming import BATCH, StreamedJSON, segments_json
from api.tests.base import StoryTestCase


def rows(count: int) -> Any:
    for number in range(count):
        yield {"id": number, "image_file": "projects/1/images/ä b.jpg", "audio_file": None}


class TestStreaming(StoryTestCase):
    def test_no_more_rows_are_read_than_the_pieces_taken_hold(self) -> None:
        source = rows(10 * BATCH)
        pieces = segments_json(source)
        next(pieces)
        self.assertEqual(next(source)["id"], BATCH)

    def test_the_pieces_are_one_list_whatever_their_number(self) -> None:
        for count in (0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH):
            with self.subTest(count):
                found = json.loads(b"".join(segments_json(rows(count))))
                self.assertEqual([row["id"] for row in found], list(range(count)))

    def test_a_picture_is_its_percent_encoded_address(self) -> None:
        (row,) = json.loads(b"".join(segments_json(rows(1))))
        self.assertEqual(row["image_file"], "/media/projects/1/images/%C3%A4%20b.jpg")

    def test_the_whole_can_be_read_and_still_be_sent(self) -> None:
        answer = StreamedJSON(segments_json(rows(2)))
        self.assertEqual(answer.content, b"".join(answer.streaming_content))

    def test_a_database_that_fails_at_the_beginning_is_still_an_error(self) -> None:
        project = self.a_project()
        failing = patch("api.views.rows.segments_in_order", side_effect=OperationalError("locked"))
        with failing, self.assertLogs("api.exceptions", "ERROR"):
            response = self.client.get(f"/api/segments/?project={project.pk}")
        self.assertEqual(response.status_code, 503)

    def test_what_the_fast_encoder_cannot_hold_is_still_answered(self) -> None:
        for value in (2**70, "half \ud800", {1: "number as key"}):
            with self.subTest(repr(value)):
                found = json.loads(JSONAnswer().render({"value": value}))["value"]
                self.assertEqual(found, {"1": "number as key"} if isinstance(value, dict) else value)
