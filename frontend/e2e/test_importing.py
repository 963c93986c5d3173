"""What Import makes of stories as people have them: single lines, one long paragraph, a title without a mark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storyflow.tests.live import comes_to, jpeg

Texts = Callable[[int], list[str]]
TALE = [f"Day {day}: the river froze a little more, and nobody could say why." for day in range(1, 13)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_single_lines_are_segments_and_the_first_is_the_title(page: Page, texts_of: Texts, end: str) -> None:
    page.goto("/?import=1")
    script = {"name": "windows.txt", "mimeType": "text/plain", "buffer": end.join(["The Frozen Clock", *TALE]).encode()}
    page.get_by_label("Story file").set_input_files(script)
    expect(page.get_by_role("textbox", name="Title")).to_have_value("The Frozen Clock")
    page.get_by_role("button", name="Import 12 segments").click()
    expect(page.get_by_role("heading", name="The Frozen Clock")).to_be_visible()
    comes_to(lambda: texts_of(int(page.url.rpartition("/")[2])), TALE)


def test_the_title_can_be_the_first_segment_too(page: Page) -> None:
    page.goto("/?import=1")
    page.get_by_role("textbox", name="Story").fill("\n\n".join(["The Frozen Clock", *TALE]))
    page.get_by_role("checkbox", name="The first line, “The Frozen Clock”, is the title.").check()
    expect(page.get_by_role("button", name="Import 13 segments")).to_be_visible()


def test_one_long_paragraph_is_warned_of_and_cut_after_sentences(page: Page) -> None:
    page.goto("/?import=1")
    page.get_by_role("textbox", name="Story").fill(" ".join(TALE * 3))
    expect(page.get_by_text("Segment 1 is about")).to_be_visible()
    page.get_by_role("button", name="Cut after sentences").click()
    slider = page.get_by_role("slider", name="words each")
    expect(page.get_by_text("About 35 words each")).to_be_visible()
    expect(page.get_by_role("button", name="Import 1 segment")).to_have_count(0)
    before = page.get_by_role("button", name="Import").last.inner_text()
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name=before)).to_have_count(0)
    expect(page.get_by_text("Nothing is lost: 468 words in, 468 words in segments.")).to_be_visible()
    page.get_by_role("button", name="Do not cut").click()
    expect(page.get_by_role("button", name="Import 1 segment")).to_be_visible()


def test_what_is_no_text_is_named_and_the_story_from_before_stays(page: Page) -> None:
    page.goto("/?import=1")
    page.get_by_role("textbox", name="Story").fill("It was late.")
    for name, kind, words in (
        ("tale.pdf", "application/pdf", "“tale.pdf” is a document with layout. Copy its text here"),
        ("harbour.jpg", "image/jpeg", "“harbour.jpg” is no text. Pictures and sound are added to a story's cards."),
        ("noise.txt", "text/plain", "“noise.txt” is not text that can be read. Save it as UTF-8"),
    ):
        content = jpeg("teal", (64, 36)) if kind == "image/jpeg" else b"%PDF-\x00\x01\xff\xfe"
        page.get_by_label("Story file").set_input_files({"name": name, "mimeType": kind, "buffer": content})
        expect(page.get_by_role("alert").get_by_text(words).first).to_be_visible()
