"""`make torture`: the whole proof of the store, with a table of its results.

``make help`` says how long it takes on two cores. The exit code is 1 after a violation, after a mutant of the protocol
that was not caught, or after a control that the power cuts did not find.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

from proof import BACKEND, environment
from proof.crash.mutants import CONTROLS, MUTANTS, Check, Mutant

HERE = Path(__file__).parent
# Every n-th point: a kill or an errno at every call; of the double faults and of the
# kills inside a commit, every third; of power cuts, so many an act.
FULL = {"kill": 1, "errno": 1, "double": 3, "power": 150, "ghost": 3, "ghost-power": 100}
TREES, TREES_AT_ONCE = 1200, 300
MACHINE = "150x25"
WORKERS = 2
WORDS = {
    "kill": "SIGKILL before a call",
    "errno": "a call fails",
    "double": "killed again in recovery",
    "power": "power cut",
    "ghost": "killed inside a commit, settled, restarted",
    "ghost-power": "the same, with a power cut",
    "steps": "an exception inside Django",
    "rivals": "somebody else at work",
    "trees": "hostile trees",
    "machine": "random histories",
}


def memory_folder() -> str | None:
    """Return a folder in memory, if there is one: no fault needs a real disk."""
    shared = Path("/dev/shm")
    if shared.is_dir() and os.access(shared, os.W_OK):
        status = os.statvfs(shared)
        if status.f_bavail * status.f_frsize > 1 << 30:
            return str(shared)
    return None


def build_shim(folder: Path) -> Path:
    """Compile the fault library. Raises ``CalledProcessError``, or ``FileNotFoundError`` without gcc."""
    library = folder / "fault_at_call.so"
    source = HERE / "fault_at_call.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True, timeout=60)
    return library


def faulted(
    act: str, fault: str, step: int, shim: Path, *, mutant: str | None = None, is_one_enough: bool = False
) -> dict[str, Any]:
    """Run one part of the proof and return its result. Raises ``RuntimeError`` if it could not run."""
    if fault == "trees":
        command, settings = ["trees", "--trees", act, "--seed", str(step)], {}
    elif fault == "machine":
        command, settings = ["machine", "--size", act, "--seed", str(step)], {}
    else:
        command, settings = ["driver", act, "--fault", fault, "--step", str(step)], {"LD_PRELOAD": str(shim)}
        command += ["--one"] if is_one_enough else []
    with tempfile.TemporaryDirectory(prefix="storyflow-torture-", dir=memory_folder()) as folder:
        process = subprocess.run(
            [sys.executable, "-m", f"proof.crash.{command[0]}", *command[1:]]
            + (["--mutant", mutant] if mutant else []),
            env=environment(**settings, STORYFLOW_DATA_DIR=f"{folder}/data"),
            cwd=BACKEND,
            capture_output=True,
            text=True,
            timeout=1800,
        )
    if process.returncode:
        raise RuntimeError(process.stderr[-3000:])
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return {"act": act, "fault": fault, **result}


def caught(name: str, mutant: Mutant, shim: Path, *, is_one_enough: bool = True) -> dict[str, Any]:
    """Return the check that catches the mutant. A mutant that keeps a check from running counts as caught."""
    tried = []
    for check in mutant.checks:
        tried.append(str(check))
        try:
            result = faulted(check.act, check.fault, check.step, shim, mutant=name, is_one_enough=name not in CONTROLS)
        except RuntimeError as exc:
            if "does not have this once any more" in str(exc):
                raise
            result = {"violations": [str(exc).strip().splitlines()[-1]], "points": 0}
        if result["violations"]:
            return {"mutant": name, "by": str(check), "violations": result["violations"], "points": result["points"]}
    return {"mutant": name, "by": None, "violations": [], "tried": tried}


def checks() -> Iterator[Check]:
    """The whole proof."""
    from proof.crash.acts import ACTS
    from proof.crash.api_client import REQUESTS
    from proof.crash.rivals import RIVALS

    yield from (Check(fault, act, step) for (fault, step), act in product(FULL.items(), ACTS))
    yield from (Check("steps", request) for request in REQUESTS)
    yield from (Check("rivals", rival) for rival in RIVALS)
    yield from (Check("trees", str(TREES_AT_ONCE), seed) for seed in range(TREES // TREES_AT_ONCE))
    yield from (Check("machine", MACHINE, seed) for seed in range(4))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=[*WORDS, "mutants"], action="append", help="only this part of the proof")
    only = parser.parse_args().only or [*WORDS, "mutants"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    import django

    with tempfile.TemporaryDirectory(prefix="storyflow-torture-") as folder:
        os.environ["STORYFLOW_DATA_DIR"] = folder
        django.setup()
        shim, begun = build_shim(Path(folder)), time.monotonic()
        parts = [check for check in checks() if check.fault in only]
        results = in_parallel(lambda check: faulted(check.act, check.fault, check.step, shim), parts, row)
        mutants = MUTANTS.items() if "mutants" in only else ()
        fates = in_parallel(lambda item: caught(*item, shim, is_one_enough=item[0] not in CONTROLS), mutants, fate)
    print_table(results, fates)
    print(f"in {time.monotonic() - begun:.0f} s")
    sys.exit(any(result["violations"] for result in results) or any(fate["by"] is None for fate in fates))


def in_parallel(
    job: Callable[[Any], dict[str, Any]], of: Iterable[Any], words: Callable[[dict[str, Any]], str]
) -> list[dict[str, Any]]:
    results = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for result in pool.map(job, of):
            results.append(result)
            print(words(result), flush=True)
    return results


def row(result: dict[str, Any]) -> str:
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(result["outcomes"].items()))
    line = f"{result['fault']:11} {result['act']:34} {result['points']:5} points: {outcomes}"
    return "\n".join([line, *(f"        VIOLATED {violation[:2000]}" for violation in result["violations"])])


def fate(result: dict[str, Any]) -> str:
    if result["by"] is None:
        return f"SURVIVED  {result['mutant']} (tried {', '.join(result['tried'])})"
    return f"caught    {result['mutant']} by {result['by']}: {len(result['violations'])} of {result['points']}"


def print_table(results: list[dict[str, Any]], fates: list[dict[str, Any]]) -> None:
    print(f"\n{'':42} {'acts':>5} {'points':>7} {'violations':>11}")
    for fault, words in WORDS.items():
        some = [result for result in results if result["fault"] == fault]
        if some:
            points, bad = sum(result["points"] for result in some), sum(len(result["violations"]) for result in some)
            print(f"{words:42} {len(some):5} {points:7} {bad:11}")
    for result in fates:
        if result["mutant"] in CONTROLS:
            found = f"{len(result['violations'])} violations" if result["by"] else "NONE: the harness is blind"
            print(f"control: {result['mutant']:25} must fail: {found}")
    others = [result for result in fates if result["mutant"] not in CONTROLS]
    if others:
        print(f"{'mutants of the protocol':42} {len(others):5} {sum(bool(result['by']) for result in others):7} caught")


if __name__ == "__main__":
    main()
