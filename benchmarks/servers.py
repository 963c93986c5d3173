"""The contenders: server processes on loopback, each with its own data folder."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_TIMEOUT_S = 60
# The default of `storyflow serve`.
THREADS = 16
OURS = "storyflow"
WORKERS = "reference, gunicorn with 2 workers"


@dataclass(frozen=True)
class Server:
    """A running contender; ``started_in_s`` is the time from the command to its first response."""

    name: str
    port: int
    pid: int
    data_dir: Path
    started_in_s: float

    @property
    def pids(self) -> list[int]:
        """The ids of the process and of all its descendants."""
        found = [self.pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def memory_mb(self) -> float:
        """Return the memory of all its processes in MB, shared pages counted once."""
        return round(sum(_kilobytes(pid, "smaps_rollup", "Pss") for pid in self.pids) / 1024, 1)

    def forget_peaks(self) -> None:
        for pid in self.pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """Return the peak memory in MB of any of its processes since ``forget_peaks``."""
        return round(max(_kilobytes(pid, "status", "VmHWM") for pid in self.pids) / 1024, 1)


def _kilobytes(pid: int, file: str, name: str) -> int:
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@dataclass(frozen=True)
class Contender:
    """A server to measure; ``command`` returns its command line for a port, ``prepare`` runs before it."""

    name: str
    command: Callable[[int], list[str]]
    data_dir_variable: str
    environment: dict[str, str] = field(default_factory=dict)
    prepare: list[str] = field(default_factory=list)


def contenders(threads: int) -> list[Contender]:
    """Return StoryFlow as `storyflow serve` starts it, and the reference on waitress and on gunicorn."""
    python = [sys.executable, "-m"]
    reference = "benchmarks.reference.wsgi"
    gunicorn = ["gunicorn", "--workers", "2", "--timeout", "120", "--log-level", "error", "--no-control-socket"]
    return [
        Contender(
            OURS,
            lambda port: [*python, "cli.main", "serve"],
            "STORYFLOW_DATA_DIR",
            {"STORYFLOW_EXAMPLE": "false", "STORYFLOW_THREADS": str(threads), "STORYFLOW_LOG_LEVEL": "WARNING"},
        ),
        Contender(
            f"reference, waitress with {threads} threads",
            lambda port: [*python, reference, str(port), str(threads)],
            "REFERENCE_DATA_DIR",
        ),
        Contender(
            WORKERS,
            lambda port: [*python, *gunicorn, "--bind", f"127.0.0.1:{port}", f"{reference}:application"],
            "REFERENCE_DATA_DIR",
            prepare=[*python, reference],
        ),
    ]


@contextmanager
def running(contender: Contender, folder: Path) -> Iterator[Server]:
    """Start a server, and stop it at the end. Raises ``RuntimeError`` with its log if it does not start."""
    port = _free_port()
    folder.mkdir(exist_ok=True)
    log = folder.with_suffix(".log")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'backend'}",
        "STORYFLOW_PORT": str(port),
        contender.data_dir_variable: str(folder),
        **contender.environment,
    }
    with log.open("w") as output:
        if contender.prepare:
            subprocess.run(contender.prepare, env=environment, stdout=output, stderr=output, check=True)
        begun = time.perf_counter()
        process = subprocess.Popen(contender.command(port), env=environment, stdout=output, stderr=output)
    try:
        _wait_for(port, process, log)
        yield Server(contender.name, port, process.pid, folder, round(time.perf_counter() - begun, 2))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"A server did not start: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
