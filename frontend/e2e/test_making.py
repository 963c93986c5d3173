"""From a pasted script to a finished video."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]
SCRIPT = "SEGMENT 1\nText: The ferry came.\nPrompt: A ferry\n---\nPrompt: no text here\n---\nText: It left."


def picture_of(page: Page, number: int):
    return page.get_by_label(f"Picture file for segment {number}", exact=True)


def test_a_script_is_previewed_mended_and_imported(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("button", name="Import a story").first).to_be_visible()  # keys are heard from then on
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="Import a story")
    dialog.get_by_label("Title").fill("Orrin Point")
    dialog.get_by_label("Story", exact=True).fill(SCRIPT)
    expect(dialog.get_by_text("Block 2 has no Text: line.")).to_be_visible()
    dialog.get_by_role("button", name="Import 2 segments").click()
    expect(dialog.get_by_text("One block needs a look first.").locator("visible=true")).to_be_visible()
    expect(dialog.get_by_label("Story", exact=True)).to_be_focused()
    dialog.get_by_label("Story", exact=True).fill(SCRIPT.replace("Prompt: no text here", "Text: It waited."))
    expect(dialog.get_by_text("Nothing is lost: 7 words in, 7 words in segments.")).to_be_visible()
    dialog.get_by_role("button", name="Import 3 segments").click()
    expect(page.get_by_role("heading", name="Orrin Point")).to_be_visible()
    expect(page.get_by_role("textbox", name="Narration of segment 2")).to_have_value("It waited.")


def test_a_closed_import_is_back_the_next_time(page: Page) -> None:
    page.goto("/?import=1")
    page.get_by_label("Story", exact=True).fill("Text: Unfinished.")
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("button", name="Import a story").first.click()
    expect(page.get_by_label("Story", exact=True)).to_have_value("Text: Unfinished.")
    expect(page.get_by_text("Your unfinished import is back.")).to_be_visible()


def test_a_picture_is_added_replaced_removed_and_brought_back(
    page: Page, server: Server, story: Story, picture: Path
) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")

    def image() -> str | None:
        return server.client().call("GET", f"/api/segments/?project={project}")[1][0]["image_file"]

    picture_of(page, 1).set_input_files(picture)
    expect(page.get_by_text("Picture added to segment 1")).to_be_visible()
    assert image()
    expect(page.get_by_role("img", name="Picture of One.")).to_be_visible()
    page.get_by_role("button", name="Remove the picture of segment 1").click()
    expect(page.get_by_text("Picture removed", exact=True)).to_be_visible()
    assert image() is None
    toast = page.get_by_role("listitem").filter(has_text=re.compile("^Picture removed"))
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Picture removed")).to_be_visible()
    assert image()


def test_what_is_no_picture_is_refused_with_the_reason_and_a_way_on(page: Page, story: Story, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(jpeg()[:200])
    page.goto(f"/projects/{story('One.')}")
    picture_of(page, 1).set_input_files(broken)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.get_by_role("button", name="Choose another")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Drop a picture.*segment 1"))).to_be_visible()


def test_many_pictures_are_matched_and_shown_before_they_are_applied(
    page: Page, server: Server, story: Story, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("3-c.jpg", "1-a.jpg", "02 b.jpg")]
    for file in files:
        file.write_bytes(jpeg())
    project = story("One.", "Two.", "Three.")
    page.goto(f"/projects/{project}")
    page.get_by_label("Picture files for the story").set_input_files(files)
    dialog = page.get_by_role("dialog", name="3 pictures, segments 1 to 3")
    expect(dialog.get_by_text("Matched by the numbers in their names.")).to_be_visible()
    dialog.get_by_role("button", name="Add 3 pictures").click()
    expect(page.get_by_text("3 pictures added")).to_be_visible()
    _, segments = server.client().call("GET", f"/api/segments/?project={project}")
    assert [Path(it["image_file"]).name.partition("_")[2][0] for it in segments] == ["1", "0", "3"]


def test_a_story_becomes_a_video_that_can_be_wound_and_downloaded(page: Page, story: Story, picture: Path) -> None:
    project = story("The ferry came.", "It left.", title="Orrin Point")
    page.goto(f"/projects/{project}")
    expect(page.get_by_text("2 segments have no picture and get title cards.")).to_be_visible()
    for number in (1, 2):
        picture_of(page, number).set_input_files(picture)
        expect(page.get_by_text(f"Picture added to segment {number}")).to_be_visible()
    expect(page.get_by_text("title card")).to_have_count(0)
    page.get_by_role("radio", name="1:1").click()
    expect(page.get_by_text("Ready to render")).to_be_visible()
    page.get_by_role("button", name="Render video").click()
    expect(page.get_by_role("progressbar", name="Rendering")).to_be_visible()
    expect(page.get_by_text("Your video is ready")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("slider", name="Position in the narration of segment 1")).to_be_visible()
    page.get_by_role("link", name="Watch").click()
    expect(page.get_by_role("heading", name="Your video is ready")).to_be_visible()
    video = page.locator("video")
    video.evaluate("it => new Promise(done => it.readyState ? done() : it.addEventListener('loadedmetadata', done))")
    assert video.evaluate("it => [it.videoWidth, it.videoHeight]") == [1080, 1080]
    seeked = (
        "it => new Promise(done => { it.addEventListener('seeked', () => done(it.currentTime)); it.currentTime = 2 })"
    )
    assert video.evaluate(seeked) == 2
    with page.expect_download() as download:
        page.get_by_role("link", name="Download video").click()
    assert download.value.suggested_filename == "Orrin Point.mp4"


def test_a_render_can_be_stopped_and_carried_on(page: Page, story: Story, picture: Path) -> None:
    words = "It was a long way home, and nobody had thought of bringing a lamp. " * 3
    project = story(words, words)
    page.goto(f"/projects/{project}")
    for number in (1, 2):
        picture_of(page, number).set_input_files(picture)
        expect(page.get_by_text(f"Picture added to segment {number}")).to_be_visible()
    page.get_by_role("button", name="Narrate all").click()
    expect(page.get_by_text("2 segments narrated")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Render video").click()
    expect(page.get_by_text("Drawing segment")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Rendering stopped")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Carry on")).to_be_visible()


def test_a_narration_plays_word_by_word_and_says_when_its_text_changed(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('The ferry came to the pier.')}")
    page.get_by_role("button", name="Narrate", exact=True).click()
    play = page.get_by_role("button", name="Play narration of segment 1")
    expect(play).to_be_visible(timeout=60_000)
    play.click()
    expect(page.locator(".narr mark")).to_be_visible()
    field = page.get_by_role("textbox", name="Narration of segment 1")
    field.fill("The ferry came late.")
    field.blur()
    expect(page.get_by_text("Text changed")).to_be_visible()
    page.get_by_role("button", name="Narrate again").click()
    expect(page.get_by_text("Text changed")).to_be_hidden(timeout=60_000)


def test_an_items_picture_is_used_in_a_segment(page: Page, server: Server, story: Story, picture: Path) -> None:
    project = story("One.")
    page.goto("/")
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Items").click()
    page.get_by_role("button", name="Add an item").first.click()
    page.get_by_label("Name").fill("Storm lantern")
    page.get_by_label("Category").fill("Props")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Picture file", exact=True).set_input_files(picture)
    expect(page.get_by_text("Picture added")).to_be_visible()
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More for segment 1").click()
    page.get_by_role("menuitem", name="Picture", exact=True).click()
    page.get_by_role("menuitem", name="Use a picture of the library…").click()
    page.get_by_role("link", name="Items").click()
    page.get_by_role("button", name="Use in segment 1").click()
    expect(page.get_by_text("Picture added to segment 1")).to_be_visible()
    comes_to(lambda: bool(server.client().call("GET", f"/api/segments/?project={project}")[1][0]["image_file"]), True)


def test_a_picture_of_another_story_is_found_used_and_taken_back(
    page: Page, server: Server, story: Story, picture: Path
) -> None:
    lender = story("The lighthouse keeper slept.", title="The keeper")
    client = server.client()
    segment = client.call("GET", f"/api/segments/?project={lender}")[1][0]["id"]
    client.upload(segment, "keeper.jpg", picture.read_bytes())
    project = story("One.", title="Another")
    page.goto(f"/projects/{project}")
    page.get_by_role("button", name="More for segment 1").click()
    page.get_by_role("menuitem", name="Picture", exact=True).click()
    page.get_by_role("menuitem", name="Use a picture of the library…").click()
    page.get_by_label("Find a picture").fill("lighthouse KEEPER")
    page.get_by_role("button", name="Use in segment 1: The keeper, segment 1").click()
    expect(page.get_by_text("Picture added to segment 1")).to_be_visible()
    comes_to(lambda: bool(client.call("GET", f"/api/segments/?project={project}")[1][0]["image_file"]), True)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Picture added to segment 1")).to_be_visible()
    comes_to(lambda: client.call("GET", f"/api/segments/?project={project}")[1][0]["image_file"], None)


def test_settings_are_saved_at_once_and_hold(page: Page, server: Server) -> None:
    page.goto("/settings")
    page.get_by_role("switch", name="Subtitles").click()
    expect(page.get_by_label("Saved")).to_be_visible()
    comes_to(lambda: server.client().call("GET", "/api/settings/")[1]["subtitles"], False)
    page.reload()
    expect(page.get_by_role("switch", name="Subtitles")).to_have_attribute("aria-checked", "false")
    page.get_by_role("switch", name="Subtitles").click()
    expect(page.get_by_label("Saved")).to_be_visible()


def test_a_deleted_project_comes_back_from_trash(page: Page, story: Story) -> None:
    story("One.", title="To be missed")
    page.goto("/")
    page.get_by_role("button", name="More for To be missed").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("“To be missed” moved to Trash")).to_be_visible()
    page.goto("/trash")
    page.get_by_role("button", name="Restore To be missed").click()
    expect(page.get_by_text("Project restored")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name="To be missed")).to_be_visible()
