"""A process killed before every single call that changes the disk leaves nothing lost, nothing stray."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from media_store.tests.crash.acts import ACTS

HERE = Path(__file__).parent / "crash"


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("gcc"):
        pytest.skip("needs gcc to build the shim that kills")
    library = tmp_path_factory.mktemp("shim") / "kill_at_call.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "kill_at_call.c", "-ldl"], check=True, timeout=60
    )
    return library


@pytest.mark.parametrize("act", ACTS)
def test_killed_before_any_call_it_is_as_before_or_as_after(act: str, shim: Path, tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "media_store.tests.crash.driver", act],
        env={**os.environ, "LD_PRELOAD": str(shim), "STORYFLOW_DATA_DIR": str(tmp_path / "data")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    result = json.loads(process.stdout.splitlines()[-1])
    assert result["violations"] == []
    # Both ends were really met: killed early it had not happened, killed late it had.
    assert min(result["outcomes"].values()) > 0, result["outcomes"]
