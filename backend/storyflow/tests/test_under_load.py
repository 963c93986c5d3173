"""Many clients at once on few segments, and a server killed under them: no 500, no lost picture, no stray byte.

``STORYFLOW_LOAD_OPERATIONS`` makes it longer than the short form that every test run has.
"""

from __future__ import annotations

import collections
import hashlib
import http.client
import os
import random
import threading
import time
from pathlib import Path

import pytest

from storyflow.tests.live import Server, a_project, jpeg, problems_on_disk, running

OPERATIONS = int(os.environ.get("STORYFLOW_LOAD_OPERATIONS", "800"))
CLIENTS = 16
KILLS = 6
PICTURE = jpeg()


class Load:
    """Clients that upload, remove and reorder, and one that only reads."""

    def __init__(self, server: Server, *, clients: int, operations: int) -> None:
        self.server = server
        self.project, self.segments = a_project(server.client())
        self.operations = iter(range(operations))
        self.lock = threading.Lock()
        self.statuses: collections.Counter[tuple[str, int]] = collections.Counter()
        self.acknowledged: set[str] = set()
        self.wrong_reads: list[str] = []
        self.sent: set[bytes] = set()
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(seed,), daemon=True) for seed in range(clients)]
        self.reader = threading.Thread(target=self.read, daemon=True)

    def run(self) -> None:
        for thread in (*self.threads, self.reader):
            thread.start()

    def finish(self) -> None:
        for thread in self.threads:
            thread.join(timeout=600)
        self.is_over.set()
        self.reader.join(timeout=60)

    def work(self, seed: int) -> None:
        chance = random.Random(seed)
        client = self.server.client()
        while True:
            with self.lock:
                number = next(self.operations, None)
            if number is None:
                return
            try:
                self.one(client, chance, number)
            except (OSError, http.client.HTTPException):
                # The server was killed under us; whatever was not answered may or may not have happened.
                time.sleep(0.05)
                client = self.server.client()

    def one(self, client: object, chance: random.Random, number: int) -> None:
        segment, kind = chance.choice(self.segments), chance.random()
        if kind < 0.45:
            # Bytes behind the end of a JPEG, kept here, let every upload be told from every other.
            content = PICTURE + f"#{number}".encode()
            with self.lock:
                self.sent.add(content)
            status, _ = client.upload(segment, chance.choice(["a.jpg", "b.jpg"]), content)  # type: ignore[attr-defined]
            if status == 200:
                with self.lock:
                    self.acknowledged.add(hashlib.sha256(content).hexdigest())
            self.count("upload", status)
        elif kind < 0.75:
            status, _ = client.call("DELETE", f"/api/segments/{segment}/remove-image/")  # type: ignore[attr-defined]
            self.count("remove", status)
        else:
            order = chance.sample(self.segments, len(self.segments))
            body = {"project_id": self.project, "segment_order": order}
            status, _ = client.call("POST", "/api/segments/reorder/", body)  # type: ignore[attr-defined]
            self.count("reorder", status)

    def count(self, act: str, status: int) -> None:
        with self.lock:
            self.statuses[act, status] += 1

    def read(self) -> None:
        """A picture's URL gives a picture that was sent, or 404 once it is gone; never anything else."""
        client = self.server.client()
        while not self.is_over.is_set():
            try:
                _, rows = client.call("GET", f"/api/segments/?project={self.project}")
                for url in [row["image_file"] for row in rows if row["image_file"]]:
                    status, content = client.call("GET", url)
                    if not (status == 404 or (status == 200 and content in self.sent)):
                        self.wrong_reads.append(f"{url}: {status}")
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                client = self.server.client()


def bytes_kept(data_dir: Path) -> set[str]:
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in data_dir.rglob("*.jpg") if path.is_file()}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_sixteen_clients_on_three_segments_lose_nothing(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_KEEP_METADATA="true") as server:
        load = Load(server, clients=CLIENTS, operations=OPERATIONS)
        begun = time.monotonic()
        load.run()
        load.finish()
        seconds = time.monotonic() - begun
        _, rows = server.client().call("GET", f"/api/segments/?project={load.project}")
        code, _, output = server.stop()
    print(f"{OPERATIONS} operations in {seconds:.0f} s: {dict(load.statuses)}")
    expected = {("upload", 200), ("remove", 200), ("remove", 400), ("reorder", 200)}
    assert set(load.statuses) <= expected, load.statuses
    assert sum(load.statuses.values()) == OPERATIONS
    assert load.wrong_reads == []
    assert sorted(row["sequence_index"] for row in rows) == [0, 1, 2]
    assert load.acknowledged - bytes_kept(tmp_path) == set()
    assert problems_on_disk(tmp_path) == []
    assert "missing from disk" not in output
    assert (code, "Traceback" in output) == (0, False), output


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_server_killed_under_load_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(7)
    with running(tmp_path, STORYFLOW_KEEP_METADATA="true") as server:
        load = Load(server, clients=4, operations=10**9)
        load.run()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.3, 1.2))
            server.kill()
            server.start()
        with load.lock:
            load.operations = iter(())
        load.finish()
        code, _, output = server.stop()
    assert load.statuses["upload", 200] > KILLS
    assert not [answer for answer in load.statuses if answer[1] >= 500], load.statuses
    assert load.wrong_reads == []
    assert load.acknowledged - bytes_kept(tmp_path) == set()
    assert problems_on_disk(tmp_path) == []
    assert (code, "Traceback" in output) == (0, False), output
