"""Writing in the timeline: between cards, at the caret, and over the end of a card; each is one step to undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]
Texts = Callable[[int], list[str]]


def narration(page: Page, number: int) -> Locator:
    return page.get_by_role("textbox", name=f"Narration of segment {number}", exact=True)


def put_caret(field: Locator, at: int) -> None:
    field.focus()
    field.evaluate("(it, at) => it.setSelectionRange(at, at)", at)


def test_a_segment_is_written_between_two_and_taken_back(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Three.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 1").hover()
    page.get_by_role("button", name="Add a segment after segment 1").click()
    page.keyboard.type("Two.")
    page.get_by_role("button", name="Add segment", exact=True).click()
    expect(narration(page, 2)).to_have_value("Two.")
    expect(page.get_by_role("listitem", name="Segment 2")).to_be_focused()
    comes_to(lambda: texts_of(project), ["One.", "Two.", "Three."])
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Segment added")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Three."])


def test_writing_goes_on_by_keys_and_a_blank_line_makes_another(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 1").focus()
    page.keyboard.press("a")
    expect(page.get_by_role("textbox", name="Narration of the new segment")).to_be_focused()
    page.keyboard.insert_text("Two.\n\nThree.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("textbox", name="Narration of the new segment")).to_have_value("")
    page.keyboard.insert_text("Four.")
    page.keyboard.press("Control+Enter")
    expect(narration(page, 4)).to_have_value("Four.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listitem", name="Segment 4")).to_be_focused()
    comes_to(lambda: texts_of(project), ["One.", "Two.", "Three.", "Four."])


def test_what_was_written_survives_a_reload_and_cancel(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.')}")
    for _ in range(2):
        page.get_by_role("listitem", name="Segment 1").focus()
        page.keyboard.press("a")
        if _ == 0:
            page.keyboard.insert_text("Half a sent")
            page.get_by_role("button", name="Cancel").click()
            page.reload()
    expect(page.get_by_role("textbox", name="Narration of the new segment")).to_have_value("Half a sent")


def test_an_empty_story_is_begun_here(page: Page, server: Server, texts_of: Texts) -> None:
    project = server.client().call("POST", "/api/projects/", {"title": "Nothing yet"})[1]["id"]
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="Write the first one").click()
    page.keyboard.insert_text("It begins.")
    page.get_by_role("button", name="Add segment", exact=True).click()
    expect(narration(page, 1)).to_have_value("It begins.")
    comes_to(lambda: texts_of(project), ["It begins."])


def test_a_segment_is_split_at_the_caret_and_undone_and_redone(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("The 🏮 lamp. It burned all night.", "Then.")
    page.goto(f"/projects/{project}")
    put_caret(narration(page, 1), len("The 🏮 lamp.".encode("utf-16-le")) // 2)
    page.keyboard.press("Control+Shift+Enter")
    expect(narration(page, 2)).to_have_value("It burned all night.")
    expect(narration(page, 2)).to_be_focused()
    comes_to(lambda: texts_of(project), ["The 🏮 lamp.", "It burned all night.", "Then."])
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Segment 1 split")).to_be_visible()
    comes_to(lambda: texts_of(project), ["The 🏮 lamp. It burned all night.", "Then."])
    page.get_by_role("button", name="Redo").click()
    expect(narration(page, 3)).to_have_value("Then.")
    comes_to(lambda: texts_of(project), ["The 🏮 lamp.", "It burned all night.", "Then."])


def test_words_typed_a_moment_before_a_split_are_in_it(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("First.")
    page.goto(f"/projects/{project}")
    narration(page, 1).focus()
    page.keyboard.press("End")
    page.keyboard.type(" Second.")
    put_caret(narration(page, 1), len("First."))
    page.get_by_role("button", name="Split here").click()
    expect(narration(page, 2)).to_have_value("Second.")
    comes_to(lambda: texts_of(project), ["First.", "Second."])
    for words in ("Segment 1 split", "Text of segment 1 changed"):
        page.keyboard.press("Control+z")
        expect(page.get_by_text(f"Undone: {words}")).to_be_visible()
    comes_to(lambda: texts_of(project), ["First."])


def test_backspace_at_the_start_merges_and_undo_brings_text_and_picture_back(
    page: Page, server: Server, story: Story, texts_of: Texts
) -> None:
    project = story("One.", "Two.")
    client = server.client()
    second = client.call("GET", f"/api/segments/?project={project}")[1][1]["id"]
    assert client.upload(second, "teal.jpg", jpeg("teal", (640, 360)))[0] == 200

    def pictures() -> list[bool]:
        return [bool(it["image_file"]) for it in client.call("GET", f"/api/segments/?project={project}")[1]]

    page.goto(f"/projects/{project}")
    put_caret(narration(page, 2), 0)
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Segments 1 and 2 merged", exact=True)).to_be_visible()
    expect(narration(page, 1)).to_be_focused()
    comes_to(lambda: texts_of(project), ["One. Two."])
    assert pictures() == [True]
    assert narration(page, 1).evaluate("it => it.selectionStart") == len("One. ")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Segments 1 and 2 merged")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Two."])
    assert pictures() == [False, True]
    page.get_by_role("button", name="Redo").click()
    expect(narration(page, 1)).to_have_value("One. Two.")


def test_backspace_in_an_emptied_segment_takes_it_away(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    narration(page, 2).fill("")
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Segment 2 deleted", exact=True)).to_be_visible()
    expect(narration(page, 1)).to_be_focused()
    comes_to(lambda: texts_of(project), ["One."])


def test_a_segment_is_duplicated_behind_itself(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More for segment 1", exact=True).click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("listitem", name="Segment 2")).to_be_focused()
    comes_to(lambda: texts_of(project), ["One.", "One.", "Two."])
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Segment 1 duplicated")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Two."])


def test_a_locked_segment_is_neither_split_nor_merged(
    page: Page, server: Server, story: Story, texts_of: Texts
) -> None:
    project = story("One. And a half.", "Two.")
    first = server.client().call("GET", f"/api/segments/?project={project}")[1][0]["id"]
    server.client().call("PATCH", f"/api/segments/{first}/", {"is_locked": True})
    page.goto(f"/projects/{project}")
    put_caret(narration(page, 1), 4)
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_text("Segment 1 is locked.").first).to_be_visible()
    put_caret(narration(page, 2), 0)
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Segment 1 is locked.").first).to_be_visible()
    comes_to(lambda: texts_of(project), ["One. And a half.", "Two."])


def test_an_undo_is_refused_when_the_text_was_changed_since(page: Page, server: Server, story: Story) -> None:
    project = story("One. Two.")
    page.goto(f"/projects/{project}")
    put_caret(narration(page, 1), 4)
    page.keyboard.press("Control+Shift+Enter")
    expect(narration(page, 2)).to_be_focused()
    second = server.client().call("GET", f"/api/segments/?project={project}")[1][1]["id"]
    server.client().call("PATCH", f"/api/segments/{second}/", {"text_content": "Somebody else's."})
    page.keyboard.press("Control+z")
    expect(page.get_by_text(re.compile("Cannot undo: the text of segment 2 was changed since"))).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_plus_can_be_hit_with_a_finger(width: int, open_context: Callable[..., BrowserContext], story: Any) -> None:
    page = open_context(viewport={"width": width, "height": 800}, has_touch=True, is_mobile=True).new_page()
    page.goto(f"/projects/{story('One.', 'Two.')}")
    plus = page.get_by_role("button", name="Add a segment after segment 1")
    box = plus.bounding_box()
    assert box and box["height"] >= 44
    plus.tap()
    expect(page.get_by_role("textbox", name="Narration of the new segment")).to_be_focused()
