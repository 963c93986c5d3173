"""One's own voice as a narration: from the microphone on the card, or as a sound file."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, comes_to

Story = Callable[..., int]


def tone(seconds: float = 2.0) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        count = int(seconds * 16_000)
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 9))) for n in range(count)))
    return file.getvalue()


def narrations(server: Server, project: int) -> list[float | None]:
    _, segments = server.client().call("GET", f"/api/segments/?project={project}")
    return [it["audio_duration"] if it["audio_file"] else None for it in segments]


def test_the_microphone_narrates_a_card_and_it_is_taken_back(page: Page, server: Server, story: Story) -> None:
    project = story("It was late.", "Nobody came.")
    page.goto(f"/projects/{project}")
    card = page.get_by_role("listitem", name="Segment 2")
    card.get_by_role("button", name="Record").click()
    stop = card.get_by_role("button", name="Stop and use")
    expect(stop).to_be_focused()
    expect(card.get_by_text("0:02", exact=True)).to_be_visible()
    assert page.locator(".level i").evaluate("it => new DOMMatrix(getComputedStyle(it).transform).a") > 0
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your recording is the narration of segment 2", exact=True)).to_be_visible(timeout=30_000)
    expect(card.get_by_role("button", name="Play narration of segment 2")).to_be_visible()
    (first, second) = narrations(server, project)
    assert first is None and second and second > 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Your recording is the narration of segment 2")).to_be_visible()
    comes_to(lambda: narrations(server, project), [None, None])
    page.get_by_role("button", name="Redo").click()
    expect(card.get_by_role("button", name="Play narration of segment 2")).to_be_visible()
    comes_to(lambda: narrations(server, project), [None, second])


def test_nothing_of_a_cancelled_recording_is_kept(page: Page, server: Server, story: Story) -> None:
    project = story("It was late.")
    page.goto(f"/projects/{project}")
    card = page.get_by_role("listitem", name="Segment 1")
    card.get_by_role("button", name="Record").click()
    expect(card.get_by_text("0:01", exact=True)).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    expect(card.get_by_role("button", name="Narrate", exact=True)).to_be_visible()
    comes_to(lambda: narrations(server, project), [None])


def test_a_refused_microphone_is_said(open_context: Callable[..., BrowserContext], story: Story) -> None:
    page = open_context().new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(f"/projects/{story('It was late.')}")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The browser may not use the microphone.")).to_be_visible()
    expect(page.get_by_role("button", name="Record")).to_be_visible()


def test_a_sound_file_is_the_narration_and_the_one_before_comes_back(page: Page, server: Server, story: Story) -> None:
    project = story("It was late.")
    page.goto(f"/projects/{project}")

    def use(content: bytes) -> None:
        page.get_by_role("button", name="More for segment 1", exact=True).click()
        page.get_by_role("menuitem", name="Narration").click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("menuitem", name="Use a sound file…").click()
        file: Any = {"name": "me.wav", "mimeType": "audio/wav", "buffer": content}
        chooser.value.set_files(file)

    use(tone(2))
    expect(page.get_by_text("Your recording is the narration of segment 1", exact=True)).to_be_visible(timeout=30_000)
    comes_to(lambda: narrations(server, project), [2.0])
    use(tone(3))
    expect(page.locator("li.seg .strip")).to_contain_text("0:03", timeout=30_000)
    comes_to(lambda: narrations(server, project), [3.0])
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: Your recording is the narration of segment 1")).to_be_visible()
    comes_to(lambda: narrations(server, project), [2.0])
    use(b"RIFF0000WAVEnothing")
    expect(page.get_by_text("The recording was not used")).to_be_visible(timeout=30_000)
    comes_to(lambda: narrations(server, project), [2.0])
