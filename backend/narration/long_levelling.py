"""Level a long sound in place, with additional memory for one block only; otherwise as ``loudness.levelled``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from narration.compact_sound import BLOCK, CompactSound
from narration.loudness import (
    CEILING,
    LIMITER_REACH_S,
    SILENCE_LUFS,
    TARGET_LUFS,
    gain_to_target,
    held_down,
    integrated_loudness,
    true_peak,
)

_PASSES = 4
_NEAR_ENOUGH_LU = 0.05
_EDGE = 32  # samples on either side that an interpolated peak depends on


def level(sound: CompactSound, loudness: float) -> None:
    """Bring ``sound``, whose integrated loudness is ``loudness`` (LUFS), to ``TARGET_LUFS`` in place.

    True peaks are at most ``CEILING`` afterwards. Silence stays as it is.
    """
    if loudness <= SILENCE_LUFS:
        return
    for _ in range(_PASSES):  # limiting lowers the loudness, so it is corrected again
        sound.scale(gain_to_target(loudness))
        sound.scale(min(1.0, CEILING / max(_hold_down(sound), 1e-9)))
        loudness = integrated_loudness(sound, sound.rate)
        if abs(loudness - TARGET_LUFS) < _NEAR_ENOUGH_LU:
            break


def _hold_down(sound: CompactSound) -> float:
    """Limit ``sound`` in place. Returns its remaining true peak."""
    peaks = [0.0]
    sound.replace(_limited_blocks(sound, peaks))
    return max(peaks)


def _limited_blocks(sound: CompactSound, peaks: list[float]) -> Iterator[np.ndarray]:
    margin = round(LIMITER_REACH_S * sound.rate) + _EDGE
    behind = np.zeros(0, np.float32)  # the previous samples, before this pass
    end = np.zeros(0, np.float32)  # the end of the previous block, after this pass
    for start in range(0, len(sound), BLOCK):
        ahead = sound[start : start + BLOCK + margin]
        length = min(BLOCK, len(sound) - start)
        held = held_down(np.concatenate([behind, ahead]), sound.rate)[len(behind) : len(behind) + length]
        peaks.append(true_peak(np.concatenate([end, held])))
        behind, end = ahead[max(0, length - margin) : length], held[-2 * _EDGE :]
        yield held
