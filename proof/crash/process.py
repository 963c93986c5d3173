"""The start of every process of the proof: the store's source mutated if asked, Django set up, little to copy."""

from __future__ import annotations

import os

from proof.crash.mutants import MUTANTS
from proof.crash.mutation import mutate

# The reserved file is copied for every point; its usual size only costs time.
BALLAST_BYTES = 4096


def start(mutant: str | None) -> None:
    """Set Django up on the data folder of the environment, with the named mutant of the protocol."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "storyflow.settings"
    if mutant:
        mutate(MUTANTS[mutant].changes)
    import django

    django.setup()
    from media_store import ballast

    # Reading it first fails once the store keeps the size elsewhere; setting it alone would change nothing, unnoticed.
    assert ballast.BALLAST_BYTES > BALLAST_BYTES
    ballast.BALLAST_BYTES = BALLAST_BYTES
