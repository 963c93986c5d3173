"""`make bench`: every benchmark, or those that are named, with the figures in a table and, if asked, in files."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import (
    chart,
    comparison,
    files,
    hundred_thousand,
    idle,
    reading,
    removal,
    rendering,
    stalled,
    videos,
    writing,
)

GROUPS: dict[str, Any] = {
    "reading": reading,
    "writing": writing,
    "files": files,
    "videos": videos,
    "stalled": stalled,
    "hundred_thousand": hundred_thousand,
    "idle": idle,
    "removal": removal,
    "rendering": rendering,
}


def main() -> None:
    options = _options()
    results: dict[str, Any] = {
        "machine": {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load_before": os.getloadavg(),
    }
    for name in options.groups or GROUPS:
        group = GROUPS[name]
        results[name] = getattr(group, "run", partial(comparison.run, group))(options)
        print(f"\n{name}: {group.__doc__.splitlines()[0]}")
        table = group.lines(results[name]) if hasattr(group, "lines") else comparison.lines(results[name]["figures"])
        print("\n".join(table), flush=True)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")
    if options.svg:
        figures = [figure for one in results.values() if "figures" in one for figure in one["figures"]]
        Path(options.svg).write_text(chart.svg(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"default: all of {', '.join(GROUPS)}")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each contender, in turn (default 5)")
    parser.add_argument("--requests", type=int, default=600, help="removals in a round (default 600)")
    parser.add_argument("--folder", help="where the data folders are made; a disk, not memory (default: temporary)")
    parser.add_argument("--json", metavar="FILE", help="also write everything that was measured to this file")
    parser.add_argument("--svg", metavar="FILE", help="also draw how many times faster StoryFlow is")
    parser.add_argument("--long", action="store_true", help="rendering: also a film of ten minutes")
    options = parser.parse_args()
    for name in options.groups:
        if name not in GROUPS:
            parser.error(f"there is no group {name}; there are {', '.join(GROUPS)}")
    return options


if __name__ == "__main__":
    main()
