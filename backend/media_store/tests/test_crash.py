"""A fault at any call that changes the disk, SQLite's own included, loses no file and leaves no file without a row.

`make torture` is the full form of these samples.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from proof.crash.acts import ACTS
from proof.crash.torture import faulted


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_killed_before_any_call_it_is_as_before_or_as_after(act: str, shim: Path) -> None:
    result = faulted(act, "kill", 1, shim)
    assert result["violations"] == []
    # Both ends were really met: killed early it had not happened, killed late it had.
    assert result["outcomes"]["before"] > 0
    assert result["outcomes"]["after"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("act", ["replace", "delete project", "restore segment", "delete item image", "purge image"])
def test_a_call_that_fails_leaves_it_as_before_or_as_after(act: str, shim: Path) -> None:
    result = faulted(act, "errno", 5, shim)
    assert result["violations"] == []
    assert result["points"] > 30


@pytest.mark.slow
def test_a_commit_that_cannot_be_synced_does_not_come_back_after_a_restart(shim: Path) -> None:
    """SQLite leaves the frames of such a commit in its log, where the next start finds and believes them."""
    result = faulted("upload", "errno", 1, shim)
    assert result["violations"] == []


@pytest.mark.slow
def test_killed_again_in_the_recovery_it_is_as_before_or_as_after(shim: Path) -> None:
    result = faulted("replace by the same name", "double", 25, shim)
    assert result["violations"] == []
    assert result["points"] > 15


@pytest.mark.slow
@pytest.mark.parametrize("act", ["replace", "restore project", "purge image", "delete item"])
def test_a_commit_that_nobody_saw_does_not_come_back_after_a_restart(act: str, shim: Path) -> None:
    """Killed inside the fsync of a commit, settled by a living process, then started again."""
    result = faulted(act, "ghost", 7, shim)
    assert result["violations"] == []
    assert result["outcomes"]["before"] > 0
    assert result["outcomes"]["changed by the settler"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("act", ["replace by the same name", "restore project"])
def test_a_power_cut_while_such_a_commit_is_settled_leaves_it_as_before_or_as_after(act: str, shim: Path) -> None:
    result = faulted(act, "ghost-power", 40, shim)
    assert result["violations"] == []
    assert result["points"] == 40
