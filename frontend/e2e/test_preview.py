"""The preview beside the timeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from storyflow.tests.live import Server


def test_a_picture_is_seen_before_it_is_known_how_it_is_framed(
    page: Page, server: Server, story: Callable[..., int], picture: Path
) -> None:
    project = story("One.")
    client = server.client()
    segment = client.call("GET", f"/api/segments/?project={project}")[1][0]["id"]
    assert client.upload(segment, "1.jpg", picture.read_bytes())[0] == 200
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/framing/", hold)
    page.goto(f"/projects/{project}")
    still = page.locator(".screen .still")
    expect(still).to_be_visible()
    assert still.evaluate("it => it.decode().then(() => it.naturalWidth > 0)")
    assert held
    for route in held:
        route.continue_()
    expect(still).to_have_count(0)
