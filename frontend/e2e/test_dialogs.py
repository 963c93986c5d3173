"""Every dialog of the timeline: accessible in both themes, and no wider than a small phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, jpeg

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(__file__).parent / "shots"
OF_CARDS = {
    "earlier": "Restore an earlier picture…",
    "framing": "Focus and motion…",
    "swap": "Swap picture with…",
    "move": "Move to…",
}
DIALOGS = (*OF_CARDS, "story-settings", "keys")

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def timeline(server: Server) -> str:
    client = server.client()
    segments = [{"text_content": f"Text {number}.", "image_prompt": "A lamp"} for number in range(3)]
    body = {"format": "json", "title": "The lamp", "segments": segments}
    project = client.call("POST", "/api/projects/import/", body)[1]
    for color in ("teal", "maroon", "olive"):
        client.upload(project["segments"][0]["id"], f"{color}.jpg", jpeg(color, (640, 360)))
    client.upload(project["segments"][1]["id"], "gray.jpg", jpeg("gray", (360, 640)))
    return f"/projects/{project['id']}"


def opened(page: Page, address: str, name: str) -> None:
    page.goto(address)
    expect(page.get_by_role("listitem", name="Segment 1", exact=True)).to_be_visible()
    if name in OF_CARDS:
        page.get_by_role("button", name="More for segment 1", exact=True).click()
        page.get_by_role("menuitem", name="Move" if name == "move" else "Picture", exact=True).click()
        page.get_by_role("menuitem", name=OF_CARDS[name]).click()
    elif name == "keys":
        page.get_by_role("listitem", name="Segment 1", exact=True).focus()
        page.keyboard.press("?")
    else:
        page.get_by_role("button", name="Settings of this story").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DIALOGS)
def test_axe_finds_nothing_in_a_dialog(name: str, theme: str, open_context: Open, timeline: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `make web` installs it.")
    page = open_context(color_scheme=theme, reduced_motion="reduce", bypass_csp=True).new_page()
    opened(page, timeline, name)
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [f"{it['id']}: {[node['target'] for node in it['nodes']][:3]}" for it in found["violations"]] == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"dialog-{name}-{theme}.png")


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_fits_a_phone(name: str, width: int, open_context: Open, timeline: str) -> None:
    page = open_context(viewport={"width": width, "height": 700}, has_touch=True).new_page()
    opened(page, timeline, name)
    dialog = page.get_by_role("dialog")
    box = dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 700
    wide = "it => [it, ...it.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth &&"
    wide += " getComputedStyle(e).overflowX === 'auto').map(e => e.className)"
    assert dialog.evaluate(wide) == []
    page.screenshot(path=SHOTS / f"dialog-{name}-{width}.png")
