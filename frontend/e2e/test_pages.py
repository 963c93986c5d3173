"""Every page: accessible in both themes, no wider than the screen, and light to load."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, jpeg

FRONTEND = Path(__file__).resolve().parents[1]
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(__file__).parent / "shots"
WIDTHS = (390, 1024, 1440)
MOST_BYTES = 250_000
MOST_FONT_BYTES = 75_000

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def furnished(server: Server) -> dict[str, str]:
    """A project with some of everything, an item, and something in the trash; the pages to look at."""
    client = server.client()
    texts = [f"The {word} came to Orrin Point." for word in ("ferry", "storm", "lamp", "gull")]
    segments = [{"text_content": text, "image_prompt": f"About {text}"} for text in texts]
    body = {"format": "json", "title": "The lamp at Orrin Point", "segments": segments}
    project = client.call("POST", "/api/projects/import/", body)[1]
    ids = [segment["id"] for segment in project["segments"]]
    for number, color in ((0, "teal"), (1, "orange"), (2, "gray")):
        client.upload(ids[number], f"{color}.jpg", jpeg(color, (640, 360)))
    client.call("DELETE", f"/api/segments/{ids[2]}/remove-image/")
    client.call("PATCH", f"/api/segments/{ids[1]}/", {"is_locked": True})
    client.call("POST", "/api/v1/items", {"name": "Lantern", "category": "Props"})
    return {
        "projects": "/",
        "import": "/?import=1",
        "timeline": f"/projects/{project['id']}",
        "video": f"/projects/{project['id']}/video",
        "library": "/library",
        "items": "/items",
        "trash": "/trash",
        "settings": "/settings",
        "not-found": "/novels",
    }


PAGES = ("projects", "import", "timeline", "video", "items", "trash", "settings", "not-found")


def settled(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("On this computer", exact=True).or_(page.get_by_role("dialog")).first).to_be_attached()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, theme: str, open_context: Open, furnished: dict[str, str]) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `make web` installs it.")
    page = open_context(color_scheme=theme, reduced_motion="reduce", bypass_csp=True).new_page()
    settled(page, furnished[name])
    assert found_by_axe(page) == []


def found_by_axe(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{it['impact']} {it['id']}: {it['help']} {[node['target'] for node in it['nodes']][:3]}"
        for it in found["violations"]
    ]


def revise(page: Page, furnished: dict[str, str]) -> None:
    settled(page, furnished["timeline"])
    page.get_by_role("button", name="More for this story").click()
    page.get_by_role("menuitem", name="Re-import a revised script…").click()
    script = page.get_by_role("textbox", name="Script")
    script.fill(
        "Text: The lamp came to Orrin Point.\n---\nText: The old ferry came to Orrin Point.\n---\nText: Years passed."
    )
    expect(page.get_by_text("1 changed, 1 new, 1 to Trash")).to_be_visible()


def restore_elsewhere(page: Page, furnished: dict[str, str]) -> None:
    settled(page, furnished["trash"])
    page.get_by_role("button", name="More for Picture of segment 3").click()
    page.get_by_role("menuitem", name="Restore to another segment…").click()
    page.get_by_role("radio", name=re.compile("The storm|The ferry")).first.wait_for()


def import_bundle(page: Page, furnished: dict[str, str]) -> None:
    settled(page, furnished["import"])
    file = {"name": "a-story.zip", "mimeType": "application/zip", "buffer": b"PK\3\4"}
    page.get_by_label("Story file").set_input_files(file)
    page.get_by_role("button", name="Import bundle").click()
    page.get_by_role("alert").wait_for()


DIALOGS = (revise, restore_elsewhere, import_bundle)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("opened", DIALOGS)
def test_axe_finds_nothing_in_a_dialog(
    opened: Callable[[Page, dict[str, str]], None], theme: str, open_context: Open, furnished: dict[str, str]
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `make web` installs it.")
    page = open_context(color_scheme=theme, reduced_motion="reduce", bypass_csp=True).new_page()
    opened(page, furnished)
    assert found_by_axe(page) == []


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("opened", DIALOGS)
def test_a_dialog_fits_a_phone(
    opened: Callable[[Page, dict[str, str]], None], width: int, open_context: Open, furnished: dict[str, str]
) -> None:
    page = open_context(viewport={"width": width, "height": 740}).new_page()
    opened(page, furnished)
    dialog = page.get_by_role("dialog")
    assert dialog.evaluate("it => it.scrollWidth - it.clientWidth") == 0
    assert dialog.evaluate("it => it.getBoundingClientRect().right") <= width


@pytest.mark.parametrize("width", [320, *WIDTHS])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways(name: str, width: int, open_context: Open, furnished: dict[str, str]) -> None:
    themes = ("light", "dark") if width in WIDTHS else ("light",)
    for theme in themes:
        page = open_context(viewport={"width": width, "height": 900}, color_scheme=theme).new_page()
        settled(page, furnished[name])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width in WIDTHS:
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}-{theme}-{width}.png")


def test_the_first_load_is_light(page: Page, server: Server, furnished: dict[str, str]) -> None:
    parts: list[str] = []
    page.on("response", lambda it: parts.append(it.url) if it.url.endswith((".js", ".css", ".woff2")) else None)
    settled(page, furnished["timeline"])
    sizes = {it: len(gzip.compress(server.client().call("GET", re.sub(r"^https?://[^/]+", "", it))[1])) for it in parts}
    assert {it.rpartition(".")[2] for it in sizes} == {"js", "css", "woff2"}
    fonts = sum(size for url, size in sizes.items() if url.endswith(".woff2"))
    assert sum(sizes.values()) - fonts < MOST_BYTES, sizes
    assert fonts < MOST_FONT_BYTES, sizes


def test_the_page_is_set_in_its_own_fonts_and_fetches_only_the_scripts_it_shows(
    page: Page, story: Callable[..., int]
) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if request.url.endswith(".woff2") else None)
    page.goto(f"/projects/{story('The ferry came.')}")
    expect(page.get_by_role("textbox", name="Narration of segment 1")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => undefined)")
    loaded = "[...document.fonts].filter(it => it.status === 'loaded').map(it => it.family.replaceAll('\"', ''))"
    assert set(page.evaluate(loaded)) == {"StoryFlow Sans", "StoryFlow Serif"}
    assert all("-latin-" in url and "-latin-ext-" not in url for url in fetched), fetched
    page.get_by_role("textbox", name="Narration of segment 1").fill("Паром пришёл.")
    page.wait_for_function("() => [...document.fonts].filter(it => it.status === 'loaded').length > 3")
    assert any("-cyrillic-" in url for url in fetched)


def test_a_person_without_a_mouse_gets_everywhere(page: Page, furnished: dict[str, str]) -> None:
    settled(page, furnished["timeline"])
    names: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''"))
    for wanted in ("Skip to content", "Settings", "Narrate all", "Segment 1", "Lock segment 1", "Render video"):
        assert wanted in names, f"{wanted} was not reached; reached were {names}"
