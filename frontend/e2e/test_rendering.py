"""What stands between a story and its videos: made whatever happens, in every shape, and told truly."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]
Call = Callable[..., Any]
MADE = 120_000


@pytest.fixture
def call(server: Server) -> Call:
    def made(method: str, path: str, body: Any = None) -> Any:
        status, answer = server.client().call(method, path, body)
        assert 200 <= status < 300, (status, answer)
        return answer

    return made


@pytest.fixture
def small(story: Story, call: Call) -> Callable[..., int]:
    """A story whose films are made quickly."""

    def make(*texts: str, **options: Any) -> int:
        project = story(*texts, **options)
        call("PATCH", f"/api/projects/{project}/settings/", {"size": "320x180", "fps": 10})
        return project

    return make


def segments_of(call: Call, project: int) -> list[dict[str, Any]]:
    return list(call("GET", f"/api/segments/?project={project}"))


def rendered(page: Page, project: int) -> None:
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="Render video").click()
    expect(page.get_by_text("Your video is ready")).to_be_visible(timeout=MADE)


def test_a_film_is_made_though_its_tab_is_closed_a_segment_locked_and_no_picture_there(
    page: Page, small: Story, call: Call
) -> None:
    project = small("The ferry came.", "It left again.")
    locked = segments_of(call, project)[1]["id"]
    call("PATCH", f"/api/segments/{locked}/", {"is_locked": True})
    page.goto(f"/projects/{project}")
    page.wait_for_function("() => document.querySelector('.screen .title-card')?.naturalWidth > 0")
    page.get_by_role("button", name="Render video").click()
    expect(page.get_by_role("progressbar", name="Rendering")).to_be_visible()
    window = page.context
    page.close()

    page = window.new_page()
    page.goto(f"/projects/{project}/video")
    expect(page.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=MADE)
    expect(page.get_by_text("Title cards stand for missing pictures: segment 1, 2.")).to_be_visible()
    now = segments_of(call, project)
    assert all(it["audio_file"] for it in now)
    assert now[1]["is_locked"]


def test_a_tall_video_is_made_where_it_is_asked_for_and_the_story_keeps_its_shape(
    page: Page, small: Story, call: Call
) -> None:
    project = small("The ferry came.", "It left again.")
    rendered(page, project)
    page.get_by_role("link", name="Watch").click()
    tall = page.get_by_role("listitem").filter(has_text="Tall, 9:16")
    expect(tall.get_by_text("Not made yet")).to_be_visible()
    tall.get_by_role("button", name="Render").click()
    expect(tall.get_by_role("button", name="Cancel")).to_be_visible()
    expect(tall.get_by_text("Shown")).to_be_visible(timeout=MADE)
    video = page.locator("video")
    video.evaluate("it => new Promise(done => it.readyState ? done() : it.addEventListener('loadedmetadata', done))")
    assert video.evaluate("it => [it.videoWidth, it.videoHeight]") == [180, 320]
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 800})
        box = video.bounding_box()
        assert box
        assert abs(box["x"] + box["width"] / 2 - width / 2) < 10
    page.set_viewport_size({"width": 1440, "height": 900})
    with page.expect_download() as download:
        tall.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "The lamp.mp4"
    comes_to(lambda: call("GET", f"/api/projects/{project}/settings/")["values"]["size"], "320x180")


def test_two_shapes_are_made_in_one_run(page: Page, small: Story, call: Call) -> None:
    project = small("The ferry came.", "It left again.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More ways to render").click()
    page.get_by_role("menuitem", name="Render 16:9 and 9:16").click()
    expect(page.get_by_text("Your videos are ready")).to_be_visible(timeout=MADE)
    expect(page.get_by_text(re.compile("^16:9 and 9:16, "))).to_be_visible()
    renders = call("GET", f"/api/projects/{project}/renders/")
    assert {it["size"] for it in renders} == {"320x180", "180x320"}
    assert len({it["batch"] for it in renders}) == len({it["frames"] for it in renders}) == 1


def test_a_draft_is_one_click_and_takes_nobody_for_the_video(page: Page, small: Story) -> None:
    page.goto(f"/projects/{small('The ferry came.')}")
    page.get_by_role("button", name="Draft", exact=True).click()
    expect(page.get_by_text("Your draft is ready")).to_be_visible(timeout=MADE)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Ready to render")).to_be_visible()


def test_the_page_says_what_differs_and_a_lock_is_no_difference(page: Page, small: Story, call: Call) -> None:
    project = small("The ferry came.", "It left again.", "Nobody saw it.")
    rendered(page, project)
    ids = [it["id"] for it in segments_of(call, project)]
    settings = f"/api/projects/{project}/settings/"

    def told(words: str | None) -> None:
        page.goto(f"/projects/{project}")
        if words is None:
            expect(page.get_by_text("The video is up to date")).to_be_visible()
        else:
            expect(page.get_by_text("The story changed after the video")).to_be_visible()
            expect(page.get_by_role("status").get_by_text(words)).to_be_visible()

    told(None)
    call("PATCH", f"/api/segments/{ids[0]}/", {"is_locked": True})
    told(None)
    call("PATCH", settings, {"transition_s": 1})
    told("The crossfade.")
    call("PATCH", settings, {"transition_s": None})
    told(None)
    call("PATCH", f"/api/segments/{ids[1]}/", {"text_content": "It left at once."})
    told("1 segment.")
    call("PATCH", f"/api/segments/{ids[1]}/", {"text_content": "It left again."})
    told(None)
    call("POST", "/api/segments/reorder/", {"project_id": project, "segment_order": ids[::-1]})
    told("The order.")
    page.goto("/")
    card = page.get_by_role("listitem").filter(has=page.locator(f"a[href='/projects/{project}']"))
    expect(card.get_by_text("Changed since the video")).to_be_visible()
    expect(card.get_by_text("the order")).to_be_visible()
    page.goto(f"/projects/{project}/video")
    expect(page.get_by_text("What differs: the order.")).to_be_visible()


def test_another_picture_and_a_deleted_segment_are_told(page: Page, small: Story, call: Call, server: Server) -> None:
    project = small("The ferry came.", "It left again.")
    first, second = (it["id"] for it in segments_of(call, project))
    server.client().upload(first, "one.jpg", jpeg("teal", (640, 360)))
    rendered(page, project)
    server.client().upload(first, "one.jpg", jpeg("orange", (640, 360)))
    page.reload()
    expect(page.get_by_text(re.compile("^1 segment\\. "))).to_be_visible()
    call("DELETE", f"/api/segments/{second}/")
    page.reload()
    expect(page.get_by_text(re.compile("^1 segment, 1 deleted segment\\. "))).to_be_visible()
