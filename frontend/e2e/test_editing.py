"""What is typed is never lost, and everything done can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from storyflow.tests.live import Server, comes_to

Story = Callable[..., int]
Texts = Callable[[int], list[str]]


def field(page: Page, number: int) -> Locator:
    return page.get_by_role("textbox", name=f"Narration of segment {number}", exact=True)


def saved(page: Page) -> None:
    expect(page.get_by_text("All changes saved")).to_be_visible()


def test_a_typed_text_saves_itself_and_is_there_after_a_reload(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    field(page, 1).fill("One, and more.")
    saved(page)
    comes_to(lambda: texts_of(project), ["One, and more.", "Two."])
    page.reload()
    expect(field(page, 1)).to_have_value("One, and more.")


def test_a_reload_in_the_middle_of_typing_loses_nothing(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    field(page, 2).click()
    page.keyboard.press("End")
    page.keyboard.type(" Not saved yet")
    page.reload()
    expect(field(page, 2)).to_have_value("Two. Not saved yet")
    saved(page)
    comes_to(lambda: texts_of(project)[1], "Two. Not saved yet")


def test_leaving_for_another_page_in_the_middle_of_typing_loses_nothing(
    page: Page, story: Story, texts_of: Texts
) -> None:
    project = story("One.")
    page.goto(f"/projects/{project}")
    field(page, 1).click()
    page.keyboard.press("End")
    page.keyboard.type(" Last words")
    page.get_by_role("link", name="Trash").first.click()
    expect(page.get_by_role("heading", name="Trash", exact=True)).to_be_visible()
    page.go_back()
    expect(field(page, 1)).to_have_value("One. Last words")
    saved(page)
    comes_to(lambda: texts_of(project), ["One. Last words"])


def test_the_server_may_go_away_in_the_middle_of_an_edit(
    page: Page, server: Server, story: Story, texts_of: Texts
) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    field(page, 1).click()
    page.keyboard.press("End")
    page.keyboard.type(" Before.")
    saved(page)
    server.kill()
    page.keyboard.type(" While it was gone.")
    expect(page.get_by_text("StoryFlow is not answering.").first).to_be_visible()
    page.keyboard.type(" And still typing.")
    server.start()
    expect(page.get_by_text("All changes saved")).to_be_visible(timeout=30_000)
    comes_to(lambda: texts_of(project)[0], "One. Before. While it was gone. And still typing.")
    expect(field(page, 1)).to_have_value("One. Before. While it was gone. And still typing.")


def test_a_blank_narration_is_put_back(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.")
    page.goto(f"/projects/{project}")
    field(page, 1).fill("")
    field(page, 1).blur()
    expect(page.get_by_text("Narration cannot be empty.")).to_be_visible()
    expect(field(page, 1)).to_have_value("One.")
    comes_to(lambda: texts_of(project), ["One."])


def test_two_tabs_see_each_other(open_context: Callable[..., BrowserContext], story: Story) -> None:
    project = story("One.", "Two.")
    context = open_context()
    mine, theirs = context.new_page(), context.new_page()
    for tab in (mine, theirs):
        tab.goto(f"/projects/{project}")
        expect(field(tab, 1)).to_be_visible()
    field(theirs, 1).fill("From the other tab.")
    saved(theirs)
    expect(field(mine, 1)).to_have_value("From the other tab.")


def test_a_conflict_is_shown_and_nobodys_words_are_overwritten(
    page: Page, server: Server, story: Story, texts_of: Texts
) -> None:
    project = story("One.")
    page.goto(f"/projects/{project}")
    expect(field(page, 1)).to_be_visible()
    segment = server.client().call("GET", f"/api/segments/?project={project}")[1][0]["id"]
    server.client().call("PATCH", f"/api/segments/{segment}/", {"text_content": "Theirs."})
    field(page, 1).fill("Mine.")
    expect(page.get_by_text("Segment 1 was changed in another tab.")).to_be_visible()
    comes_to(lambda: texts_of(project), ["Theirs."])
    expect(field(page, 1)).to_have_value("Mine.")
    page.get_by_role("button", name="See both").click()
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    comes_to(lambda: texts_of(project), ["Mine."])


def test_deleting_can_be_undone_and_redone(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.", "Three.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More for segment 2").click()
    page.get_by_role("menuitem", name="Delete segment").click()
    expect(page.get_by_text("Segment 2 deleted")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Three."])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Segment 2 deleted")).to_be_visible()
    expect(field(page, 3)).to_have_value("Three.")
    comes_to(lambda: texts_of(project), ["One.", "Two.", "Three."])
    page.get_by_role("button", name="Redo").click()
    expect(field(page, 2)).to_have_value("Three.")
    comes_to(lambda: texts_of(project), ["One.", "Three."])


def test_a_locked_segment_says_so_and_asks_before_it_is_deleted(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="Lock segment 1").click()
    expect(page.get_by_role("listitem", name="Segment 1, locked")).to_be_visible()
    field(page, 1).click()
    page.keyboard.type("x")
    expect(page.get_by_text("Segment 1 is locked.")).to_be_visible()
    page.get_by_role("button", name="More for segment 1").click()
    page.get_by_role("menuitem", name="Delete segment").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    comes_to(lambda: texts_of(project), ["One.", "Two."])


def test_the_keyboard_moves_selects_and_undoes(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.", "Three.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 1").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_text("Segment moved to 2")).to_be_visible()
    comes_to(lambda: texts_of(project), ["Two.", "One.", "Three."])
    expect(page.get_by_role("listitem", name="Segment 2")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Segment moved to 2")).to_be_visible()
    comes_to(lambda: texts_of(project), ["One.", "Two.", "Three."])
    page.keyboard.press("Control+a")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_a_segment_is_dragged_by_its_grip(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.", "Three.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 1").hover()
    target = page.get_by_role("listitem", name="Segment 3")
    box = target.bounding_box()
    assert box
    page.get_by_role("button", name="Move segment 1").drag_to(
        target, target_position={"x": 300, "y": box["height"] - 8}
    )
    expect(page.get_by_text("Segment moved to 3")).to_be_visible()
    comes_to(lambda: texts_of(project), ["Two.", "Three.", "One."])


def test_it_is_moved_to_a_number(page: Page, story: Story, texts_of: Texts) -> None:
    project = story("One.", "Two.", "Three.")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More for segment 3").click()
    page.get_by_role("menuitem", name="Move", exact=True).click()
    page.get_by_role("menuitem", name="Move to…").click()
    page.get_by_role("spinbutton", name="New number").fill("1")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("Segment moved to 1")).to_be_visible()
    comes_to(lambda: texts_of(project), ["Three.", "One.", "Two."])
