from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from narration import loudness
from narration.loudness import CEILING, SILENCE_LUFS, TARGET_LUFS, integrated_loudness, levelled, true_peak


def tone(hertz: float, amplitude: float, seconds: float, rate: int) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [24_000, 44_100, 48_000])
def test_a_kilohertz_at_minus_twenty_three_reads_minus_twenty_three(rate: int) -> None:
    """EBU Tech 3341, case 1, for one channel: 1 kHz at -20 dBFS peak is -23.0 LUFS within 0.1."""
    assert integrated_loudness(tone(1000, 10 ** (-20 / 20), 20, rate), rate) == pytest.approx(-23.0, abs=0.1)


def test_quiet_stretches_do_not_count() -> None:
    loud, quiet = tone(1000, 0.1, 10, 48_000), tone(1000, 0.001, 20, 48_000)
    both = integrated_loudness(np.concatenate([loud, quiet]), 48_000)
    assert both == pytest.approx(integrated_loudness(loud, 48_000), abs=0.15)


@pytest.mark.parametrize("amplitude", [0.02, 0.1, 0.99])
def test_speech_like_sound_comes_out_at_the_target_below_the_ceiling(amplitude: float) -> None:
    noise = np.random.default_rng(1).standard_normal(24_000 * 6)
    syllables = noise * np.abs(np.sin(np.arange(len(noise)) / 2400)) ** 6
    samples = (amplitude * syllables / np.abs(syllables).max()).astype(np.float32)
    out = levelled(samples, 24_000)
    assert integrated_loudness(out, 24_000) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert true_peak(out) <= CEILING + 1e-3


def test_silence_stays_silence() -> None:
    silence = np.zeros(24_000, np.float32)
    assert integrated_loudness(silence, 24_000) == SILENCE_LUFS
    assert not levelled(silence, 24_000).any()


def test_a_sound_shorter_than_a_block_is_measured_and_kept_whole() -> None:
    short = tone(500, 0.1, 0.05, 24_000)
    assert len(levelled(short, 24_000)) == len(short)


def test_where_the_stretches_are_cut_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = (np.random.default_rng(2).standard_normal(24_000 * 9) * 0.05).astype(np.float32)
    whole = integrated_loudness(noise, 24_000)
    monkeypatch.setattr(loudness, "_FFT_LENGTH", 1 << 14)
    loudness._k_response.cache_clear()
    assert integrated_loudness(noise, 24_000) == pytest.approx(whole, abs=0.001)
    loudness._k_response.cache_clear()


def test_a_peak_between_two_samples_is_seen() -> None:
    between = np.sin(2 * np.pi * 0.25 * np.arange(64) + np.pi / 4).astype(np.float32)
    assert np.abs(between).max() < 0.71
    assert true_peak(between) > 0.95


def test_a_long_sound_is_worked_on_in_pieces_with_the_same_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(2).standard_normal(24_000 * 20)
    syllables = (noise * np.abs(np.sin(np.arange(len(noise)) / 2400)) ** 6 / 5).astype(np.float32)
    loudness, peak, whole = integrated_loudness(syllables, 24_000), true_peak(syllables), levelled(syllables, 24_000)
    monkeypatch.setattr("narration.loudness._AT_ONCE", 1 << 10)
    assert integrated_loudness(syllables, 24_000) == pytest.approx(loudness, abs=0.001)
    assert true_peak(syllables) == pytest.approx(peak, abs=0.001)
    assert np.abs(levelled(syllables, 24_000) - whole).max() < 0.02


def test_a_long_sound_is_levelled_in_a_few_times_its_own_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("narration.loudness._AT_ONCE", 1 << 10)
    minutes = np.tile(np.random.default_rng(3).standard_normal(24_000).astype(np.float32), 240)
    tracemalloc.start()
    out = levelled(minutes, 24_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert true_peak(out) <= CEILING + 1e-3
    assert most < 6 * minutes.nbytes
