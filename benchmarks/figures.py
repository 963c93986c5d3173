"""The figures of a round, and the medians of several rounds."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.clients import Outcome


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * round(share * 1000) // 1000))
    return ordered[rank - 1]


def round_of(outcomes: Sequence[Outcome], expected_status: int) -> dict[str, Any]:
    """Return the latency of all requests, with failed ones, and the throughput of those with the expected status."""
    begun = min(outcome.begun_s for outcome in outcomes)
    ends = [outcome.begun_s + outcome.seconds - begun for outcome in outcomes if outcome.status == expected_status]
    elapsed = max(outcome.begun_s + outcome.seconds for outcome in outcomes) - begun
    latencies = [outcome.seconds * 1000 for outcome in outcomes]
    each_second = Counter(int(end) for end in ends)
    return {
        "requests": len(outcomes),
        "failed": len(outcomes) - len(ends),
        "seconds": round(elapsed, 3),
        "per_second": round(len(ends) / elapsed, 1),
        "each_second": [each_second[second] for second in range(int(elapsed) + 1)],
        **{f"p{share * 100:.0f}_ms": round(percentile(latencies, share), 2) for share in (0.5, 0.95, 0.99)},
    }


def median_of(rounds: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the median of each figure; failures are summed."""
    names = ("p50_ms", "p95_ms", "p99_ms", "per_second")
    medians = {name: round(statistics.median(one[name] for one in rounds), 2) for name in names}
    return {**medians, "failed": sum(one["failed"] for one in rounds)}
