"""Removing pictures: twenty clients at once, each removal a durable change of row and file.

The contract's target is a 95th percentile below 500 ms at 50 a second; this project aims at ten times better.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from argparse import Namespace
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.clients import Request, post_json, send_all, upload
from benchmarks.figures import median_of, round_of
from benchmarks.servers import THREADS, contenders, running

CLIENTS = 20
UPLOADERS = 4
TARGET = {"p95_ms": 500, "per_second": 50}
OK = 200


def a_photo() -> bytes:
    """Return a JPEG of noise over a gradient, which takes about as long to decode as a photograph of its size."""
    size = (480, 320)
    noise = Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))
    content = BytesIO()
    Image.blend(Image.radial_gradient("L").resize(size), noise, 0.2).convert("RGB").save(content, "JPEG")
    return content.getvalue()


def run(options: Namespace) -> dict[str, Any]:
    """Measure rounds of all contenders alternately; each round begins with another contender."""
    participants = contenders(THREADS)
    rounds: dict[str, list[dict[str, Any]]] = {contender.name: [] for contender in participants}
    uploads: dict[str, list[dict[str, Any]]] = {contender.name: [] for contender in participants}
    with tempfile.TemporaryDirectory(prefix="storyflow-bench-", dir=options.folder) as folder, ExitStack() as stack:
        ports = {
            contender.name: stack.enter_context(running(contender, Path(folder, str(number)))).port
            for number, contender in enumerate(participants)
        }
        for number in range(options.rounds):
            turn = number % len(ports)
            for name in [*ports, *ports][turn : turn + len(ports)]:
                given, taken = _round(ports[name], options.requests)
                uploads[name].append(given)
                rounds[name].append(taken)
                print(f"round {number + 1}: {name}: {taken['per_second']}/s, p95 {taken['p95_ms']} ms", flush=True)
    return {
        "clients": CLIENTS,
        "target": TARGET,
        "rounds": rounds,
        "uploads": uploads,
        "median": {name: median_of(some) for name, some in rounds.items()},
        "ratios": _ratios(rounds),
    }


def _round(port: int, count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make a story with ``count`` pictures, then remove all of them. Returns the figures of uploads and removals."""
    texts = [{"text_content": f"Segment {number}"} for number in range(count)]
    project = post_json(port, "/api/projects/import/", {"format": "json", "title": "Bench", "segments": texts})
    segments = [segment["id"] for segment in project["segments"]]
    photo = a_photo()
    given = send_all(
        port, [upload(f"/api/segments/{one}/upload-image/", "photo.jpg", photo) for one in segments], clients=UPLOADERS
    )
    removals = [Request("DELETE", f"/api/segments/{one}/remove-image/") for one in segments]
    taken = send_all(port, removals, clients=CLIENTS)
    return round_of(given, OK), round_of(taken, OK)


def _ratios(rounds: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, float]]:
    """Return the medians of the ratios of each round; above 1 StoryFlow is better."""
    ours, *others = rounds
    return {
        other: {
            "p95": _median_ratio(rounds[other], rounds[ours], "p95_ms"),
            "per_second": _median_ratio(rounds[ours], rounds[other], "per_second"),
        }
        for other in others
    }


def _median_ratio(above: list[dict[str, Any]], below: list[dict[str, Any]], name: str) -> float:
    pairs = zip(above, below, strict=True)
    return round(statistics.median(one[name] / max(other[name], 0.001) for one, other in pairs), 2)


def lines(result: dict[str, Any]) -> list[str]:
    """Format the result as the lines of a table."""
    rows = [f"{'':38} {'p50':>9} {'p95':>9} {'p99':>9} {'per s':>8} {'failed':>7}"]
    for name, median in result["median"].items():
        times = " ".join(f"{median[figure]:>6.1f} ms" for figure in ("p50_ms", "p95_ms", "p99_ms"))
        rows.append(f"{name:38} {times} {median['per_second']:>8.1f} {median['failed']:>7}")
    rows.append(f"{'the target':38} {'':>9} {TARGET['p95_ms']:>6} ms {'':>9} {TARGET['per_second']:>8}")
    for name, ratio in result["ratios"].items():
        rows.append(f"against {name}: p95 {ratio['p95']} times shorter, throughput {ratio['per_second']} times")
    return rows
