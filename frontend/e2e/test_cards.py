"""What a card can do beyond its text: earlier pictures, the camera's look, exchanging pictures, narrating some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]


@pytest.fixture
def pictured(server: Server, story: Story) -> Callable[..., tuple[int, list[int]]]:
    """A project whose segments have these colours, in order, one after another where there are many."""

    def make(*colors: tuple[str, ...]) -> tuple[int, list[int]]:
        project = story(*(f"Text {number}." for number in range(1, len(colors) + 1)))
        client = server.client()
        ids = [segment["id"] for segment in client.call("GET", f"/api/segments/?project={project}")[1]]
        for segment, names in zip(ids, colors, strict=True):
            for name in names:
                assert client.upload(segment, f"{name}.jpg", jpeg(name, (640, 360)))[0] == 200
        return project, ids

    return make


def choose(page: Page, number: int, item: str) -> None:
    page.get_by_role("button", name=f"More for segment {number}", exact=True).click()
    page.get_by_role("menuitem", name="Picture", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


def picture_names(server: Server, project: int) -> list[str | None]:
    _, segments = server.client().call("GET", f"/api/segments/?project={project}")
    return [it["image_file"] and Path(it["image_file"]).name.partition("_")[2] for it in segments]


def test_an_earlier_picture_is_chosen_by_sight_and_exchanged(page: Page, server: Server, pictured: Any) -> None:
    project, _ = pictured(("teal", "maroon", "olive"))
    page.goto(f"/projects/{project}")
    choose(page, 1, "Restore an earlier picture…")
    dialog = page.get_by_role("dialog", name="Earlier pictures of segment 1")
    earlier = dialog.get_by_role("button", name="Restore the picture")
    expect(earlier).to_have_count(2)
    for image in dialog.locator("img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("it => it.naturalWidth") == 480
    earlier.last.press("Enter")
    expect(page.get_by_text("Earlier picture restored", exact=True)).to_be_visible()
    expect(dialog).to_be_hidden()
    comes_to(lambda: picture_names(server, project), ["teal.jpg"])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Earlier picture restored")).to_be_visible()
    comes_to(lambda: picture_names(server, project), ["olive.jpg"])


def test_without_an_earlier_picture_it_says_so(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.')}")
    choose(page, 1, "Restore an earlier picture…")
    expect(page.get_by_text("No earlier picture of this segment is in Trash.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More for segment 1")).to_be_focused()


def test_a_narration_is_seen_and_stopped_in_another_tab_and_after_a_reload(
    open_context: Callable[..., BrowserContext], server: Server, story: Story
) -> None:
    # No sentence twice: what was spoken once comes from the cache.
    sentences = [f"On day {day} it was a long way home without a lamp." for day in range(120)]
    project = story(*(" ".join(sentences[first : first + 10]) for first in range(0, 120, 10)))
    context = open_context()
    mine, other = context.new_page(), context.new_page()
    for tab in (mine, other):
        tab.goto(f"/projects/{project}")
        expect(tab.get_by_role("button", name="Narrate all")).to_be_visible()
    mine.get_by_role("button", name="Narrate all").click()
    stop = other.get_by_role("button", name="Stop narrating")
    expect(stop).to_be_visible()
    expect(other.get_by_role("listitem", name="Segment 1").get_by_role("button", name="Stop")).to_be_visible()
    mine.reload()
    expect(mine.get_by_role("button", name="Stop narrating")).to_be_visible()
    stop.click()
    for tab in (mine, other):
        expect(tab.get_by_role("button", name="Narrate all")).to_be_visible(timeout=30_000)
    comes_to(lambda: server.client().call("GET", f"/api/projects/{project}/tasks/")[1], [])


def test_the_chosen_segments_are_narrated_as_one_and_taken_back_as_one(
    page: Page, server: Server, story: Story
) -> None:
    project = story("One.", "Two.", "Three.")

    def narrated() -> list[bool]:
        _, segments = server.client().call("GET", f"/api/segments/?project={project}")
        return [bool(it["audio_file"]) for it in segments]

    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="Select", exact=True).click()
    for number in (1, 3):
        page.get_by_role("checkbox", name=f"Select segment {number}").check()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Narrate").click()
    expect(page.get_by_text("2 segments narrated", exact=True)).to_be_visible(timeout=60_000)
    assert narrated() == [True, False, True]
    page.get_by_role("region", name="Selection").get_by_role("button", name="Narrate").click()
    expect(page.get_by_text("Their narrations are up to date")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: 2 segments narrated")).to_be_visible()
    assert narrated() == [False, False, False]


def test_a_picture_dropped_on_another_swaps_with_it_and_one_undo_swaps_back(
    page: Page, server: Server, pictured: Any
) -> None:
    project, _ = pictured(("teal",), ("maroon",), ())
    page.goto(f"/projects/{project}")
    first, second = (page.get_by_role("img", name=f"Picture of Text {number}.") for number in (1, 2))
    first.drag_to(second)
    expect(page.get_by_text("Pictures of segments 1 and 2 swapped", exact=True)).to_be_visible()
    comes_to(lambda: picture_names(server, project), ["maroon.jpg", "teal.jpg", None])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Pictures of segments 1 and 2 swapped")).to_be_visible()
    comes_to(lambda: picture_names(server, project), ["teal.jpg", "maroon.jpg", None])
    comes_to(lambda: server.client().call("GET", f"/api/trash/?project={project}")[1], [])


def test_a_picture_is_swapped_by_number_and_a_locked_segment_keeps_its_own(
    page: Page, server: Server, pictured: Any
) -> None:
    project, ids = pictured(("teal",), ("maroon",), ())
    server.client().call("PATCH", f"/api/segments/{ids[1]}/", {"is_locked": True})
    page.goto(f"/projects/{project}")
    choose(page, 1, "Swap picture with…")
    dialog = page.get_by_role("dialog", name="Swap picture of segment 1")
    expect(dialog.get_by_text("That segment is locked.")).to_be_visible()
    dialog.get_by_role("spinbutton", name="Segment").fill("4")
    expect(dialog.get_by_text("Choose a number from 1 to 3.")).to_be_visible()
    dialog.get_by_role("spinbutton", name="Segment").fill("3")
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("Picture moved to segment 3", exact=True)).to_be_visible()
    comes_to(lambda: picture_names(server, project), [None, "maroon.jpg", "teal.jpg"])
    page.get_by_role("img", name="Picture of Text 3.").drag_to(page.get_by_role("img", name="Picture of Text 2."))
    expect(page.get_by_text("Segment 2 is locked.")).to_be_visible()
    comes_to(lambda: picture_names(server, project), [None, "maroon.jpg", "teal.jpg"])


def test_the_camera_is_pointed_by_keys_and_by_hand_and_the_preview_follows(
    page: Page, server: Server, pictured: Any
) -> None:
    project, (segment,) = pictured(("teal",))

    def kept() -> dict[str, Any]:
        framing = server.client().call("GET", f"/api/segments/{segment}/framing/")[1]
        return {name: framing[name] for name in ("focus", "motion", "fit")}

    page.goto(f"/projects/{project}")
    choose(page, 1, "Focus and motion…")
    dialog = page.get_by_role("dialog", name="Focus and motion of segment 1")
    dialog.get_by_label("Motion", exact=True).select_option("zoom-out")
    point = dialog.get_by_role("slider", name="Focus")
    moved = dialog.locator(".moved").first
    point.focus()
    seen = moved.evaluate("it => it.style.transform")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    expect(point).to_have_attribute("aria-valuetext", "70% from the left, 49% from the top")
    expect(moved).not_to_have_attribute("style", seen)
    expect(dialog.get_by_text("Saved", exact=True)).to_be_visible()
    assert kept() == {"focus": [0.7, 0.49], "motion": "zoom-out", "fit": None}
    box = dialog.locator(".focus-picture").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 50, box["y"] + box["height"] + 50, steps=4)
    page.mouse.up()
    expect(point).to_have_attribute("aria-valuetext", "0% from the left, 100% from the top")
    dialog.get_by_label("How it fills the frame").select_option("contain")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Focus and motion of segment 1 changed", exact=True)).to_be_visible()
    assert kept() == {"focus": [0, 1], "motion": "zoom-out", "fit": "contain"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Focus and motion of segment 1 changed")).to_be_visible()
    assert kept() == {"focus": [0.5, 0.5], "motion": "auto", "fit": None}


def test_one_shape_has_a_point_of_its_own_which_is_seen_in_that_shape_and_taken_back(
    page: Page, server: Server, pictured: Any
) -> None:
    project, (segment,) = pictured(("teal",))

    def own() -> dict[str, Any]:
        return dict(server.client().call("GET", f"/api/segments/{segment}/framing/")[1]["own_focuses"])

    page.goto(f"/projects/{project}")
    choose(page, 1, "Focus and motion…")
    dialog = page.get_by_role("dialog", name="Focus and motion of segment 1")
    dialog.get_by_role("radio", name="9:16").click()
    box = dialog.locator(".screen").bounding_box()
    assert box
    assert box["height"] > box["width"] * 1.5
    dialog.get_by_role("slider", name="Focus").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(dialog.get_by_role("radio", name="9:16 •")).to_be_visible()
    expect(dialog.get_by_text("Saved", exact=True)).to_be_visible()
    assert own() == {"9:16": [0.4, 0.5]}
    dialog.get_by_role("button", name="As every shape").click()
    expect(dialog.get_by_role("radio", name="9:16", exact=True)).to_be_visible()
    dialog.get_by_role("slider", name="Focus").press("Shift+ArrowLeft")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Focus and motion of segment 1 changed", exact=True)).to_be_visible()
    assert set(own()) == {"9:16"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Focus and motion of segment 1 changed")).to_be_visible()
    assert own() == {}


def test_the_preview_beside_the_list_is_the_one_that_was_chosen(page: Page, pictured: Any) -> None:
    project, _ = pictured(("teal",))
    page.goto(f"/projects/{project}")
    motion = page.get_by_role("complementary", name="Preview").get_by_role("definition").first
    expect(motion).not_to_have_text("…")
    choose(page, 1, "Focus and motion…")
    page.get_by_role("dialog").get_by_label("Motion", exact=True).select_option("still")
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    expect(motion).to_have_text("Still")
    expect(page.get_by_text("Focus and motion of segment 1 changed", exact=True)).to_be_visible()  # it is saved
    page.keyboard.press("Control+z")
    expect(motion).not_to_have_text("Still")
