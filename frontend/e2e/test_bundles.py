"""A story leaves as one file and comes back as a project."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from storyflow.tests.live import Server, comes_to, jpeg, running

Story = Callable[..., int]


@pytest.fixture
def illustrated(server: Server, story: Story) -> int:
    project = story("The ferry came.", "It left.", title="Orrin Point")
    for segment in server.client().call("GET", f"/api/segments/?project={project}")[1]:
        server.client().upload(segment["id"], "harbour.jpg", jpeg())
    server.client().call("PATCH", f"/api/projects/{project}/settings/", {"zoom": 1.5})
    return project


def exported(page: Page, open_menu: Callable[[], Any], path: Path) -> Path:
    open_menu()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export bundle…").click()
    assert download.value.suggested_filename == "Orrin_Point.zip"
    download.value.save_as(path)
    return path


def test_a_bundle_is_saved_from_the_story_and_imported_as_a_project(
    page: Page, server: Server, illustrated: int, tmp_path: Path
) -> None:
    page.goto(f"/projects/{illustrated}")
    bundle = exported(page, page.get_by_role("button", name="More for this story").click, tmp_path / "b.zip")
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("story.json"))["title"] == "Orrin Point"
    page.goto("/?import=1")
    page.get_by_label("Story file").set_input_files(bundle)
    dialog = page.get_by_role("dialog", name="Import a bundle")
    dialog.get_by_role("button", name="Import bundle").click()
    expect(page.get_by_text("“Orrin Point” imported")).to_be_visible()
    expect(page.get_by_role("img", name="Picture of It left.")).to_be_visible()
    made = int(page.url.rpartition("/")[2])
    assert made != illustrated
    client = server.client()
    comes_to(lambda: client.call("GET", f"/api/projects/{made}/settings/")[1]["own"], {"zoom": 1.5})


def test_it_is_exported_from_the_list_too(page: Page, illustrated: int, tmp_path: Path) -> None:
    page.goto("/")
    card = page.get_by_role("button", name="More for Orrin Point").first
    exported(page, card.click, tmp_path / "b.zip")


def test_a_damaged_bundle_is_refused_with_the_reason_and_there_is_a_way_back(
    page: Page, server: Server, tmp_path: Path
) -> None:
    bundle = tmp_path / "broken.zip"
    bundle.write_bytes(b"PK\3\4 and nothing more")
    before = server.client().call("GET", "/api/projects/")[1]
    page.goto("/?import=1")
    page.get_by_label("Story file").set_input_files(bundle)
    dialog = page.get_by_role("dialog", name="Import a bundle")
    dialog.get_by_role("button", name="Import bundle").click()
    expect(dialog.get_by_role("alert")).to_contain_text("it is no ZIP file")
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing was saved.")
    dialog.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog", name="Import a story")).to_be_visible()
    comes_to(lambda: server.client().call("GET", "/api/projects/")[1], before)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "empty") as started:
        yield started


def test_the_example_is_opened_from_an_empty_list(browser: Browser, empty: Server) -> None:
    context = browser.new_context(base_url=f"http://127.0.0.1:{empty.port}")
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Open the example").click()
    expect(page.get_by_role("heading", name="Half a Fig")).to_be_visible()
    expect(page.get_by_text("Ready to render")).to_be_visible()
    context.close()
