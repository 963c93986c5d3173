"""Files dropped on a story: anywhere on a card, anywhere on the page, one or many."""

from __future__ import annotations

import base64
import io
import struct
import wave
from collections.abc import Callable

from playwright.sync_api import Page, expect

from storyflow.tests.live import Server, comes_to, jpeg

Story = Callable[..., int]

# The browser's own files cannot be dragged in without a desktop; these events are what it makes of them.
DRAG = """([selector, files]) => {
  const transfer = new DataTransfer()
  for (const [name, type, data] of files)
    transfer.items.add(new File([Uint8Array.from(atob(data), it => it.charCodeAt(0))], name, {type}))
  const at = document.querySelector(selector)
  const caught = []
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer})
    at.dispatchEvent(event)
    caught.push(event.defaultPrevented)
  }
  return caught.slice(1)
}"""


def drop(page: Page, selector: str, *names: str, content: bytes | None = None, kind: str = "image/jpeg") -> None:
    data = base64.b64encode(jpeg("teal", (640, 360)) if content is None else content).decode()
    assert page.evaluate(DRAG, [selector, [[name, kind, data] for name in names]]) == [True, True]


def pictured(server: Server, project: int) -> list[bool]:
    _, segments = server.client().call("GET", f"/api/segments/?project={project}")
    return [bool(it["image_file"]) for it in segments]


def test_a_picture_dropped_on_the_words_of_a_card_is_its_picture(page: Page, server: Server, story: Story) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 2").wait_for()
    drop(page, "li.seg:nth-of-type(2) textarea", "harbour.jpg")
    expect(page.get_by_text("Picture added to segment 2", exact=True)).to_be_visible()
    comes_to(lambda: pictured(server, project), [False, True])


def test_many_pictures_dropped_on_the_page_are_one_notice_and_one_step(
    page: Page, server: Server, story: Story
) -> None:
    project = story(*(f"Text {number}." for number in range(1, 13)))
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 1", exact=True).wait_for()
    drop(page, "main", *(f"{number:02}.jpg" for number in range(1, 13)))
    page.get_by_role("dialog").get_by_role("button", name="Add 12 pictures").click()
    expect(page.get_by_text("12 pictures added", exact=True)).to_be_visible()
    expect(page.get_by_text("Picture added to segment")).to_have_count(0)
    comes_to(lambda: pictured(server, project), [True] * 12)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: 12 pictures added")).to_be_visible()
    comes_to(lambda: pictured(server, project), [False] * 12)
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("img", name="Picture of Text 1.")).to_be_attached()
    expect(page.get_by_role("button", name="Redo")).to_have_count(0)
    comes_to(lambda: pictured(server, project), [True] * 12)


def test_what_is_no_picture_is_caught_and_said(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.')}")
    page.get_by_role("listitem", name="Segment 1").wait_for()
    drop(page, "li.seg textarea", "budget.pdf", content=b"%PDF-", kind="application/pdf")
    expect(page.get_by_text("“budget.pdf” is neither a picture nor a recording.")).to_be_visible()


def test_a_script_dropped_on_a_story_is_shown_before_it_is_added(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story('One.')}")
    page.get_by_role("listitem", name="Segment 1").wait_for()
    drop(page, "main", "more.txt", content=b"Two.\n\nThree.", kind="text/plain")
    expect(page.get_by_role("button", name="Import 2 segments")).to_be_visible()


def test_no_page_lets_the_browser_open_a_dropped_file(page: Page) -> None:
    for address in ("/", "/trash", "/settings"):
        page.goto(address)
        page.locator("h1").wait_for()
        drop(page, "h1", "harbour.jpg")


def test_a_picture_dropped_on_projects_opens_no_import(page: Page) -> None:
    page.goto("/")
    page.locator("h1").wait_for()
    drop(page, "h1", "harbour.jpg")
    expect(page.get_by_text("That is a picture. Open a story to add it.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_recording_dropped_on_a_card_narrates_it(page: Page, server: Server, story: Story) -> None:
    project = story("One.", "Two.")
    page.goto(f"/projects/{project}")
    page.get_by_role("listitem", name="Segment 2").wait_for()
    drop(page, "li.seg:nth-of-type(2) .body", "me.wav", content=tone(), kind="audio/wav")
    expect(page.get_by_text("Your recording is the narration of segment 2", exact=True)).to_be_visible(timeout=30_000)
    _, segments = server.client().call("GET", f"/api/segments/?project={project}")
    assert [bool(it["audio_file"]) for it in segments] == [False, True]
    drop(page, "main", "me.wav", content=tone(), kind="audio/wav")
    expect(page.get_by_text("Drop a recording on the card that it narrates, one at a time.")).to_be_visible()


def tone() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", (n % 40) * 400 - 8000) for n in range(32_000)))
    return file.getvalue()
