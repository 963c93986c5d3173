"""Ten thousand mutated pictures: used or refused, in bounded memory, and a stored picture is always complete.

Every test run checks all of them directly and uploads some through the APIs. ``STORYFLOW_MUTATED_UPLOADS`` is the
number of uploads (10,000 by `make torture`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proof import BACKEND, environment

MUTATED, SHARES = 10_000, 4
UPLOADS = int(os.environ.get("STORYFLOW_MUTATED_UPLOADS", "300"))
PEAK_MIB = 400


def pounded(act: str, first: int, count: int, data_dir: Path) -> dict[str, Any]:
    process = subprocess.run(
        [sys.executable, "-m", "proof.corpus.pounding", act, str(first), str(count)],
        env=environment(STORYFLOW_DATA_DIR=str(data_dir), STORYFLOW_LOG_LEVEL="ERROR"),
        cwd=BACKEND,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    assert "Traceback" not in process.stderr, process.stderr[-3000:]
    return result


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_mutated_picture_is_refused_or_stored_whole(share: int, tmp_path: Path) -> None:
    count = MUTATED // SHARES
    result = pounded("check", share * count, count, tmp_path / "data")
    assert result["violations"] == []
    assert sum(result["outcomes"].values()) == count
    # Neither end is trivial: some are still pictures, most are not.
    assert min(result["outcomes"]["used"], result["outcomes"]["refused"]) > count // 20
    assert result["peak_mib"] < PEAK_MIB


@needs_proc
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_mutated_picture_sent_to_both_doors_is_used_or_refused_and_nothing_is_left(tmp_path: Path) -> None:
    result = pounded("apis", MUTATED, UPLOADS, tmp_path / "data")
    assert result["violations"] == []
    assert set(result["outcomes"]) == {"200", "201", "400"}
    assert sum(result["outcomes"].values()) == 2 * UPLOADS
    assert result["peak_mib"] < PEAK_MIB
