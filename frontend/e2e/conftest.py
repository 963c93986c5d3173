"""A real Chromium against the real server; each test has a project of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from storyflow.tests.live import Server, jpeg, running

FRONTEND = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    # A microphone that beeps, allowed without a question.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here; install Debian's package chromium.")
    if not (FRONTEND / "dist" / "index.html").is_file():
        pytest.skip("The web client is not built; `make web` builds it.")
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("data") / "d", STORYFLOW_WORKERS="1") as started:
        yield started


@pytest.fixture
def open_context(browser: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """A window of its own; what goes wrong in its pages, and any request to another host, fails the test."""
    opened: list[BrowserContext] = []
    problems: list[str] = []
    base = f"http://127.0.0.1:{server.port}"

    def note_request(url: str) -> None:
        if not url.startswith((base, "blob:", "data:")):
            problems.append(f"asked another host: {url}")

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=base, **({"viewport": {"width": 1440, "height": 900}} | options))
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        context.on("request", lambda request: note_request(request.url))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context().new_page()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "1-harbour.jpg"
    path.write_bytes(jpeg("teal", (640, 360)))
    return path


@pytest.fixture
def story(server: Server) -> Callable[..., int]:
    """Make a project of these texts; returns its id."""

    def make(*texts: str, title: str = "The lamp") -> int:
        segments = [{"text_content": text, "image_prompt": f"Picture of {text}"} for text in texts]
        body = {"format": "json", "title": title, "segments": segments}
        status, project = server.client().call("POST", "/api/projects/import/", body)
        assert status == 201, project
        return int(project["id"])

    return make


@pytest.fixture
def texts_of(server: Server) -> Callable[[int], list[str]]:
    def read(project: int) -> list[str]:
        _, segments = server.client().call("GET", f"/api/segments/?project={project}")
        return [segment["text_content"] for segment in segments]

    return read
