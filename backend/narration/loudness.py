"""Measure and level loudness by EBU R 128 (ITU-R BS.1770-4), with true peaks below a ceiling."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from narration.compact_sound import Samples

TARGET_LUFS = -16.0
CEILING = 10 ** (-1.0 / 20)  # -1 dBTP
SILENCE_LUFS = -70.0

_BLOCK_S, _STEP_S = 0.4, 0.1
_RELATIVE_GATE_LU = 10.0
_OFFSET = -0.691
_LOOK_AHEAD_S = 0.005
LIMITER_REACH_S = 4 * _LOOK_AHEAD_S
_OVERSAMPLING = 4
_FFT_LENGTH = 1 << 16
_REACH = 12  # samples on either side that an interpolated value depends on
_AT_ONCE = 1 << 17


def levelled(samples: np.ndarray, rate: int) -> np.ndarray:
    """Return mono float32 at ``TARGET_LUFS`` with true peaks of at most ``CEILING``; silence stays as it is."""
    loudness = integrated_loudness(samples, rate)
    if loudness <= SILENCE_LUFS:
        return samples
    levelled_samples = samples * gain_to_target(loudness)
    for _ in range(3):  # limiting lowers the loudness, so it is corrected again
        levelled_samples = _limited(levelled_samples, rate)
        loudness = integrated_loudness(levelled_samples, rate)
        if abs(loudness - TARGET_LUFS) < 0.05:
            break
        levelled_samples = levelled_samples * gain_to_target(loudness)
    return _limited(levelled_samples, rate).astype(np.float32)


def gain_to_target(loudness: float) -> float:
    return float(10 ** ((TARGET_LUFS - loudness) / 20))


def integrated_loudness(samples: Samples, rate: int) -> float:
    """Return the LUFS of mono ``samples``; ``SILENCE_LUFS`` if every block is below the absolute gate."""
    per_block, step = round(_BLOCK_S / _STEP_S), round(_STEP_S * rate)
    energies = _step_energies(samples, rate, step)
    if len(energies) < per_block:
        energies = np.pad(energies, (0, per_block - len(energies)))
    sums = np.concatenate([[0.0], np.cumsum(energies)])
    powers = (sums[per_block:] - sums[:-per_block]) / (per_block * step)
    loud = powers[_lufs(powers) > SILENCE_LUFS]
    if not len(loud):
        return SILENCE_LUFS
    gate = _lufs(np.array([loud.mean()]))[0] - _RELATIVE_GATE_LU
    return float(_lufs(np.array([loud[_lufs(loud) > gate].mean()]))[0])


def _lufs(powers: np.ndarray) -> np.ndarray:
    levels: np.ndarray = _OFFSET + 10 * np.log10(np.maximum(powers, 1e-12))
    return levels


def _step_energies(samples: Samples, rate: int, step: int) -> np.ndarray:
    """Return the K-weighted energy of each whole ``step`` of samples; of a sound shorter than a block, all of it."""
    energies: list[np.ndarray] = []
    kept = np.zeros(0, np.float64)
    for weighted in _k_weighted(samples, rate):
        kept = np.concatenate([kept, weighted.astype(np.float64) ** 2])
        edge = len(kept) // step * step
        energies.append(kept[:edge].reshape(-1, step).sum(axis=1))
        kept = kept[edge:]
    if len(samples) < round(_BLOCK_S * rate):
        energies.append(np.array([kept.sum()]))
    return np.concatenate(energies) if energies else np.zeros(0)


def _k_weighted(samples: Samples, rate: int) -> Iterator[np.ndarray]:
    """Apply BS.1770's two filters in the frequency domain, in bounded blocks with a margin for their ringing."""
    margin, response = rate // 8, _k_response(rate)
    step = _FFT_LENGTH - 2 * margin
    for start in range(0, len(samples), step):
        lead = min(start, margin)
        block = samples[start - lead : start + step].astype(np.float32)
        filtered = np.fft.irfft(np.fft.rfft(block, _FFT_LENGTH) * response, _FFT_LENGTH)
        yield filtered[lead : len(block)]


@lru_cache(maxsize=8)
def _k_response(rate: int) -> np.ndarray:
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(_FFT_LENGTH))
    response = np.ones(len(turn), complex)
    for b, a in (_shelf(rate), _high_pass(rate)):
        response *= np.polyval(b[::-1], turn) / np.polyval(a[::-1], turn)
    single: np.ndarray = response.astype(np.complex64)
    return single


def _shelf(rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients of the head filter, +4 dB above 1.68 kHz.

    The analogue values yield BS.1770's table at 48 kHz (De Man, 2014).
    """
    gain_db, quality, corner = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k = np.tan(np.pi * corner / rate)
    vh = 10 ** (gain_db / 20)
    vb = vh**0.4996667741545416
    a0 = 1 + k / quality + k * k
    b = np.array([vh + vb * k / quality + k * k, 2 * (k * k - vh), vh - vb * k / quality + k * k]) / a0
    return b, np.array([1, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0])


def _high_pass(rate: int) -> tuple[np.ndarray, np.ndarray]:
    quality, corner = 0.5003270373238773, 38.13547087602444
    k = np.tan(np.pi * corner / rate)
    a0 = 1 + k / quality + k * k
    return np.array([1.0, -2.0, 1.0]), np.array([1, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0])


def true_peak(samples: np.ndarray) -> float:
    """Return the largest magnitude, also between samples, as a converter would play it."""
    return float(_peaks(samples).max(initial=0.0))


def _peaks(samples: np.ndarray) -> np.ndarray:
    """Return the largest magnitude from each sample up to the next, at four times the rate (BS.1770-4, annex 2).

    Values between two samples are computed only if one of them exceeds half of the ceiling, or of a lower peak.
    """
    peaks: np.ndarray = np.abs(samples).astype(np.float32)
    matters = min(CEILING, float(peaks.max(initial=0.0)))
    is_loud = peaks > matters / 2
    is_loud[:-1] |= is_loud[1:]
    places = np.flatnonzero(is_loud)
    padded = np.pad(samples.astype(np.float32), _REACH)
    around = np.arange(1, 2 * _REACH + 1)
    for some in np.array_split(places, 1 + len(places) // _AT_ONCE):
        between = padded[some[:, None] + around] @ _interpolators()
        peaks[some] = np.maximum(peaks[some], np.abs(between).max(axis=1, initial=0.0))
    return peaks


@lru_cache(maxsize=1)
def _interpolators() -> np.ndarray:
    """Return windowed sincs, (2 * _REACH, _OVERSAMPLING - 1), for the values at a quarter, half and three quarters."""
    at = np.arange(1 - _REACH, _REACH + 1)[:, None] - np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    shape = np.sinc(at) * np.i0(6.0 * np.sqrt(np.maximum(0.0, 1 - (at / _REACH) ** 2))) / np.i0(6.0)
    taps: np.ndarray = (shape / shape.sum(axis=0)).astype(np.float32)
    return taps


def _limited(samples: np.ndarray, rate: int) -> np.ndarray:
    """Limit the samples to the ceiling, with gains that change smoothly and in advance."""
    held = held_down(samples, rate)
    if held is samples:
        return samples
    return held * min(1.0, CEILING / max(true_peak(held), 1e-9))


def held_down(samples: np.ndarray, rate: int) -> np.ndarray:
    """Attenuate the peaks; a little may remain above the ceiling.

    Each value depends on those up to ``LIMITER_REACH_S`` before and after it.
    """
    peaks = _peaks(samples)
    if peaks.max(initial=0.0) <= CEILING:
        return samples
    reach = max(1, round(_LOOK_AHEAD_S * rate))
    wanted = np.minimum(1.0, CEILING / np.maximum(peaks, CEILING))
    smooth = _moving_mean(_moving_mean(_moving_minimum(wanted, 2 * reach), reach), reach)
    held: np.ndarray = samples * np.minimum(smooth, wanted)
    return held


def _moving_minimum(values: np.ndarray, reach: int) -> np.ndarray:
    """Return the minimum of each value and its ``reach`` neighbours on either side, by doubling windows."""
    width, lowest = 1, np.pad(values, reach, mode="edge")
    while width < 2 * reach + 1:
        step = min(width, 2 * reach + 1 - width)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        width += step
    return lowest


def _moving_mean(values: np.ndarray, reach: int) -> np.ndarray:
    width = 2 * reach + 1
    sums = np.cumsum(np.pad(values, (reach + 1, reach), mode="edge"))
    means: np.ndarray = (sums[width:] - sums[:-width]) / width
    return means
