"""The packages: imports go down only, and the docstring of each package states its purpose in one sentence."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[2]
EXEMPT = {"tests", "migrations"}
LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def packages() -> list[Path]:
    """Return the folders of all packages below backend, without tests and migrations."""
    return sorted(
        path.parent for path in BACKEND.rglob("__init__.py") if EXEMPT.isdisjoint(path.relative_to(BACKEND).parts)
    )


def test_imports_go_down_only() -> None:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    process = subprocess.run(command, cwd=BACKEND.parent, capture_output=True, text=True, timeout=120)
    assert process.returncode == 0, (
        f"{process.stdout}\n{process.stderr}\nTurn the import round: pass in what is needed."
    )
    assert "0 broken" in process.stdout


def test_every_room_is_held_by_the_layers() -> None:
    contracts = (BACKEND.parent / ".importlinter").read_text()
    _, _, layers = contracts.partition("layers =\n")
    listed = {name.strip() for line in layers.partition("\n#")[0].splitlines() for name in line.split("|")}
    assert {path.name for path in packages() if path.parent == BACKEND} == listed


@pytest.mark.parametrize("package", packages(), ids=lambda path: str(path.relative_to(BACKEND)))
def test_every_room_says_its_purpose_in_a_sentence(package: Path) -> None:
    purpose = ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    assert purpose, f"{package}/__init__.py needs a docstring: what is this package for?"
    assert purpose.splitlines()[0].endswith((".", "?")), f"{package}/__init__.py: one sentence, with its full stop"
