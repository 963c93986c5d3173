"""`make bench`: every benchmark, or those that are named, with the figures in a table and, if asked, a file."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from benchmarks import removal, rendering

BENCHMARKS: dict[str, Any] = {"removal": removal, "rendering": rendering}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="default: all")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each contender, in turn (default 5)")
    parser.add_argument("--requests", type=int, default=600, help="timed requests a round (default 600)")
    parser.add_argument("--folder", help="where the data folders are made; a disk, not memory (default: temporary)")
    parser.add_argument("--json", metavar="FILE", help="also write everything that was measured to this file")
    parser.add_argument("--long", action="store_true", help="also what takes minutes: a film of ten minutes")
    options = parser.parse_args()
    results: dict[str, Any] = {
        "machine": {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load_before": os.getloadavg(),
    }
    for name in options.names or BENCHMARKS:
        results[name] = BENCHMARKS[name].run(options)
        print(f"\n{name}: {BENCHMARKS[name].__doc__.splitlines()[0]}")
        print("\n".join(BENCHMARKS[name].lines(results[name])))
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
