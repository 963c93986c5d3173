"""A card's menu: all of it in view on a small desk and on a phone, and by keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

Story = Callable[..., int]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (390, 740), (360, 640)])
def test_every_entry_of_a_cards_menu_is_in_view(
    size: tuple[int, int], open_context: Callable[..., BrowserContext], story: Story
) -> None:
    width, height = size
    page = open_context(viewport={"width": width, "height": height}, has_touch=width < 500).new_page()
    page.goto(f"/projects/{story('One.', 'Two.', 'Three.', 'Four.')}")
    page.get_by_role("button", name="More for segment 3", exact=True).click()
    menu = page.get_by_role("menu")
    assert menu.evaluate("it => it.scrollHeight - it.clientHeight") <= 1
    for item in ("Picture", "Delete segment"):
        box = page.get_by_role("menuitem", name=item, exact=item == "Picture").bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= height
        assert box["height"] >= (44 if width < 500 else 34)
    page.get_by_role("menuitem", name="Move", exact=True).click()
    below = page.get_by_role("menu").last.bounding_box()
    assert below and below["x"] >= 0 and below["x"] + below["width"] <= width
    page.get_by_role("menuitem", name="Move to top").click()
    expect(page.get_by_text("Segment moved to 1", exact=True)).to_be_visible()


def test_a_cards_menu_is_walked_by_keys(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.', 'Two.')}")
    page.get_by_role("button", name="More for segment 1", exact=True).press("Enter")
    expect(page.get_by_role("menuitem", name="Picture", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("menuitem", name="Add picture…")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Delete segment")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More for segment 1", exact=True)).to_be_focused()


def test_a_long_press_that_opens_a_menu_chooses_nothing_and_a_press_drawn_onto_an_entry_chooses_it(
    open_context: Callable[..., BrowserContext], story: Story
) -> None:
    page = open_context(viewport={"width": 360, "height": 640}).new_page()
    page.goto(f"/projects/{story('One.', 'Two.', 'Three.')}")
    page.get_by_role("button", name="More for segment 2", exact=True).hover()
    page.mouse.down()
    expect(page.get_by_role("menu")).to_be_visible()
    page.wait_for_timeout(600)
    page.mouse.up()
    page.wait_for_timeout(200)
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    page.get_by_role("button", name="More for segment 2", exact=True).hover()
    page.mouse.down()
    box = page.get_by_role("menuitem", name="Duplicate").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.get_by_role("listitem", name="Segment 4", exact=True)).to_be_visible()
