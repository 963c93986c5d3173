"""What a card can do beyond its text: earlier pictures, the camera's look, exchanging pictures, narrating some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, jpeg

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
    assert picture_names(server, project) == ["teal.jpg"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Earlier picture restored")).to_be_visible()
    assert picture_names(server, project) == ["olive.jpg"]


def test_without_an_earlier_picture_it_says_so(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.')}")
    choose(page, 1, "Restore an earlier picture…")
    expect(page.get_by_text("No earlier picture of this segment is in Trash.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More for segment 1")).to_be_focused()
