"""Everything done can be taken back, or it says why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]
Texts = Callable[[int], list[str]]


def test_ctrl_z_in_a_field_is_the_field_s_until_nothing_of_the_visit_is_left(
    page: Page, story: Story, texts_of: Texts
) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    first = page.get_by_role("textbox", name="Narration of segment 1", exact=True)
    second = page.get_by_role("textbox", name="Narration of segment 2", exact=True)
    first.click()
    page.keyboard.press("End")
    page.keyboard.type(" More")
    expect(page.get_by_text("All changes saved")).to_be_visible()
    page.keyboard.type(" and more.")
    second.click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.keyboard.press("Control+z")
    expect(second).to_have_value("Two.")
    expect(first).to_have_value("One. More and more.")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Text of segment 1 changed")).to_be_visible()
    expect(first).to_have_value("One.")
    expect(second).to_be_focused()
    comes_to(lambda: texts_of(project), ["One.", "Two."])
    page.keyboard.press("Control+Shift+z")
    expect(first).to_have_value("One. More and more.")


def test_undo_is_refused_with_the_reason_when_the_world_moved_on(
    page: Page, server: Server, story: Story, texts_of: Texts
) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    page.get_by_role("textbox", name="Narration of segment 1", exact=True).fill("Changed.")
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_text("All changes saved")).to_be_visible()
    first = server.client().call("GET", f"/api/segments/?project={project}")[1][0]["id"]
    server.client().call("PATCH", f"/api/segments/{first}/", {"is_locked": True})
    page.reload()
    expect(page.get_by_role("listitem", name="Segment 1, locked")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Cannot undo: segment 1 was locked since.")).to_be_visible()
    comes_to(lambda: texts_of(project), ["Changed.", "Two."])


def test_pictures_are_taken_back_one_by_one(page: Page, server: Server, story: Story, tmp_path: Path) -> None:
    """Each undo brings back the picture that stood there then, not merely the newest in the trash."""
    project = story("One.")
    page.goto(f"/projects/{project}")
    seen: list[str | None] = []

    def picture() -> str | None:
        return server.client().call("GET", f"/api/segments/?project={project}")[1][0]["image_file"]

    for name, words in (("a", "Picture added to segment 1"), ("b", "Picture replaced"), ("c", "Picture replaced")):
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(jpeg("teal", (320 + ord(name), 200)))
        page.get_by_label("Picture file for segment 1", exact=True).set_input_files(path)
        expect(page.get_by_text(words).first).to_be_visible()
        page.wait_for_function(
            "([project, name]) => fetch(`/api/segments/?project=${project}`).then(it => it.json())"
            ".then(([it]) => it.image_file?.includes(name))",
            arg=[project, f"_{name}"],
        )
        seen.append(picture())
    expect(page.get_by_text("Picture replaced")).to_have_count(2)
    page.get_by_role("heading", level=1).click()
    for wanted in (seen[1], seen[0], None):
        page.keyboard.press("Control+z")
        page.wait_for_function(
            "([project, wanted]) => fetch(`/api/segments/?project=${project}`).then(it => it.json())"
            ".then(([it]) => it.image_file === wanted)",
            arg=[project, wanted],
        )
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function(
        "([project, wanted]) => fetch(`/api/segments/?project=${project}`).then(it => it.json())"
        ".then(([it]) => it.image_file === wanted)",
        arg=[project, seen[0]],
    )


def test_what_was_deleted_comes_back_after_a_reload(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.", "Three.", "Four.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 2").focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.get_by_text("2 segments deleted")).to_be_visible()
    page.reload()
    expect(page.get_by_role("listitem", name="Segment 2")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Four."])
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: 2 segments deleted")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Two.", "Three.", "Four."])
