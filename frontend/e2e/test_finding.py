"""Find and replace over a whole story, of which the page draws only a few cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, comes_to

Story = Callable[..., int]
Texts = Callable[[int], list[str]]


@pytest.fixture
def long_story(story: Story) -> int:
    return story(*(f"Day {day}: the clock stood still." for day in range(1, 121)))


def test_a_place_far_below_is_found_and_one_writes_on_there(page: Page, long_story: int) -> None:
    page.goto(f"/projects/{long_story}")
    page.get_by_role("listitem", name="Segment 1", exact=True).wait_for()
    page.keyboard.press("Control+f")
    page.keyboard.type("day 97:")
    expect(page.get_by_text("1 of 1", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Narration of segment 97", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("textbox", name="Find", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    field = page.get_by_role("textbox", name="Narration of segment 97", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("Night 97:")
    expect(field).to_have_value("Night 97: the clock stood still.")


def test_keys_typed_at_once_reach_the_field_and_no_card(page: Page, server: Server, long_story: int) -> None:
    page.goto(f"/projects/{long_story}")
    page.get_by_role("listitem", name="Segment 1", exact=True).focus()
    page.keyboard.press("/")
    page.keyboard.type("clock", delay=0)
    expect(page.get_by_role("textbox", name="Find", exact=True)).to_have_value("clock")
    expect(page.get_by_text("1 of 120", exact=True)).to_be_visible()
    comes_to(
        lambda: bool(server.client().call("GET", f"/api/segments/?project={long_story}")[1][0]["is_locked"]), False
    )


def test_the_places_are_walked_forth_and_back(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('A lamp, a lamp.', 'None.', 'The lamp.')}")
    page.get_by_role("button", name="Find and replace").click()
    page.keyboard.type("lamp")
    for keys, words in (("Enter", "2 of 3"), ("Enter", "3 of 3"), ("Enter", "1 of 3"), ("Shift+Enter", "3 of 3")):
        page.keyboard.press(keys)
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.get_by_role("listitem", name="Segment 3")).to_have_class("seg now")


def test_all_are_replaced_as_one_step_and_the_locked_one_is_named(
    page: Page, server: Server, long_story: int, texts_of: Texts
) -> None:
    first = server.client().call("GET", f"/api/segments/?project={long_story}")[1][0]["id"]
    server.client().call("PATCH", f"/api/segments/{first}/", {"is_locked": True})
    before = texts_of(long_story)
    page.goto(f"/projects/{long_story}")
    page.get_by_role("listitem", name="Segment 1, locked").wait_for()
    page.keyboard.press("Control+f")
    page.keyboard.type("the clock")
    page.get_by_role("textbox", name="Replace with").fill("The $& bell")
    page.get_by_role("button", name="Replace all").click()
    expect(page.get_by_text("119 replaced in 119 segments", exact=True)).to_be_visible()
    expect(page.get_by_text("1 segment stayed: locked, left empty, or changed meanwhile.")).to_be_visible()
    after = texts_of(long_story)
    assert after[0] == before[0]
    assert after[119] == "Day 120: The $& bell stood still."
    page.get_by_role("button", name="Close find").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: 119 replaced in 119 segments")).to_be_visible()
    comes_to(lambda: texts_of(long_story), before)


def test_one_is_replaced_with_the_words_typed_a_moment_ago(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("A lamp.", "A lamp.")
    page.goto(f"/projects/{project}")
    field = page.get_by_role("textbox", name="Narration of segment 1")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type(" Burning.")
    page.keyboard.press("Control+f")
    page.keyboard.type("lamp")
    page.get_by_role("textbox", name="Replace with").fill("lantern")
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(field).to_have_value("A lantern. Burning.")
    expect(page.get_by_text("1 of 1", exact=True)).to_be_visible()
    comes_to(lambda: texts_of(project), ["A lantern. Burning.", "A lamp."])


def test_nothing_is_replaced_by_nothing(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("Lamp")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="Find and replace").click()
    page.keyboard.type("lamp")
    page.get_by_role("button", name="Replace all").click()
    expect(page.get_by_text("That segment is locked, or would be left empty.")).to_be_visible()
    comes_to(lambda: texts_of(project), ["Lamp"])


def test_the_tools_stay_in_view_and_the_field_fits_a_phone(
    open_context: Callable[..., BrowserContext], long_story: Any
) -> None:
    page = open_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()
    page.goto(f"/projects/{long_story}")
    page.get_by_role("listitem", name="Segment 1", exact=True).wait_for()
    page.evaluate("scrollTo(0, 9000)")
    find = page.get_by_role("button", name="Find and replace")
    expect(find).to_be_in_viewport()
    find.click()
    for name in ("Find", "Replace with"):
        box = page.get_by_role("textbox", name=name, exact=True).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    for name in ("Next place", "Close find", "Replace all"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box and box["height"] >= 44 and box["x"] + box["width"] <= 360
