"""`storyflow export`, and `storyflow import` of the bundle."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from cli.tests.terminal import Terminal


def test_a_project_goes_out_and_comes_in_on_another_machine(used: Terminal, fresh_data: Path, tmp_path: Path) -> None:
    terminal = Terminal(Path(shutil.copytree(fresh_data, tmp_path / "other")))
    bundle = tmp_path / "first.zip"

    out = used.run("export", "1", "-o", bundle, "--json")
    back = terminal.run("import", bundle)

    assert (out.code, out.errors) == (0, "")
    assert out.answer == {"project": 1, "file": str(bundle), "size_bytes": bundle.stat().st_size}
    assert (back.code, back.output) == (0, "Imported “First” as project 1: 2 segments.\n")
    texts = "SELECT sequence_index, text_content, image_prompt FROM api_segment WHERE project_id = 1 ORDER BY 1"
    assert [row[1:] for row in terminal.rows(texts)] == [row[1:] for row in used.rows(texts)]
    assert any(terminal.pictures())
    assert set(terminal.pictures()) <= set(used.pictures())


def test_another_title_can_be_given(used: Terminal, tmp_path: Path) -> None:
    used.run("export", "2", "-o", tmp_path / "b.zip")
    ran = used.run("import", tmp_path / "b.zip", "--title", "Again", "--json")
    assert ran.answer == {"project": 3, "title": "Again", "segments": 3, "left_out": {}}


def test_an_older_bundle_is_replaced_whole_and_nothing_stays_beside_it(used: Terminal, tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(b"older")
    assert used.run("export", "1", "-o", bundle).code == 0
    assert zipfile.ZipFile(bundle).testzip() is None
    assert set(tmp_path.iterdir()) == {bundle, used.data}


def test_what_cannot_be_done_is_said_and_nothing_is_written(used: Terminal, tmp_path: Path) -> None:
    unknown = used.run("export", "99", "-o", tmp_path / "b.zip")
    assert (unknown.code, unknown.errors) == (1, "storyflow: There is no such project.\n")
    named = used.run("export", "1", "-o", tmp_path / "b.tar")
    assert named.code == 1
    assert "ends in .zip" in named.errors
    assert list(tmp_path.iterdir()) == [used.data]


def test_a_zip_that_is_no_bundle_is_refused_and_nothing_is_imported(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(b"not a zip")
    ran = terminal.run("import", path)
    assert ran.code == 1
    assert "no ZIP file" in ran.errors
    assert terminal.run("import", path, "--images", tmp_path).code == 2
    assert terminal.projects() == []
