"""Data folders for the tests of the command. They are prepared once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.tests.terminal import Terminal, a_folder, a_story

# A removal has no command; it is done as the web does it.
REMOVAL = """
import django
django.setup()
from api.services import segment_images, segments
segment_images.remove_image(1, by="test")
segments.delete_segment(3, by="test")
segment_images.remove_image(4, by="test")
"""


@pytest.fixture(scope="session")
def fresh_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder after its first start, to be copied."""
    terminal = Terminal(tmp_path_factory.mktemp("fresh") / "data")
    assert terminal.run("doctor").code == 0
    return terminal.data


@pytest.fixture(scope="session")
def used_data(fresh_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with two stories of three segments.

    The trash has a picture and the last segment of one story, and a picture of the other.
    """
    folder = tmp_path_factory.mktemp("used")
    terminal = Terminal(Path(shutil.copytree(fresh_data, folder / "data")))
    story, pictures = a_story(folder), a_folder(folder, "1.jpg", "2.jpg", "3.jpg")
    for title in ("First", "Second"):
        assert terminal.run("import", story, "--images", pictures, "--title", title).code == 0
    terminal.python(REMOVAL)
    return terminal.data


@pytest.fixture
def terminal(fresh_data: Path, tmp_path: Path) -> Terminal:
    return Terminal(Path(shutil.copytree(fresh_data, tmp_path / "data")))


@pytest.fixture
def used(used_data: Path, tmp_path: Path) -> Terminal:
    return Terminal(Path(shutil.copytree(used_data, tmp_path / "data")))
