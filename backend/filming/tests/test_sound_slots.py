from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.test import override_settings

from core.errors import Busy
from filming import sound_slots
from filming.sound_slots import MAX_DECODING, sound_slot
from media_store.layout import current_layout

HOLD = """
import fcntl, os, sys, time
for path in sys.argv[1:]:
    fcntl.flock(os.open(path, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def _folder(tmp_path: Path) -> object:
    with override_settings(MEDIA_ROOT=tmp_path / "media", UPLOADS_ROOT=tmp_path / "uploads"):
        yield


@pytest.mark.usefixtures("_folder")
def test_never_more_than_two_hold_a_slot_and_all_who_wait_get_one() -> None:
    inside, most, lock = [], [], threading.Lock()

    def work() -> None:
        with sound_slot():
            with lock:
                inside.append(1)
                most.append(len(inside))
            time.sleep(0.05)
            with lock:
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 6
    assert max(most) == MAX_DECODING


@pytest.mark.usefixtures("_folder")
def test_another_process_counts_and_a_killed_one_gives_its_slots_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with sound_slot():
        pass
    folder = current_layout().private
    paths = [str(folder / f"decode-{number}") for number in range(MAX_DECODING)]
    other = subprocess.Popen([sys.executable, "-c", HOLD, *paths], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        monkeypatch.setattr(sound_slots, "WAIT_S", 0.1)
        with pytest.raises(Busy), sound_slot():
            pass
    finally:
        os.kill(other.pid, signal.SIGKILL)
        other.communicate()
    with sound_slot():
        pass


@pytest.mark.usefixtures("_folder")
def test_when_too_many_wait_the_next_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_slots, "MAX_WAITING", 0)
    with ExitStack() as held:
        for _ in range(MAX_DECODING):
            held.enter_context(sound_slot())
        with pytest.raises(Busy) as refusal:
            held.enter_context(sound_slot())
    assert refusal.value.message == sound_slots.BUSY
