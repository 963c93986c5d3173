"""The hourly maintenance of a running server."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from media_store import locks
from media_store.layout import current_layout
from media_store.tests.conftest import PLACE, a_segment_owning, an_operation, write
from storyflow import upkeep
from storyflow.upkeep import Upkeep

pytestmark = pytest.mark.django_db(transaction=True)


def test_after_a_death_in_a_busy_moment_it_comes_back_within_seconds(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT, settings.UPLOADS_ROOT = tmp_path / "media", tmp_path / "uploads"
    store = current_layout()
    store.ensure()
    monkeypatch.setattr(upkeep, "RETRY_S", 0.2)
    a_segment_owning(PLACE)
    write(store.trashed(an_operation(is_committed=False), PLACE))
    look = Upkeep()
    # Twice: a second death while somebody is changing pictures must not put it off for an hour.
    for _ in range(2):
        with locks.shared(store):
            look(has_exited=True)
        assert not store.live(PLACE).exists()
    time.sleep(0.25)
    look()
    assert store.live(PLACE).exists()
    # From then on only every hour.
    write(store.trashed(an_operation(is_committed=False), "media/projects/2/images/2_b.jpg"))
    time.sleep(0.25)
    look()
    assert not store.live("media/projects/2/images/2_b.jpg").exists()
