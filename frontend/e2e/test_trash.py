"""What was deleted is seen, brought back, or ended for good."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from storyflow.tests.live import Client, Server, comes_to, jpeg

Story = Callable[..., int]


@pytest.fixture
def client(server: Server) -> Client:
    """Of a server whose trash is empty."""
    client = server.client()
    for entry in client.call("GET", "/api/trash/")[1]:
        client.call("DELETE", f"/api/trash/{entry['id']}/")
    return client


def segments_of(client: Client, project: int) -> list[dict[str, Any]]:
    return list(client.call("GET", f"/api/segments/?project={project}")[1])


def a_story_with_pictures(client: Client, story: Story, *texts: str) -> tuple[int, list[int]]:
    project = story(*texts)
    ids = [segment["id"] for segment in segments_of(client, project)]
    for segment in ids:
        client.upload(segment, "a.jpg", jpeg("teal", (640, 360)))
    return project, ids


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=title)


def test_a_picture_in_the_trash_is_shown_and_goes_back_to_its_segment(page: Page, client: Client, story: Story) -> None:
    project, ids = a_story_with_pictures(client, story, "One.", "Two.")
    client.call("DELETE", f"/api/segments/{ids[1]}/remove-image/")
    page.goto("/trash")
    picture = row(page, "Picture of segment 2").locator("img")
    picture.evaluate("it => it.complete || new Promise(done => { it.onload = it.onerror = done })")
    assert picture.evaluate("it => it.naturalWidth") == 160
    page.get_by_role("button", name="Restore Picture of segment 2").click()
    expect(page.get_by_text("Picture restored to segment 2.")).to_be_visible()
    expect(page.get_by_role("heading", name="Trash is empty")).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("listitem", name="Segment 2")).to_be_visible()
    comes_to(lambda: bool(segments_of(client, project)[1]["image_file"]), True)


def test_where_another_picture_is_by_now_they_change_places(page: Page, client: Client, story: Story) -> None:
    _, ids = a_story_with_pictures(client, story, "One.")
    client.upload(ids[0], "b.jpg", jpeg("orange"))
    page.goto("/trash")
    page.get_by_role("button", name="Restore Picture of segment 1").click()
    expect(page.get_by_text("Picture restored. The one it replaced is in Trash.")).to_be_visible()
    expect(row(page, "Picture of segment 1")).to_have_count(1)


def test_a_picture_goes_to_another_segment_of_another_story(page: Page, client: Client, story: Story) -> None:
    _, ids = a_story_with_pictures(client, story, "One.")
    other = story("Alpha.", "Beta.", title="Another story")
    locked = segments_of(client, other)[0]["id"]
    client.call("PATCH", f"/api/segments/{locked}/", {"is_locked": True})
    client.call("DELETE", f"/api/segments/{ids[0]}/remove-image/")
    page.goto("/trash")
    page.get_by_role("button", name="More for Picture of segment 1").click()
    page.get_by_role("menuitem", name="Restore to another segment…").click()
    dialog = page.get_by_role("dialog", name="Restore to another segment")
    dialog.get_by_label("Story").select_option("Another story")
    expect(dialog.get_by_role("radio", name=re.compile("Alpha."))).to_be_disabled()
    dialog.get_by_role("radio", name=re.compile("Beta.")).click()
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("Picture restored to segment 2.")).to_be_visible()
    comes_to(lambda: bool(segments_of(client, other)[1]["image_file"]), True)


def test_with_its_project_in_the_trash_too_both_come_back(page: Page, client: Client, story: Story) -> None:
    project, ids = a_story_with_pictures(client, story, "One.")
    client.call("DELETE", f"/api/segments/{ids[0]}/remove-image/")
    client.call("DELETE", f"/api/projects/{project}/")
    page.goto("/trash")
    page.get_by_role("button", name="Restore Picture of segment 1").click()
    expect(page.get_by_text("Its project is in Trash too.")).to_be_visible()
    page.get_by_role("button", name="Restore both").click()
    expect(page.get_by_text("Picture restored to segment 1.")).to_be_visible()
    comes_to(lambda: bool(segments_of(client, project)[0]["image_file"]), True)


def test_with_its_segment_in_the_trash_too_both_come_back(page: Page, client: Client, story: Story) -> None:
    project, ids = a_story_with_pictures(client, story, "One.", "Two.")
    client.call("DELETE", f"/api/segments/{ids[0]}/remove-image/")
    client.call("DELETE", f"/api/segments/{ids[0]}/")
    page.goto("/trash")
    page.get_by_role("button", name="Restore Picture of segment 1").click()
    expect(page.get_by_text("Its segment is in Trash too.")).to_be_visible()
    page.get_by_role("button", name="Restore both").click()
    expect(page.get_by_text("Picture restored to segment 1.")).to_be_visible()
    comes_to(lambda: bool(segments_of(client, project)[0]["image_file"]), True)


def test_a_locked_segment_is_unlocked_on_request(page: Page, client: Client, story: Story) -> None:
    project, ids = a_story_with_pictures(client, story, "One.", "Two.", "Three.")
    client.call("DELETE", f"/api/segments/{ids[2]}/remove-image/")
    client.call("PATCH", f"/api/segments/{ids[2]}/", {"is_locked": True})
    page.goto("/trash")
    page.get_by_role("button", name="Restore Picture of segment 3").click()
    expect(page.get_by_text("Segment 3 is locked. Unlock it to restore its picture.")).to_be_visible()
    page.get_by_role("button", name="Unlock and restore").click()
    expect(page.get_by_text("Picture restored to segment 3.")).to_be_visible()
    comes_to(lambda: bool(segments_of(client, project)[2]["image_file"]), True)


def test_only_what_cannot_be_undone_asks(page: Page, client: Client, story: Story) -> None:
    project, ids = a_story_with_pictures(client, story, "One.", "Two.", "Three.")
    for segment in ids[:2]:
        client.call("DELETE", f"/api/segments/{segment}/remove-image/")
    client.call("DELETE", f"/api/segments/{ids[2]}/")
    page.goto("/trash")
    page.get_by_role("button", name="Segments 1").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="More for “Three.”").click()
    page.get_by_role("menuitem", name="Delete for good").click()
    dialog = page.get_by_role("alertdialog", name="Delete this for good?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Deleted for good")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="Empty trash…").click()
    dialog = page.get_by_role("alertdialog", name="Delete 2 things for good?")
    expect(dialog.get_by_text("are freed. This cannot be undone.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Keep them")).to_be_focused()
    page.keyboard.press("Enter")
    comes_to(lambda: len(client.call("GET", f"/api/trash/?project={project}")[1]), 2)
    page.get_by_role("button", name="Empty trash…").click()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Trash is empty")).to_be_visible()
    comes_to(lambda: client.call("GET", "/api/trash/")[1], [])
