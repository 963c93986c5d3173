"""The example story: its files agree with each other, and every segment has a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import SimpleTestCase

from api.parsers import JSONParser, ParsedSegment, TextParser
from api.picture_matching import match_pictures

STORY = Path(settings.EXAMPLES_DIR) / "half-a-fig"


def the_text() -> str:
    return (STORY / "story.txt").read_text(encoding="utf-8")


def the_json() -> dict[str, Any]:
    return json.loads((STORY / "story.json").read_text(encoding="utf-8"))


def the_segments() -> list[ParsedSegment]:
    return TextParser.parse(the_text())


def the_file_names() -> list[str]:
    return [path.name for path in (STORY / "pictures").iterdir()]


class TestExampleStory(SimpleTestCase):
    def test_text_and_json_hold_the_same_segments(self) -> None:
        self.assertEqual(the_segments(), JSONParser.parse(the_json()["segments"]))

    def test_text_and_json_have_the_same_title(self) -> None:
        self.assertEqual(the_text().splitlines()[0], f"# {the_json()['title']}")

    def test_the_json_is_the_body_of_an_import(self) -> None:
        self.assertEqual((set(the_json()), the_json()["format"]), ({"format", "title", "segments"}, "json"))

    def test_every_segment_is_comfortable_to_hear_and_has_a_prompt(self) -> None:
        for segment in the_segments():
            with self.subTest(text=segment.text_content):
                self.assertTrue(25 <= len(segment.text_content.split()) <= 45)
                self.assertTrue(segment.image_prompt)

    def test_every_segment_has_the_picture_of_its_number(self) -> None:
        matching = match_pictures(the_file_names(), len(the_segments()))

        self.assertEqual(matching.unmatched, [])
        self.assertEqual([matching.by_segment[position][:2] for position in range(7)], [f"{n}-" for n in range(1, 8)])

    def test_every_picture_is_credited(self) -> None:
        credit = (STORY / "pictures" / "CREDITS.md").read_text(encoding="utf-8")

        for name in the_file_names():
            if name != "CREDITS.md":
                self.assertIn(f"| {name} ", credit)
