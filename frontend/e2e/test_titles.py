"""The story's title, written in its place."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, comes_to

Story = Callable[..., int]


def title_of(server: Server, project: int) -> str:
    return str(server.client().call("GET", f"/api/projects/{project}/")[1]["title"])


def test_a_title_is_changed_where_it_stands_and_taken_back(page: Page, server: Server, story: Story) -> None:
    project = story("One.")
    page.goto(f"/projects/{project}")
    page.get_by_role("heading", name="The lamp").get_by_role("button").click()
    page.get_by_role("textbox", name="Title of the story").fill("The lantern ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The lantern", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="The lantern")).to_be_focused()
    expect(page.get_by_text("Renamed to “The lantern”")).to_be_visible()
    comes_to(lambda: title_of(server, project), "The lantern")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("heading", name="The lamp")).to_be_visible()
    comes_to(lambda: title_of(server, project), "The lamp")


def test_escape_keeps_the_old_title_and_an_empty_one_is_not_taken(page: Page, server: Server, story: Story) -> None:
    project = story("One.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="The lamp").press("Enter")
    field = page.get_by_role("textbox", name="Title of the story")
    field.fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Give the story a title.")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="The lamp")).to_be_visible()
    comes_to(lambda: title_of(server, project), "The lamp")


def test_rename_of_the_menu_leads_to_the_title(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.')}")
    page.get_by_role("button", name="More for this story").click()
    page.get_by_role("menuitem", name="Rename").click()
    expect(page.get_by_role("textbox", name="Title of the story")).to_be_focused()
