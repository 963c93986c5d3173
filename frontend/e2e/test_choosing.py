"""Choosing segments, a range of them too, and changing all of those at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, comes_to

Story = Callable[..., int]


@pytest.fixture
def six(story: Story) -> int:
    return story(*(f"Text {number}." for number in range(1, 7)))


def own_choices(server: Server, project: int) -> dict[int, dict[str, Any]]:
    client = server.client()
    numbers = {it["id"]: it["sequence_index"] + 1 for it in client.call("GET", f"/api/segments/?project={project}")[1]}
    chosen = client.call("GET", f"/api/projects/{project}/segments/")[1]
    return {
        numbers[it["id"]]: {name: it[name] for name in ("motion", "fit", "voice", "pause_s") if it[name] is not None}
        for it in chosen
    }


def test_shift_chooses_all_between_and_takes_them_back_too(page: Page, six: int) -> None:
    page.goto(f"/projects/{six}")
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("checkbox", name="Select segment 2").click()
    page.get_by_role("checkbox", name="Select segment 5").click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected", exact=True)).to_be_visible()
    page.get_by_role("checkbox", name="Select segment 3").click()
    page.get_by_role("checkbox", name="Select segment 4").click(modifiers=["Shift"])
    expect(page.get_by_text("2 selected", exact=True)).to_be_visible()
    for number in (2, 5):
        expect(page.get_by_role("checkbox", name=f"Select segment {number}")).to_be_checked()


def test_the_number_stays_and_all_of_its_place_can_be_clicked(page: Page, six: int) -> None:
    page.goto(f"/projects/{six}")
    page.get_by_role("listitem", name="Segment 1", exact=True).focus()
    page.locator("li.seg:nth-of-type(4) .rail b").click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected", exact=True)).to_be_visible()
    number = page.locator("li.seg:nth-of-type(2) .rail b")
    expect(number).to_be_visible()
    number.click()
    expect(page.get_by_text("3 selected", exact=True)).to_be_visible()


def test_motion_pause_and_voice_of_many_are_a_step_each(page: Page, server: Server, six: int) -> None:
    locked = server.client().call("GET", f"/api/segments/?project={six}")[1][1]["id"]
    server.client().call("PATCH", f"/api/segments/{locked}/", {"is_locked": True})
    page.goto(f"/projects/{six}")
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("checkbox", name="Select segment 1").click()
    page.get_by_role("checkbox", name="Select segment 3").click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Selection")

    def change(kind: str, value: str) -> None:
        bar.get_by_role("button", name="Change").click()
        page.get_by_role("menuitem", name=kind).press("ArrowRight")
        page.get_by_role("menuitemradio", name=value, exact=True).press("Enter")

    change("Motion", "Drifting left")
    expect(page.get_by_text("Motion of 2 segments changed; 1 segment locked", exact=True)).to_be_visible()
    change("Pause after", "2 s")
    expect(page.get_by_text("Pause of 2 segments changed; 1 segment locked", exact=True)).to_be_visible()
    expect(page.get_by_text("2 s pause")).to_have_count(2)
    comes_to(lambda: own_choices(server, six), {n: {"motion": "pan-left", "pause_s": 2} for n in (1, 3)})
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Pause of 2 segments changed; 1 segment locked")).to_be_visible()
    comes_to(lambda: own_choices(server, six), {n: {"motion": "pan-left"} for n in (1, 3)})
    change("Motion", "As the story")
    expect(page.get_by_text("Motion of 2 segments changed; 1 segment locked", exact=True).last).to_be_visible()
    comes_to(lambda: own_choices(server, six), {})


def test_one_segment_has_a_voice_of_its_own_and_says_so(page: Page, server: Server, six: int) -> None:
    page.goto(f"/projects/{six}")
    page.get_by_role("button", name="More for segment 2", exact=True).click()
    page.get_by_role("menuitem", name="Narration").click()
    page.get_by_role("menuitem", name="Voice", exact=True).click()
    page.get_by_role("menuitemradio", name="Heart").first.click()
    expect(page.get_by_text("Voice of segment 2 changed", exact=True)).to_be_visible()
    expect(
        page.get_by_role("listitem", name="Segment 2", exact=True).get_by_title("A voice of its own")
    ).to_be_visible()
    comes_to(lambda: set(own_choices(server, six)), {2})


@pytest.mark.parametrize("width", [360, 390])
def test_choosing_fits_a_phone(width: int, open_context: Callable[..., BrowserContext], six: int) -> None:
    page = open_context(viewport={"width": width, "height": 740}, has_touch=True).new_page()
    page.goto(f"/projects/{six}")
    page.get_by_role("button", name="More for this story").click()
    page.get_by_role("menuitem", name="Select segments").click()
    page.locator("li.seg:nth-of-type(1) .rail").tap()
    expect(page.get_by_text("1 selected", exact=True)).to_be_visible()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Change").click()
    page.get_by_role("menuitem", name="Motion").click()
    below = page.get_by_role("menu").last.bounding_box()
    assert below and below["x"] >= 0 and below["x"] + below["width"] <= width and below["y"] >= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_range_is_chosen_by_drawing_the_mouse_over_the_numbers(page: Page, six: int) -> None:
    page.goto(f"/projects/{six}")
    page.get_by_role("button", name="Select", exact=True).click()

    def draw(*numbers: int) -> None:
        for number in numbers:
            box = page.get_by_role("listitem", name=f"Segment {number}").locator(".rail").bounding_box()
            assert box
            page.mouse.move(box["x"] + 10, box["y"] + 10, steps=4)
            if number == numbers[0]:
                page.mouse.down()
        page.mouse.up()

    draw(1, 2, 3)
    expect(page.get_by_text("3 selected")).to_be_visible()
    draw(2, 3)
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("checkbox", name="Select segment 2").click()
    expect(page.get_by_text("2 selected")).to_be_visible()
