"""Every narration equally loud: programme loudness by EBU R 128 (ITU-R BS.1770-4), peaks kept below the ceiling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

TARGET_LUFS = -16.0
CEILING = 10 ** (-1.0 / 20)  # -1 dBTP
SILENCE_LUFS = -70.0

_STEP_S, _STEPS = 0.1, 4  # blocks of 0.4 s, each 0.1 s after the one before
_RELATIVE_GATE_LU = 10.0
_OFFSET = -0.691
_LOOK_AHEAD_S = 0.005
_OVERSAMPLING = 4
# Long sounds are worked on so many samples at a time: a transform of an hour at once takes many gigabytes.
_MARGIN = 1 << 12
_PIECE = (1 << 20) - 2 * _MARGIN


def levelled(samples: np.ndarray, rate: int) -> np.ndarray:
    """Mono float32 at ``TARGET_LUFS``, true peaks at most ``CEILING``; silence is left as it is."""
    loudness = integrated_loudness(samples, rate)
    if loudness <= SILENCE_LUFS:
        return samples
    levelled_samples = samples * _gain(loudness)
    for _ in range(3):  # holding peaks down costs loudness, which is given back
        levelled_samples = _limited(levelled_samples, rate)
        loudness = integrated_loudness(levelled_samples, rate)
        if abs(loudness - TARGET_LUFS) < 0.05:
            break
        levelled_samples = levelled_samples * _gain(loudness)
    return _limited(levelled_samples, rate).astype(np.float32)


def _gain(loudness: float) -> float:
    return float(10 ** ((TARGET_LUFS - loudness) / 20))


def integrated_loudness(samples: np.ndarray, rate: int) -> float:
    """LUFS of mono ``samples``; ``SILENCE_LUFS`` where every block is below the absolute gate."""
    step = round(_STEP_S * rate)
    energies = _energies(samples, rate, step)
    blocks = np.convolve(energies, np.ones(_STEPS), "valid" if len(energies) >= _STEPS else "full")
    powers = blocks / (_STEPS * step)
    loud = powers[_lufs(powers) > SILENCE_LUFS]
    if not len(loud):
        return SILENCE_LUFS
    gate = _lufs(np.array([loud.mean()]))[0] - _RELATIVE_GATE_LU
    return float(_lufs(np.array([loud[_lufs(loud) > gate].mean()]))[0])


def _energies(samples: np.ndarray, rate: int, step: int) -> np.ndarray:
    """The weighted energy of each whole ``step``; of a sound shorter than one block, of all there is."""
    piece = _PIECE // 2 // step * step  # with its lead and tail still a power of two
    sums = []
    for start in range(0, len(samples), piece):
        # What rang on from before is within this lead.
        lead = min(start, rate // 2)
        squares = _k_weighted(samples[start - lead : start + piece], rate)[lead:] ** 2
        if len(samples) < _STEPS * step:
            return np.array([squares.sum()])
        sums.append(squares[: len(squares) // step * step].reshape(-1, step).sum(axis=1))
    return np.concatenate(sums) if sums else np.zeros(1)


def _lufs(powers: np.ndarray) -> np.ndarray:
    levels: np.ndarray = _OFFSET + 10 * np.log10(np.maximum(powers, 1e-12))
    return levels


def _k_weighted(samples: np.ndarray, rate: int) -> np.ndarray:
    """BS.1770's two filters, applied in the frequency domain; the tail they ring for is padded, so nothing wraps."""
    length = _fast_length(len(samples) + rate // 2)
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(length))
    response = np.ones(len(turn), complex)
    for b, a in (_shelf(rate), _high_pass(rate)):
        response *= np.polyval(b[::-1], turn) / np.polyval(a[::-1], turn)
    filtered: np.ndarray = np.fft.irfft(np.fft.rfft(samples, length) * response, length)[: len(samples)]
    return filtered


def _shelf(rate: int) -> tuple[np.ndarray, np.ndarray]:
    """The head's effect: +4 dB above 1.68 kHz. Analogue values that give BS.1770's table at 48 kHz (De Man, 2014)."""
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
    """The largest value between samples too, as a converter would play it."""
    return max((float(_peaks(piece)[inner].max(initial=0.0)) for piece, inner in _pieces(samples)), default=0.0)


def _pieces(samples: np.ndarray) -> Iterator[tuple[np.ndarray, slice]]:
    """``samples`` in overlapping pieces, and which part of each is its own."""
    for start in range(0, len(samples), _PIECE):
        begin, end = max(0, start - _MARGIN), min(len(samples), start + _PIECE + _MARGIN)
        yield samples[begin:end], slice(start - begin, min(start + _PIECE, len(samples)) - begin)


def _peaks(samples: np.ndarray) -> np.ndarray:
    """For each sample the largest value up to the next one."""
    length = _fast_length(len(samples))
    finer = np.fft.irfft(np.fft.rfft(samples, length), length * _OVERSAMPLING) * _OVERSAMPLING
    peaks: np.ndarray = np.abs(finer[: len(samples) * _OVERSAMPLING]).reshape(-1, _OVERSAMPLING).max(axis=1)
    return peaks


def _fast_length(at_least: int) -> int:
    return 1 << max(1, at_least - 1).bit_length()


def _limited(samples: np.ndarray, rate: int) -> np.ndarray:
    """Turn down smoothly, a moment before, wherever a peak would pass the ceiling."""
    if true_peak(samples) <= CEILING:
        return samples
    reach = max(1, round(_LOOK_AHEAD_S * rate))
    held = np.concatenate([(piece * _gains(piece, reach))[inner] for piece, inner in _pieces(samples)])
    quieter: np.ndarray = held * min(1.0, CEILING / max(true_peak(held), 1e-9))
    return quieter


def _gains(samples: np.ndarray, reach: int) -> np.ndarray:
    """What each sample is multiplied with; it looks no further than four times ``reach`` around."""
    wanted = np.minimum(1.0, CEILING / np.maximum(_peaks(samples), CEILING))
    smooth = _moving_mean(_moving_mean(_moving_minimum(wanted, 2 * reach), reach), reach)
    gains: np.ndarray = np.minimum(smooth, wanted).astype(np.float32)
    return gains


def _moving_minimum(values: np.ndarray, reach: int) -> np.ndarray:
    """The least of each value's ``reach`` neighbours on either side, by windows that double."""
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
