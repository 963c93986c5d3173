"""The proof of the media store: faults at every call, power cuts, mutants, full disks, hostile pictures.

`make torture` runs all of it; the tests in `backend/media_store/tests` run samples.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BACKEND = ROOT / "backend"


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a process that is started in ``BACKEND`` and imports this package."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **variables}
