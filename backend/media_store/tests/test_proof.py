"""Samples of the proof of the store; `make torture` is all of it. See docs/media-store.md for what each part holds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from proof.crash.mutants import CONTROLS, MUTANTS
from proof.crash.torture import caught, faulted

pytestmark = pytest.mark.slow
CAUGHT_QUICKLY = [
    "nothing is taken back",
    "a restore unlinks before it commits",
    "the row is not read again under the lock",
    "recovery works without the lock",
    "the survey unlinks",
]


@pytest.mark.parametrize(
    "act", ["replace by the same name", "swap", "delete project", "restore segment", "purge project"]
)
def test_a_power_cut_at_any_call_leaves_it_as_before_or_as_after(act: str, shim: Path) -> None:
    result = faulted(act, "power", 50, shim)
    assert result["violations"] == []
    assert result["points"] == 50
    # The disks after the answer are among them, and so are disks on which it never happened.
    assert result["outcomes"]["before"] > 0
    assert result["outcomes"]["after"] > 0


@pytest.mark.parametrize("control", CONTROLS)
def test_power_cuts_find_what_is_not_made_durable(control: str, shim: Path) -> None:
    assert caught(control, CONTROLS[control], shim)["by"] is not None


@pytest.mark.parametrize("request_name", ["replace", "swap", "delete project", "restore image", "delete item image"])
def test_an_exception_at_any_step_inside_django_leaves_nothing_half_done(request_name: str, shim: Path) -> None:
    result = faulted(request_name, "steps", 4, shim)
    assert result["violations"] == []
    assert result["points"] > 5


@pytest.mark.parametrize("rival", ["recovery during a replacement", "a lock during an upload"])
def test_somebody_else_at_work_in_the_middle_of_it_changes_nothing(rival: str, shim: Path) -> None:
    result = faulted(rival, "rivals", 1, shim)
    assert result["violations"] == []
    assert result["points"] > 1


def test_recovery_of_a_hostile_folder_loses_no_byte_and_no_row(shim: Path) -> None:
    result = faulted("150", "trees", 7, shim)
    assert result["violations"] == []
    # Neither did it refuse everything, nor take everything for its own.
    assert set(result["outcomes"]) == {"recovered", "refused"}


def test_random_histories_go_as_the_model_says(shim: Path) -> None:
    result = faulted("30x20", "machine", 1, shim)
    assert result["violations"] == []
    assert result["outcomes"]["kills"] > 5


@pytest.mark.parametrize("mutant", CAUGHT_QUICKLY)
def test_a_wrong_protocol_is_caught(mutant: str, shim: Path) -> None:
    assert caught(mutant, MUTANTS[mutant], shim)["by"] is not None


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_still_changes_the_source(mutant: str) -> None:
    for change in MUTANTS[mutant].changes:
        spec = importlib.util.find_spec(change.module)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin).read_text()
        assert source.count(change.old) == 1, change
        compile(source.replace(change.old, change.new), spec.origin, "exec")
