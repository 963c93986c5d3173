"""Mix channels to mono. A channel with inverted polarity is inverted back, because it would cancel the others."""

from __future__ import annotations

import numpy as np

# The weight of each channel in the sum (ITU-R BS.775-3, annex 4); an effects channel has no speech.
_WEIGHTS = {"FL": 0.707, "FR": 0.707, "FC": 1.0, "LFE": 0.0, "LFE2": 0.0}
_WEIGHT_OF_OTHERS = 0.5

_STEP = 4_800  # samples in one correlation: 100 ms at 48 kHz
_MEMORY = 0.7  # the share of the previous step in the correlation
# Correlations below the first invert a channel, above the second restore it; between them nothing changes.
_OPPOSED, _ALIKE = -0.5, 0.2
_LOUDER = 4.0  # another channel becomes the reference if it has this many times the power


class Downmix:
    """A streaming downmix of planes of shape (channels, samples) to mono float32, up to one step late."""

    def __init__(self, channel_names: list[str]) -> None:
        count = len(channel_names)
        weights = np.array([_WEIGHTS.get(name, _WEIGHT_OF_OTHERS) for name in channel_names], np.float64)
        if not weights.any():
            weights = np.ones(count)
        self._weights = weights / weights.sum()
        self._kept = np.empty((count, 0), np.float32)
        self._products = np.zeros((count, count))
        self._signs: np.ndarray | None = None
        self._reference = 0

    def add(self, planes: np.ndarray) -> np.ndarray:
        if len(planes) == 1:
            alone: np.ndarray = planes[0]
            return alone
        whole = np.concatenate([self._kept, planes], axis=1)
        edge = whole.shape[1] // _STEP * _STEP
        self._kept = whole[:, edge:]
        steps = [self._mixed(whole[:, start : start + _STEP]) for start in range(0, edge, _STEP)]
        return np.concatenate(steps) if steps else np.zeros(0, np.float32)

    def rest(self) -> np.ndarray:
        last, self._kept = self._kept, self._kept[:, :0]
        return self._mixed(last) if last.shape[1] else np.zeros(0, np.float32)

    def _mixed(self, planes: np.ndarray) -> np.ndarray:
        before, after = self._signs, self._signs_now(planes)
        self._signs = after
        if before is None or (before == after).all():
            mixed: np.ndarray = (self._weights * after).astype(np.float32) @ planes
            return mixed
        across = np.linspace(0.0, 1.0, planes.shape[1])  # a change of polarity is faded in, because a step would click
        gains = self._weights[:, None] * (before[:, None] * (1 - across) + after[:, None] * across)
        faded: np.ndarray = (gains * planes).sum(axis=0).astype(np.float32)
        return faded

    def _signs_now(self, planes: np.ndarray) -> np.ndarray:
        """Return 1 or -1 for each channel: its recent polarity relative to the reference channel."""
        wide = planes.astype(np.float64)
        self._products = self._products * _MEMORY + wide @ wide.T
        signs = np.ones(len(planes)) if self._signs is None else self._signs.copy()
        powers = np.diag(self._products) * (self._weights > 0)
        loudest = int(powers.argmax())
        if powers[loudest] > powers[self._reference] * _LOUDER or self._signs is None:
            self._reference = loudest
        together = np.sqrt(powers * powers[self._reference])
        alike = np.divide(self._products[self._reference], together, out=np.zeros(len(planes)), where=together > 0)
        own = signs[self._reference]
        signs[alike < _OPPOSED] = -own
        signs[alike > _ALIKE] = own
        return signs
