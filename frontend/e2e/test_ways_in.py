"""Getting in where not everybody may: with the server's token, and with an account."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storyflow.tests.live import Server, running

TOKEN, PASSWORD = "a long random word", "three figs, one towel"
ENVIRONMENTS = {"token": {"STORYFLOW_TOKEN": TOKEN}, "account": {"STORYFLOW_ACCOUNTS": "true"}}


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Guarded in the way that the test is named for."""
    way = next(way for way in ENVIRONMENTS if way in request.node.name)
    with running(tmp_path / "d", **ENVIRONMENTS[way]) as started:
        yield started


def add_user(server: Server, name: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "cli.main", "user", "add", name, "--password-stdin"],
        input=f"{PASSWORD}\n",
        env={**os.environ, "STORYFLOW_DATA_DIR": str(server.data_dir)},
        text=True,
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_with_the_token_one_gets_to_the_page_that_one_wanted_and_stays_in(
    page: Page, open_context: Callable[..., BrowserContext]
) -> None:
    page.goto("/trash")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("not the token")
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash")
    page.get_by_role("link", name="Projects").first.click()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    stranger = open_context().new_page()
    stranger.goto("/")
    expect(stranger.get_by_label("Token")).to_be_visible()


def test_with_an_account_one_signs_in_stays_in_and_signs_out(page: Page, server: Server) -> None:
    add_user(server, "anna")
    page.goto("/")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    page.get_by_role("button", name="Sign out anna").click()
    expect(page.get_by_label("Password")).to_be_visible()
