"""A memory-saving container for long mono sounds: two bytes per sample, read and changed in slices.

Each block of 65,536 samples has 16-bit numbers and its own factor, so that a quiet recording keeps its detail.
30 minutes at 48 kHz take 173 MB where float32 would take 346 MB, and digital silence takes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

BLOCK = 1 << 16
_FULL = 32_767


class CompactSound:
    """A mono sound that is built with ``add`` and sliced like a float32 array (``sound[start:stop]``, no steps)."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._blocks: list[tuple[np.ndarray | None, float]] = []
        self._last = np.empty(BLOCK, np.float32)
        self._last_length = 0

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK + self._last_length

    def add(self, samples: np.ndarray) -> None:
        """Append mono float32 ``samples``."""
        while len(samples):
            count = min(len(samples), BLOCK - self._last_length)
            self._last[self._last_length : self._last_length + count] = samples[:count]
            self._last_length += count
            samples = samples[count:]
            if self._last_length == BLOCK:
                self._blocks.append(_packed(self._last))
                self._last_length = 0

    def __getitem__(self, place: slice) -> np.ndarray:
        start, stop, step = place.indices(len(self))
        if step != 1:
            raise ValueError("A compact sound is read without gaps.")
        found = np.empty(max(0, stop - start), np.float32)
        at = start
        while at < stop:
            number, inside = divmod(at, BLOCK)
            count = min(BLOCK - inside, stop - at)
            found[at - start : at - start + count] = self._stretch(number, inside, inside + count)
            at += count
        return found

    def _stretch(self, number: int, start: int, stop: int) -> np.ndarray | float:
        if number == len(self._blocks):
            return self._last[start:stop]
        whole, factor = self._blocks[number]
        return 0.0 if whole is None else whole[start:stop] * np.float32(factor)

    def replace(self, stretches: Iterator[np.ndarray]) -> None:
        """Replace the sound by ``stretches``: one array for each block, of that block's length, in order.

        A block is stored before the next one is requested, so ``stretches`` may read later blocks of this sound.
        """
        for number, stretch in enumerate(stretches):
            if number < len(self._blocks):
                self._blocks[number] = _packed(stretch)
            else:
                self._last[: self._last_length] = stretch

    def scale(self, factor: float) -> None:
        self._blocks = [(whole, own * factor) for whole, own in self._blocks]
        self._last[: self._last_length] *= np.float32(factor)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self[:].astype(dtype or np.float32, copy=False)


Samples = np.ndarray | CompactSound


def _packed(samples: np.ndarray) -> tuple[np.ndarray | None, float]:
    """Return 16-bit numbers and the factor that converts them to samples; None and 0 for digital silence."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak == 0.0:
        return None, 0.0
    return np.rint(samples * (_FULL / peak)).astype(np.int16), peak / _FULL
