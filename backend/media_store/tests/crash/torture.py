"""`make torture`: every act faulted at every call, three ways, with the table of what came of it.

Bounded: about ten minutes on two cores. Exit code 1 when anything was violated.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BACKEND = HERE.parents[2]
# Every n-th point: a kill or an errno at every call; of the double faults, every third.
FULL = {"kill": 1, "errno": 1, "double": 3}
WORKERS = 2


def build_shim(folder: Path) -> Path:
    """Compile the library that faults. Raises ``CalledProcessError``, or ``FileNotFoundError`` without gcc."""
    library = folder / "fault_at_call.so"
    source = HERE / "fault_at_call.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True, timeout=60)
    return library


def faulted(act: str, fault: str, step: int, shim: Path) -> dict[str, Any]:
    """What the driver found; see there. Raises ``RuntimeError`` when it could not run."""
    with tempfile.TemporaryDirectory(prefix="storyflow-torture-") as folder:
        process = subprocess.run(
            [sys.executable, "-m", "media_store.tests.crash.driver", act, "--fault", fault, "--step", str(step)],
            env={**os.environ, "LD_PRELOAD": str(shim), "STORYFLOW_DATA_DIR": f"{folder}/data"},
            cwd=BACKEND,
            capture_output=True,
            text=True,
            timeout=1800,
        )
    if process.returncode:
        raise RuntimeError(process.stderr[-3000:])
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return result


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    import django

    with tempfile.TemporaryDirectory(prefix="storyflow-torture-") as folder:
        os.environ["STORYFLOW_DATA_DIR"] = folder
        django.setup()
        from media_store.tests.crash.acts import ACTS

        shim, begun, results = build_shim(Path(folder)), time.monotonic(), []
        with ThreadPoolExecutor(WORKERS) as pool:
            jobs = [pool.submit(faulted, act, fault, step, shim) for (fault, step), act in product(FULL.items(), ACTS)]
            for job in jobs:
                results.append(result := job.result())
                print(row(result), flush=True)
    print()
    for fault in FULL:
        some = [result for result in results if result["fault"] == fault]
        points, bad = sum(result["points"] for result in some), sum(len(result["violations"]) for result in some)
        print(f"{fault:7} {len(some):3} acts {points:6} points {bad:4} violations")
    print(f"in {time.monotonic() - begun:.0f} s")
    sys.exit(any(result["violations"] for result in results))


def row(result: dict[str, Any]) -> str:
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(result["outcomes"].items()))
    line = f"{result['fault']:7} {result['act']:28} {result['points']:5} points: {outcomes}"
    return "\n".join([line, *(f"        VIOLATED {violation}" for violation in result["violations"])])


if __name__ == "__main__":
    main()
