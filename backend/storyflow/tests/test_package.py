"""The wheel contains all of StoryFlow and needs no checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from storyflow.tests.live import running

ROOT = Path(__file__).resolve().parents[3]
FOR_INSTALLING_THIS_FOLDER = ("hatchling", "editables")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with the installed wheel, without its dependencies."""
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.skip("The web client is not built; `make web` builds it.")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheels"))
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(tmp_path / "there"), str(wheel))
    return tmp_path / "there"


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, timeout=120)


def test_the_wheel_serves_the_web_client_and_brings_the_example(installed: Path, tmp_path: Path) -> None:
    with (installed / "storyflow" / "web" / "index.html").open("a") as page_there:
        page_there.write("<!-- not this folder's -->")
    with running(tmp_path / "data", PYTHONPATH=str(installed), STORYFLOW_EXAMPLE="true") as server:
        page = server.client().call("GET", "/")[1].decode()
        script = re.search(r'src="(/assets/[^"]+\.js)"', page)
        assert script is not None
        assert "not this folder's" in page
        assert server.client().call("GET", script[1])[0] == 200
        _, projects = server.client().call("GET", "/api/projects/")
    assert [(project["title"], project["picture_count"]) for project in projects] == [("Half a Fig", 7)]


def test_the_wheel_has_no_tests_and_all_else(installed: Path) -> None:
    names = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert [name for name in names if "/tests/" in name] == []
    assert {"storyflow/web/index.html", "storyflow/examples/half-a-fig/story.txt", "cli/main.py"} <= names


def test_what_a_wheel_demands_is_what_the_pinned_set_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "requirements" / "runtime.in").read_text().splitlines()
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    assert project["dependencies"] == [line for line in wanted if not line.startswith(FOR_INSTALLING_THIS_FOLDER)]
