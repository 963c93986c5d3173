"""Settings of every story and of one: voices that can be heard, choices that can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, comes_to

Story = Callable[..., int]


def own_choices(server: Server, project: int) -> dict[str, Any]:
    return dict(server.client().call("GET", f"/api/projects/{project}/settings/")[1]["own"])


def test_a_voice_is_heard_before_it_is_chosen_by_keyboard_alone(page: Page, server: Server) -> None:
    before = server.client().call("GET", "/api/settings/")[1]["voice"]
    page.goto("/settings")
    listen = page.get_by_role("button", name=re.compile("^Listen to Heart.*quick"))
    expect(listen).to_be_visible()
    page.get_by_role("radiogroup", name="Voice").get_by_role("radio", checked=True).focus()
    page.keyboard.press("Tab")
    expect(listen).to_be_focused()
    page.keyboard.press("Enter")
    stop = page.get_by_role("button", name=re.compile("^Stop Heart"))
    expect(stop).to_be_focused()
    expect(stop).to_have_attribute("aria-busy", "false", timeout=60_000)  # it sounds
    page.keyboard.press("Enter")
    expect(listen).to_be_focused()
    comes_to(lambda: server.client().call("GET", "/api/settings/")[1]["voice"], before)


def test_a_choice_for_one_story_holds_there_alone_and_is_taken_back(page: Page, server: Server, story: Story) -> None:
    project, other = story("One."), story("Two.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="Settings of this story").click()
    dialog = page.get_by_role("dialog", name="Settings of this story")
    expect(dialog.get_by_text("All as in Settings.")).to_be_visible()
    dialog.get_by_role("slider", name="Crossfade").press("ArrowRight")
    expect(dialog.get_by_text("1 choice for this story alone.")).to_be_visible()
    dialog.get_by_role("combobox", name="Motion").select_option("still")
    dialog.get_by_role("radio", name="Box").click()
    dialog.get_by_role("button", name="More", exact=True).click()
    dialog.get_by_role("radio", name="25").click()
    expect(dialog.get_by_text("4 choices for this story alone.")).to_be_visible()
    comes_to(
        lambda: own_choices(server, project),
        {"transition_s": 0.6, "motion": "still", "subtitle_style": "box", "fps": 25},
    )
    comes_to(lambda: own_choices(server, other), {})
    dialog.get_by_role("button", name="Motion as in Settings").click()
    expect(dialog.get_by_text("3 choices for this story alone.")).to_be_visible()
    expect(dialog.get_by_role("combobox", name="Motion")).to_have_value("auto")
    dialog.get_by_role("button", name="All as in Settings", exact=True).click()
    expect(dialog.get_by_text("All as in Settings.")).to_be_visible()
    comes_to(lambda: own_choices(server, project), {})
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Settings of this story")).to_be_focused()


def test_storage_says_what_is_used_and_how_long_trash_is_kept(page: Page, server: Server, story: Story) -> None:
    page.goto("/settings#storage")
    storage = page.get_by_role("region", name="Storage")
    expect(storage.get_by_text("Pictures, narration and videos")).to_be_visible()
    expect(storage.get_by_text(str(server.data_dir))).to_be_visible()
    days = storage.get_by_role("spinbutton", name="Days kept in Trash")
    days.fill("400")
    days.press("Enter")
    expect(storage.get_by_role("alert")).to_have_text("Choose a number of days from 0 to 365.")
    days.fill("0")
    expect(storage.get_by_text("Undo cannot bring it back.")).to_be_visible()
    days.fill("7")
    days.press("Enter")
    expect(storage.get_by_label("Saved")).to_be_visible()
    client = server.client()
    comes_to(lambda: client.call("GET", "/api/storage/")[1]["trash_days"], 7)
    segment = client.call("GET", f"/api/segments/?project={story('One.')}")[1][0]
    client.call("DELETE", f"/api/segments/{segment['id']}/")
    page.goto("/trash")
    expect(page.get_by_text("7 days left")).to_be_visible()
    client.call("PATCH", "/api/storage/", {"trash_days": None})
