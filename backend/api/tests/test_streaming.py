"""Long responses are streamed in chunks."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from api.request_bodies import OrjsonRenderer
from api.services import rows as rows_of_segments
from api.services.rows import segments_in_order
from api.streaming import BATCH, BATCH_BYTES, StreamedJSON, segments_json
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

    def test_of_long_texts_few_are_read_and_sent_at_once(self) -> None:
        text = "a" * 200_000
        project = self.a_project(segments=0)
        for number in range(40):
            self.a_segment(project, number, text_content=text)
        sizes = [len(piece) for piece in segments_json(segments_in_order(project.pk))]
        self.assertLess(max(sizes), 2 * len(text) + BATCH_BYTES)
        with patch.object(rows_of_segments, "_row", wraps=rows_of_segments._row) as made:
            read = segments_in_order(project.pk)
            next(read)
            self.assertLess(made.call_count, 20)
            found = [row["text_content"] for row in read]
        self.assertEqual(found, [text] * 39)

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
                found = json.loads(OrjsonRenderer().render({"value": value}))["value"]
                self.assertEqual(found, {"1": "number as key"} if isinstance(value, dict) else value)

    def test_an_answer_that_is_not_taken_to_its_end_lets_go_of_its_rows(self) -> None:
        closed = []

        def source() -> Any:
            try:
                yield from rows(10 * BATCH)
            finally:
                closed.append(True)

        answer = StreamedJSON(segments_json(source()))
        next(iter(answer.streaming_content))
        answer.close()
        self.assertEqual(closed, [True])
