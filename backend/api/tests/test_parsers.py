"""The parsers of an import: which segments they read, and what they refuse."""

from __future__ import annotations

import random
from typing import Any

from django.test import SimpleTestCase

from api.parsers import JSONParser, ParsedSegment, ParseError, TextParser
from core.errors import InvalidInput


def a_story_with_line_breaks_anywhere(chance: random.Random) -> tuple[str, list[str]]:
    """Return a text in the text format and the words of its narration, in order."""
    words = [f"w{number}" for number in range(chance.randint(1, 60))]
    lines = ["SEGMENT heading", "Text: " + words[0]]
    for word in words[1:]:
        way = chance.choice(["same line", "same line", "next line", "blank", "again", "prompt", "block"])
        if way == "same line":
            lines[-1] += chance.choice([" ", " - ", " --- "]) + word
        elif way == "next line":
            lines.append(chance.choice(["", "  ", "\t"]) + word)
        elif way == "blank":
            lines += ["", " \t", word]
        elif way == "again":
            lines.append(chance.choice(["Text:", " TEXT: ", "\ttext:"]) + word)
        elif way == "prompt":
            lines += ["PROMPT: not narrated", "nor is this", "Text:", word]
        else:
            lines += ["-" * chance.randint(3, 9) + chance.choice(["", " ", "\t"]), "", "heading", "text:" + word]
    return chance.choice(["\n", "\r\n", "\r"]).join(lines), words


class TestTextParser(SimpleTestCase):
    def refusal_of(self, raw_text: str) -> str:
        with self.assertRaises(ParseError) as refused:
            TextParser.parse(raw_text)
        return refused.exception.details

    def test_blocks_become_segments_in_order(self) -> None:
        story = "SEGMENT 1\nText: Dawn.\nPrompt: A hill\n---\nSEGMENT 2\nText: Dusk.\nPrompt: A lake"

        segments = TextParser.parse(story)

        self.assertEqual(segments, [ParsedSegment("Dawn.", "A hill"), ParsedSegment("Dusk.", "A lake")])

    def test_every_word_of_narration_comes_out_in_order(self) -> None:
        for seed in range(500):
            story, words = a_story_with_line_breaks_anywhere(random.Random(seed))
            with self.subTest(seed=seed):
                narration = " ".join(segment.text_content for segment in TextParser.parse(story))
                self.assertEqual([word for word in narration.split() if word.strip("-")], words)

    def test_a_line_without_prefix_continues_the_narration(self) -> None:
        self.assertEqual(TextParser.parse("Text: One\n  two\n\nthree"), [ParsedSegment("One two three")])

    def test_a_line_without_prefix_continues_the_prompt(self) -> None:
        self.assertEqual(TextParser.parse("Text: One\nPrompt: a\nb"), [ParsedSegment("One", "a b")])

    def test_narration_may_start_on_the_line_below_its_prefix(self) -> None:
        self.assertEqual(TextParser.parse("Text:\nOne"), [ParsedSegment("One")])

    def test_repeated_prefixes_are_joined_by_a_space(self) -> None:
        story = "Text: One\nPrompt: a\nText: two\nPrompt: b"

        self.assertEqual(TextParser.parse(story), [ParsedSegment("One two", "a b")])

    def test_prefixes_count_in_any_case_and_however_far_in(self) -> None:
        self.assertEqual(TextParser.parse("  tExT:One\n\tPROMPT:  a"), [ParsedSegment("One", "a")])

    def test_a_prefix_in_the_middle_of_a_line_is_text(self) -> None:
        story = "Text: The Text: was short\nand the prompt: came late"

        self.assertEqual(TextParser.parse(story), [ParsedSegment("The Text: was short and the prompt: came late")])

    def test_lines_before_the_first_prefix_are_ignored(self) -> None:
        self.assertEqual(TextParser.parse("# Title\n\nSEGMENT 1\nText: One"), [ParsedSegment("One")])

    def test_every_kind_of_line_end_separates_blocks(self) -> None:
        for end in ("\n", "\r\n", "\r"):
            with self.subTest(end=end):
                story = end.join(["Text: One", " ----- \t", "Text: Two", ""])
                self.assertEqual(TextParser.parse(story), [ParsedSegment("One"), ParsedSegment("Two")])

    def test_hyphens_inside_a_line_and_pairs_of_hyphens_separate_nothing(self) -> None:
        story = "Text: One --- two\n--\n--- three\n- - -\nfour ---"

        self.assertEqual(TextParser.parse(story), [ParsedSegment("One --- two -- --- three - - - four ---")])

    def test_line_separators_of_unicode_stay_inside_the_text(self) -> None:
        self.assertEqual(TextParser.parse("Text: One\u2028---\u2028two"), [ParsedSegment("One\u2028---\u2028two")])

    def test_a_byte_order_mark_at_the_start_is_ignored(self) -> None:
        self.assertEqual(TextParser.parse("\ufeffText: One"), [ParsedSegment("One")])

    def test_a_text_without_blocks_has_no_segments(self) -> None:
        for story in ("", " \n\t\r\n", "---\n\n----\n"):
            with self.subTest(story=story):
                self.assertEqual(TextParser.parse(story), [])

    def test_a_block_without_text_is_named_and_quoted(self) -> None:
        story = "Text: One\n---\n---\nText: Two\n---\nPrompt: A very long description of some lake by night"

        details = self.refusal_of(story)

        self.assertEqual(details, "Block 3 has no Text: line; it begins “Prompt: A very long description of some…”.")

    def test_a_block_whose_text_is_empty_is_named(self) -> None:
        self.assertEqual(
            self.refusal_of("Text:  \nPrompt: A lake"), "Block 1 has nothing after its Text: line; it begins “Text:”."
        )

    def test_all_bad_blocks_are_named_in_order(self) -> None:
        details = self.refusal_of("Prompt: a\n---\nText: fine\n---\nheading")

        self.assertEqual(
            details,
            "Block 1 has no Text: line; it begins “Prompt: a”. Block 3 has no Text: line; it begins “heading”.",
        )

    def test_beyond_twenty_bad_blocks_the_rest_are_counted(self) -> None:
        details = self.refusal_of("bad\n---\n" * 55)

        self.assertIn("Block 20 ", details)
        self.assertNotIn("Block 21 ", details)
        self.assertTrue(details.endswith(" … and 35 more."))

    def test_the_quotation_holds_printable_characters_only(self) -> None:
        self.assertIn("“Promt: ab”", self.refusal_of("Promt: \x1b\x07a\u202eb"))
        self.assertEqual(self.refusal_of("\x07"), "Block 1 has no Text: line.")

    def test_a_parse_error_says_what_failed(self) -> None:
        with self.assertRaises(InvalidInput) as refused:
            TextParser.parse("no prefix")

        self.assertEqual((refused.exception.code, refused.exception.message), ("PARSE_ERROR", "Text parsing failed"))

    def test_characters_that_cannot_be_stored_are_refused_with_their_line(self) -> None:
        for character, name in (("\x00", "a NUL character"), ("\ud800", "half a character")):
            with self.subTest(name=name), self.assertRaises(InvalidInput) as refused:
                TextParser.parse(f"Text: One\r\nand {character} two")
            self.assertEqual(refused.exception.message, "Validation failed")
            self.assertIn(f"Line 2 contains {name}", refused.exception.details["raw_text"][0])


class TestJSONParser(SimpleTestCase):
    def refusals_of(self, segments: Any) -> list[str]:
        with self.assertRaises(InvalidInput) as refused:
            JSONParser.parse(segments)
        self.assertEqual(refused.exception.message, "Validation failed")
        self.assertEqual(list(refused.exception.details), ["segments"])
        return refused.exception.details["segments"]

    def test_objects_become_segments_in_order(self) -> None:
        sent = [{"text_content": "Dawn.", "image_prompt": "A hill"}, {"text_content": "Dusk.", "mood": "calm"}]

        self.assertEqual(JSONParser.parse(sent), [ParsedSegment("Dawn.", "A hill"), ParsedSegment("Dusk.")])

    def test_values_are_trimmed_and_kept_whole_inside(self) -> None:
        sent = [{"text_content": " One\n\ntwo \n", "image_prompt": "\tA hill "}]

        self.assertEqual(JSONParser.parse(sent), [ParsedSegment("One\n\ntwo", "A hill")])

    def test_a_null_or_empty_prompt_is_an_empty_prompt(self) -> None:
        for prompt in (None, "", "  "):
            with self.subTest(prompt=prompt):
                sent = [{"text_content": "One", "image_prompt": prompt}]
                self.assertEqual(JSONParser.parse(sent), [ParsedSegment("One", "")])

    def test_an_empty_list_has_no_segments(self) -> None:
        self.assertEqual(JSONParser.parse([]), [])

    def test_anything_but_a_list_is_refused(self) -> None:
        for sent in (None, {}, {"0": {}}, "text", 3, True):
            with self.subTest(sent=sent):
                self.assertEqual(self.refusals_of(sent), ["Expected a list of segments."])

    def test_every_problem_is_named_with_its_segment(self) -> None:
        sent = [
            {"text_content": "fine"},
            {"text_content": " \n", "image_prompt": 7},
            {"image_prompt": "A hill"},
            {"text_content": None},
            ["text_content"],
            {"text_content": True, "image_prompt": []},
        ]

        self.assertEqual(
            self.refusals_of(sent),
            [
                "Segment 2: text_content must not be blank.",
                "Segment 2: image_prompt must be text or null.",
                "Segment 3: text_content is missing.",
                "Segment 4: text_content must be text.",
                "Segment 5 is not an object.",
                "Segment 6: text_content must be text.",
                "Segment 6: image_prompt must be text or null.",
            ],
        )

    def test_beyond_twenty_problems_the_rest_are_counted(self) -> None:
        refusals = self.refusals_of([{"text_content": ""}] * 55)

        self.assertEqual(len(refusals), 21)
        self.assertEqual(refusals[19:], ["Segment 20: text_content must not be blank.", "… and 35 more."])

    def test_twenty_problems_are_all_named(self) -> None:
        self.assertEqual(len(self.refusals_of([None] * 20)), 20)

    def test_characters_that_cannot_be_stored_are_refused(self) -> None:
        sent = [{"text_content": "a\x00b", "image_prompt": "\udfff"}]

        self.assertEqual(
            self.refusals_of(sent),
            [
                "Segment 1: text_content contains a NUL character.",
                "Segment 1: image_prompt contains half a character (a lone surrogate, U+DFFF).",
            ],
        )
