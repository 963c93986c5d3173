"""The examples of the items contract, sent with curl to a server process and compared exactly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storyflow.tests.live import Server, jpeg, running

A_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UNKNOWN = "550e8400-e29b-41d4-a716-446655440000"
FAILED = "Image deletion failed"
DRILL = {
    "name": "Cordless Drill",
    "description": "18V cordless drill with two batteries and charger",
    "category": "Power Tools",
}


def curl(server: Server, *arguments: str, path: str) -> tuple[int, str, Any]:
    """Send a request with curl. Returns (status, Content-Type, body)."""
    if not shutil.which("curl"):
        pytest.skip("needs curl, as the contract's example does")
    form = r"\n%{http_code} %{content_type}"
    url = f"http://localhost:{server.port}/api/v1/items{path}"
    process = subprocess.run(
        ["curl", "-sS", "-w", form, *arguments, url], capture_output=True, text=True, check=True, timeout=60
    )
    body, _, facts = process.stdout.rpartition("\n")
    status, _, content_type = facts.partition(" ")
    return int(status), content_type, json.loads(body)


def delete_image(server: Server, item_id: str) -> tuple[int, str, Any]:
    return curl(server, "-X", "DELETE", path=f"/{item_id}/image")


def a_drill_with_image(server: Server, tmp_path: Path) -> dict[str, Any]:
    photo = tmp_path / "drill.jpg"
    photo.write_bytes(jpeg())
    headers = ["-H", "Content-Type: application/json"]
    _, _, created = curl(server, "-X", "POST", *headers, "-d", json.dumps(DRILL), path="")
    status, _, uploaded = curl(server, "-F", f"image=@{photo}", path=f"/{created['data']['id']}/image")
    assert (status, uploaded["message"]) == (201, "Image uploaded successfully")
    item: dict[str, Any] = uploaded["data"]
    assert file_of(server, item).is_file()
    return item


def file_of(server: Server, item: dict[str, Any]) -> Path:
    return server.data_dir / item["imageUrl"].removeprefix("/")


def refused(code: str, sentence: str) -> dict[str, Any]:
    return {"data": None, "error": {"code": code, "message": sentence}, "message": FAILED}


@contextmanager
def a_folder_in_which_nothing_can_be_put(folder: Path) -> Iterator[None]:
    """Make deletion fail, also for root: a file temporarily replaces the folder."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_bytes(b"")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


def test_the_contracts_examples_are_answered_to_the_letter(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        item = a_drill_with_image(server, tmp_path)
        picture = file_of(server, item)

        assert delete_image(server, UNKNOWN) == (
            404,
            "application/json",
            refused("ITEM_NOT_FOUND", f"Item with ID {UNKNOWN} not found"),
        )

        with a_folder_in_which_nothing_can_be_put(tmp_path / "data" / "media" / ".sf" / "trash"):
            assert delete_image(server, item["id"]) == (
                500,
                "application/json",
                refused("FILE_DELETE_ERROR", "Failed to delete image file from disk"),
            )
        assert picture.read_bytes() == jpeg()
        assert curl(server, path=f"/{item['id']}")[2]["data"] == item

        status, content_type, body = delete_image(server, item["id"])
        assert (status, content_type) == (200, "application/json")
        assert A_TIME.fullmatch(body["data"]["updatedAt"])
        assert body["data"]["updatedAt"] > item["updatedAt"]
        assert body == {
            "data": {
                "id": item["id"],
                **DRILL,
                "status": "Available",
                "imageUrl": None,
                "createdAt": item["createdAt"],
                "updatedAt": body["data"]["updatedAt"],
            },
            "error": None,
            "message": "Image deleted successfully",
        }
        assert not picture.exists()

        assert delete_image(server, item["id"]) == (
            404,
            "application/json",
            refused("NO_IMAGE_FOUND", "Item does not have an image to delete"),
        )


def test_the_contracts_edge_cases_end_as_it_says(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        gone = a_drill_with_image(server, tmp_path)
        file_of(server, gone).unlink()
        status, _, body = delete_image(server, gone["id"])
        assert (status, body["data"]["imageUrl"], body["message"]) == (200, None, "Image deleted successfully")

        deleted = a_drill_with_image(server, tmp_path)
        curl(server, "-X", "DELETE", path=f"/{deleted['id']}")
        assert delete_image(server, deleted["id"])[2] == refused(
            "ITEM_NOT_FOUND", f"Item with ID {deleted['id']} not found"
        )
        _, _, output = server.stop()
    assert "missing from disk" in output
