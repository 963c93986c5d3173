"""Idle: from the command to the first answer, and what all processes then hold in memory."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.comparison import Figure, participants, summary
from benchmarks.servers import running

FIGURES = (Figure("from start to first answer", "s"), Figure("memory when idle", "MB"))
MOST_ROUNDS = 3


def run(options: Namespace) -> dict[str, Any]:
    """Start every contender again in each round on the same data, so that only the first round creates the tables."""
    rounds: list[dict[str, dict[str, float | None]]] = []
    with TemporaryDirectory(prefix="storyflow-bench-", dir=options.folder) as folder:
        for _ in range(min(options.rounds, MOST_ROUNDS)):
            rounds.append({})
            for number, contender in enumerate(participants()):
                with running(contender, Path(folder, str(number))) as server:
                    figures = (server.started_in_s, server.memory_mb())
                    rounds[-1][server.name] = dict(zip((one.name for one in FIGURES), figures, strict=True))
    return summary(FIGURES, rounds)
