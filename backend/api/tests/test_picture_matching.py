"""Matching of pictures to segments by file names."""

from __future__ import annotations

from django.test import SimpleTestCase

from api.picture_matching import match_pictures, natural_key


class TestNaturalKey(SimpleTestCase):
    def test_digits_are_compared_as_numbers(self) -> None:
        self.assertEqual(sorted(["10.jpg", "9.jpg", "1.jpg"], key=natural_key), ["1.jpg", "9.jpg", "10.jpg"])

    def test_leading_zeros_do_not_matter(self) -> None:
        self.assertEqual(sorted(["004.jpg", "10.jpg", "03.jpg"], key=natural_key), ["03.jpg", "004.jpg", "10.jpg"])

    def test_capitals_do_not_matter(self) -> None:
        self.assertEqual(sorted(["b.jpg", "C.jpg", "A.jpg"], key=natural_key), ["A.jpg", "b.jpg", "C.jpg"])

    def test_a_name_precedes_the_same_name_with_a_number(self) -> None:
        self.assertEqual(sorted(["dog2.jpg", "dog.jpg"], key=natural_key), ["dog.jpg", "dog2.jpg"])

    def test_names_of_equal_rank_have_a_fixed_order(self) -> None:
        self.assertEqual(sorted(["3.jpg", "03.jpg"], key=natural_key), sorted(["03.jpg", "3.jpg"], key=natural_key))

    def test_numbers_of_any_length_can_be_compared(self) -> None:
        longer, shorter = "1" + "0" * 5000, "9" * 4999

        self.assertEqual(sorted([longer, shorter], key=natural_key), [shorter, longer])


class TestMatchPictures(SimpleTestCase):
    def test_the_number_at_the_start_is_the_segment(self) -> None:
        matching = match_pictures(["3-forest.jpg", "01 dogs.PNG", "segment_4.webp", "Segment 2.jpeg"], 5)

        self.assertEqual(
            matching.by_segment, {0: "01 dogs.PNG", 1: "Segment 2.jpeg", 2: "3-forest.jpg", 3: "segment_4.webp"}
        )
        self.assertEqual(matching.unmatched, [])

    def test_a_gap_in_the_numbers_leaves_a_segment_without(self) -> None:
        self.assertEqual(match_pictures(["3.jpg", "1.jpg"], 3).by_segment, {0: "1.jpg", 2: "3.jpg"})

    def test_names_go_in_natural_order_when_one_has_no_number(self) -> None:
        matching = match_pictures(["dogs.jpg", "10-b.jpg", "9-a.jpg"], 10)

        self.assertEqual(matching.by_segment, {0: "9-a.jpg", 1: "10-b.jpg", 2: "dogs.jpg"})

    def test_names_go_in_natural_order_when_two_share_a_number(self) -> None:
        self.assertEqual(match_pictures(["2-b.jpg", "2-a.jpg"], 3).by_segment, {0: "2-a.jpg", 1: "2-b.jpg"})

    def test_names_go_in_natural_order_when_a_number_is_no_segment(self) -> None:
        for name in ("0.jpg", "4.jpg", "20260131120000.jpg"):
            with self.subTest(name=name):
                self.assertIn(name, match_pictures([name, "2.jpg"], 3).by_segment.values())
                self.assertNotEqual(match_pictures([name, "2.jpg"], 3).by_segment, {1: "2.jpg"})
                self.assertEqual(set(match_pictures([name, "2.jpg"], 3).by_segment), {0, 1})

    def test_pictures_beyond_the_last_segment_are_left_over(self) -> None:
        matching = match_pictures(["c.jpg", "a.jpg", "b.jpg"], 2)

        self.assertEqual(matching.by_segment, {0: "a.jpg", 1: "b.jpg"})
        self.assertEqual(matching.unmatched, ["c.jpg"])

    def test_a_story_without_segments_takes_no_picture(self) -> None:
        matching = match_pictures(["1.jpg"], 0)

        self.assertEqual((matching.by_segment, matching.unmatched), ({}, ["1.jpg"]))

    def test_files_that_are_not_pictures_are_passed_over(self) -> None:
        matching = match_pictures(["CREDITS.md", ".DS_Store", "._1-a.jpg", ".jpg", "1-a.jpg", "2.gif"], 2)

        self.assertEqual((matching.by_segment, matching.unmatched), ({0: "1-a.jpg"}, []))

    def test_no_names_match_nothing(self) -> None:
        self.assertEqual(match_pictures([], 3).by_segment, {})
