"""A revised script into the story it was made of, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]
Texts = Callable[[int], list[str]]
TEXTS = ("The ferry came.", "Nobody waited at the pier.", "It left at night.", "The lamp burned on.")
REVISED = """Text: The lamp burned on.
---
Text: The ferry came.
---
Text: Nobody was waiting at the old pier.
---
Text: Years passed."""


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Re-import a revised script")


def open_dialog(page: Page, project: int) -> Locator:
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More for this story").click()
    page.get_by_role("menuitem", name="Re-import a revised script…").click()
    return dialog_of(page)


def rows(server: Server, project: int) -> list[tuple[int, str, bool]]:
    segments = server.client().call("GET", f"/api/segments/?project={project}")[1]
    return [(it["id"], it["text_content"], it["image_file"] is not None) for it in segments]


def test_a_revised_script_keeps_pictures_and_is_one_step_to_undo_also_after_a_reload(
    page: Page, server: Server, story: Story
) -> None:
    project = story(*TEXTS)
    for segment, _, _ in rows(server, project):
        server.client().upload(segment, "a.jpg", jpeg())
    before = rows(server, project)
    dialog = open_dialog(page, project)
    expect(dialog.get_by_text("The script is the same as the story.")).to_be_visible()
    dialog.get_by_label("Script").fill(REVISED)
    preview = dialog.get_by_role("region", name="The story to be")
    expect(preview.get_by_role("listitem")).to_have_count(5)
    expect(dialog.get_by_text("1 changed, 1 new, 1 to Trash")).to_be_visible()
    expect(preview.get_by_text("Was: Nobody waited at the pier.")).to_be_visible()
    dialog.get_by_role("button", name="Import changes").click()
    expect(page.get_by_text("Script imported again: 1 changed, 1 new, 1 to Trash")).to_be_visible()
    after = rows(server, project)
    assert [text for _, text, _ in after] == [
        "The lamp burned on.",
        "The ferry came.",
        "Nobody was waiting at the old pier.",
        "Years passed.",
    ]
    assert [has for _, _, has in after] == [True, True, True, False]
    page.reload()
    expect(page.get_by_role("listitem", name="Segment 4")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Script imported again: 1 changed, 1 new, 1 to Trash")).to_be_visible()
    comes_to(lambda: rows(server, project), before)
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_role("textbox", name="Narration of segment 4")).to_have_value("Years passed.")
    comes_to(lambda: rows(server, project), after)


def test_locked_segments_stay_and_it_says_so(page: Page, server: Server, story: Story, texts_of: Texts) -> None:
    project = story(*TEXTS)
    for segment, _, _ in rows(server, project)[1:3]:
        server.client().call("PATCH", f"/api/segments/{segment}/", {"is_locked": True})
    dialog = open_dialog(page, project)
    dialog.get_by_label("Script").fill("Text: The ferry came.\n---\nText: Nobody was waiting at the pier.")
    expect(dialog.get_by_text("2 locked segments stay as they are.")).to_be_visible()
    expect(dialog.get_by_text("Not used: Nobody was waiting at the pier.")).to_be_visible()
    dialog.get_by_role("button", name="Import changes").click()
    expect(page.get_by_text("Script imported again: 1 to Trash")).to_be_visible()
    comes_to(lambda: texts_of(project), list(TEXTS[:3]))


def test_a_story_that_changed_meanwhile_is_looked_at_again(
    page: Page, server: Server, story: Story, texts_of: Texts
) -> None:
    project = story(*TEXTS)
    dialog = open_dialog(page, project)
    dialog.get_by_label("Script").fill("Text: The ferry came.")
    expect(dialog.get_by_text("3 to Trash")).to_be_visible()
    last = rows(server, project)[3][0]
    server.client().call("PATCH", f"/api/segments/{last}/", {"is_locked": True})
    dialog.get_by_role("button", name="Import changes").click()
    expect(dialog.get_by_role("alert").locator("visible=true")).to_contain_text("Have another look.")
    comes_to(lambda: texts_of(project), list(TEXTS))
    expect(dialog.get_by_text("1 locked segment stays as it is.")).to_be_visible()
    dialog.get_by_role("button", name="Import changes").click()
    expect(dialog).not_to_be_visible()
    comes_to(lambda: texts_of(project), [TEXTS[0], TEXTS[3]])


def test_a_revised_file_can_be_chosen_and_an_unfinished_revision_is_back(
    page: Page, story: Story, tmp_path: Path
) -> None:
    script = tmp_path / "revised.txt"
    script.write_text(REVISED)
    project = story(*TEXTS)
    dialog = open_dialog(page, project)
    dialog.get_by_label("Story file").set_input_files(script)
    expect(dialog.get_by_text("1 changed, 1 new, 1 to Trash")).to_be_visible()
    page.keyboard.press("Escape")
    dialog = open_dialog(page, project)
    expect(dialog.get_by_text("Your unfinished revision is back.")).to_be_visible()
    dialog.get_by_role("button", name="Start from the story").click()
    expect(dialog.get_by_text("The script is the same as the story.")).to_be_visible()


def test_another_order_alone_is_a_change(page: Page, story: Story, texts_of: Texts) -> None:
    project = story(*TEXTS)
    dialog = open_dialog(page, project)
    dialog.get_by_role("textbox", name="Script").fill("\n---\n".join(f"Text: {text}" for text in reversed(TEXTS)))
    expect(dialog.get_by_text("another order")).to_be_visible()
    dialog.get_by_role("button", name="Import changes").click()
    expect(page.get_by_text("Script imported again: another order")).to_be_visible()
    comes_to(lambda: texts_of(project), list(reversed(TEXTS)))
