"""Many segments: the film in bands, a preview that follows, compact rows; and pictures with too few pixels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, jpeg

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"

Story = Callable[..., int]


@pytest.fixture(scope="module")
def long_story(server: Server) -> int:
    client = server.client()
    segments = [{"text_content": f"Day {day}: the clock stood still."} for day in range(1, 91)]
    project = client.call("POST", "/api/projects/import/", {"format": "json", "title": "Days", "segments": segments})[1]
    for number in range(0, 90, 6):
        client.upload(project["segments"][number]["id"], "teal.jpg", jpeg("teal", (1280, 720)))
    return int(project["id"])


def test_the_film_of_many_segments_shows_pictures_and_gaps(page: Page, long_story: int) -> None:
    page.goto(f"/projects/{long_story}")
    strip = page.get_by_role("slider", name="Position in the film")
    expect(strip.locator("img")).to_have_count(8)
    for image in strip.locator("img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("it => it.naturalWidth > 0 && it.getBoundingClientRect().height > 24")
    cells = [str(strip.locator(f"path.{name}").get_attribute("d")).count("M") for name in ("has", "lacks")]
    assert cells == [15, 75]


def test_the_preview_follows_what_is_scrolled_to_and_comes_back(page: Page, long_story: int) -> None:
    page.goto(f"/projects/{long_story}")
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview.get_by_text("Segment 1 of 90")).to_be_visible()
    page.mouse.move(400, 500)
    page.mouse.wheel(0, 6000)
    expect(preview.get_by_text("Segment 1 of 90")).to_have_count(0)
    shown = int(preview.locator(".cap .num").inner_text().split()[1])
    card = page.get_by_role("listitem", name=f"Segment {shown}", exact=True)
    expect(card).to_be_in_viewport()
    page.mouse.wheel(0, -6000)
    expect(preview.get_by_text("Segment 1 of 90")).to_be_visible()


def test_rows_are_compact_when_that_is_chosen_and_stay_so(page: Page, long_story: int) -> None:
    page.goto(f"/projects/{long_story}")
    page.get_by_role("listitem", name="Segment 2", exact=True).wait_for()
    height = page.evaluate("document.documentElement.scrollHeight")
    page.get_by_role("button", name="More for this story").click()
    page.get_by_role("menuitem", name="Compact rows").click()
    page.wait_for_function("before => document.documentElement.scrollHeight < before * 0.65", arg=height)
    page.reload()
    page.get_by_role("listitem", name="Segment 5", exact=True).wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") < height * 0.65
    page.get_by_role("textbox", name="Narration of segment 3", exact=True).focus()
    expect(page.get_by_role("textbox", name="Image prompt of segment 3", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Image prompt of segment 4", exact=True)).to_be_hidden()


def test_a_picture_with_too_few_pixels_says_so_by_the_films_size(page: Page, server: Server, story: Story) -> None:
    project = story("One.", "Two.")
    client = server.client()
    first, second = (it["id"] for it in client.call("GET", f"/api/segments/?project={project}")[1])
    client.upload(first, "small.jpg", jpeg("teal", (400, 225)))
    client.upload(second, "large.jpg", jpeg("teal", (1920, 1080)))
    page.goto(f"/projects/{project}")
    card = page.get_by_role("listitem", name="Segment 1")
    expect(card.get_by_text("Soft at 1080p", exact=True)).to_be_visible()
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview.get_by_text("400 × 225, soft at 1080p")).to_be_visible()
    expect(page.get_by_role("listitem", name="Segment 2").get_by_text("Soft at")).to_have_count(0)
    page.get_by_role("listitem", name="Segment 2").focus()
    expect(preview.get_by_text("1,920 × 1,080, fills 16:9 without cropping")).to_be_visible()
    client.call("PATCH", f"/api/projects/{project}/settings/", {"size": "1080x1920"})
    page.reload()
    page.get_by_role("listitem", name="Segment 2").focus()
    expect(preview.get_by_text("68% cropped left and right for 9:16")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_while_one_writes_finds_and_chooses(
    theme: str, width: int, open_context: Callable[..., BrowserContext], long_story: Any
) -> None:
    options = {"color_scheme": theme, "reduced_motion": "reduce", "bypass_csp": True}
    page = open_context(viewport={"width": width, "height": 800}, **options).new_page()
    page.goto(f"/projects/{long_story}")
    first = page.get_by_role("listitem", name="Segment 1", exact=True)
    first.wait_for()
    page.add_script_tag(path=AXE)

    def found(*, besides: str = "") -> list[str]:
        options = {"resultTypes": ["violations"], "rules": {besides: {"enabled": False}} if besides else {}}
        violations = page.evaluate("it => axe.run(document, it)", options)["violations"]
        return [f"{it['id']}: {it['help']} {[node['target'] for node in it['nodes']][:3]}" for it in violations]

    first.focus()
    page.keyboard.press("a")
    page.get_by_role("textbox", name="Narration of the new segment").fill("Some words.")
    assert found() == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("clock")
    expect(page.get_by_text("1 of 90", exact=True)).to_be_visible()
    assert found() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Narration of segment 1", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    assert found() == []
    page.get_by_role("button", name="More for segment 1", exact=True).click()
    page.get_by_role("menuitem", name="Picture", exact=True).press("ArrowRight")
    assert found(besides="region") == []  # a menu lies over the page, in no landmark
