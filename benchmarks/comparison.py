"""Alternating rounds of StoryFlow and the reference, with their medians, ratios and a table.

A group is a module with ``FIGURES``, ``prepare(server)`` and ``measure(server, prepared)``, which returns a value for
each figure, or ``None`` if the contender gave no response.
"""

from __future__ import annotations

import statistics
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.servers import OURS, THREADS, WORKERS, Contender, contenders, running


@dataclass(frozen=True)
class Figure:
    """A measured figure; ``target`` is the least ratio to the reference, None for a figure without a target."""

    name: str
    unit: str
    target: float | None = None
    is_more_better: bool = False
    # A limit of StoryFlow's own value, independent of the reference.
    at_most: float | None = None


def participants() -> list[Contender]:
    """Return StoryFlow, and the reference on gunicorn workers, as it would be deployed."""
    return [contender for contender in contenders(THREADS) if contender.name in (OURS, WORKERS)]


def run(group: Any, options: Namespace) -> dict[str, Any]:
    """Measure the given number of rounds, at most ``MOST_ROUNDS`` of the group, with alternating order."""
    rounds: list[dict[str, dict[str, float | None]]] = []
    with tempfile.TemporaryDirectory(prefix="storyflow-bench-", dir=options.folder) as folder, ExitStack() as stack:
        servers = [
            stack.enter_context(running(contender, Path(folder, str(number))))
            for number, contender in enumerate(participants())
        ]
        prepared = {server.name: group.prepare(server) for server in servers}
        for number in range(min(options.rounds, getattr(group, "MOST_ROUNDS", options.rounds))):
            order = servers[number % 2 :] + servers[: number % 2]
            rounds.append({server.name: group.measure(server, prepared[server.name]) for server in order})
    return summary(group.FIGURES, rounds)


def summary(figures: Sequence[Figure], rounds: list[dict[str, dict[str, float | None]]]) -> dict[str, Any]:
    return {"rounds": rounds, "figures": [_figure(one, rounds) for one in figures]}


def _figure(figure: Figure, rounds: list[dict[str, dict[str, float | None]]]) -> dict[str, Any]:
    ours = [one[OURS][figure.name] for one in rounds]
    theirs = [one[WORKERS][figure.name] for one in rounds]
    above, below = (ours, theirs) if figure.is_more_better else (theirs, ours)
    ratios = [one / max(other, 0.001) for one, other in zip(above, below, strict=True) if one and other is not None]
    return {
        "name": figure.name,
        "unit": figure.unit,
        "storyflow": _median(ours),
        "reference": _median(theirs),
        "ratio": _median(ratios),
        "target": figure.target,
        "at_most": figure.at_most,
    }


def _median(values: list[Any]) -> float | None:
    answered = [value for value in values if value is not None]
    return round(statistics.median(answered), 2) if len(answered) == len(values) and values else None


def lines(figures: list[dict[str, Any]]) -> list[str]:
    """Format figures as the lines of a table."""
    rows = [f"{'':44} {'StoryFlow':>12} {'reference':>12} {'':4} {'times':>8}  target"]
    for one in figures:
        values = " ".join(f"{_number(one[who]):>12}" for who in ("storyflow", "reference"))
        rows.append(f"{one['name']:44} {values} {one['unit']:4} {_number(one['ratio']):>8}  {_verdict(one)}".rstrip())
    return rows


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 20 else f"{value:.2f}"


def _verdict(figure: dict[str, Any]) -> str:
    if figure["at_most"] is not None:
        is_met, target = figure["storyflow"] <= figure["at_most"], f"≤ {figure['at_most']:g} {figure['unit']}"
    elif figure["target"] is not None:
        is_met, target = (figure["ratio"] or 0) >= figure["target"], f"≥ {figure['target']:g}"
    else:
        return ""
    return target if is_met else f"{target}: missed"
