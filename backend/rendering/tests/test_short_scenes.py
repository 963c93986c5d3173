"""Scenes no longer than their crossfades, and chunks of the fewest frames, become films like any other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rendering.encoder import Encoded, VideoEncoder
from rendering.film import Film, Format
from rendering.renderer import render
from rendering.tests.making import a_picture, a_scene, a_sound, frames_of, spoken
from rendering.timeline import lay_out

TINY = Format(width=64, height=64, fps=10)


def encoded(frames: int, *, is_draft: bool) -> Encoded:
    encoder = VideoEncoder(replace(TINY, is_draft=is_draft))
    noise = np.random.default_rng(frames)
    for _ in range(frames):
        for plane in encoder.planes:
            plane[:] = noise.integers(16, 235, plane.shape)
        encoder.take()
    return encoder.finish()


@pytest.mark.parametrize("is_draft", [False, True])
@pytest.mark.parametrize("frames", range(1, 9))
def test_a_chunk_of_any_length_is_decoded_a_frame_apart_and_before_it_is_shown(frames: int, is_draft: bool) -> None:
    packets = encoded(frames, is_draft=is_draft).packets
    times = [packet.dts for packet in packets]
    ahead = times[0]
    assert times == list(range(ahead, ahead + frames))
    assert ahead == encoded(60, is_draft=is_draft).packets[0].dts
    assert sorted(packet.pts for packet in packets) == list(range(frames))
    assert all(packet.dts <= packet.pts for packet in packets)


def film_of(folder: Path, fmt: Format, seconds: float | None, count: int = 4) -> Film:
    sound = a_sound(folder, seconds) if seconds else None
    words = spoken("Go.", seconds) if seconds else ()
    scene = a_scene(folder, text="Go.", sound=sound, words=words)
    scenes = (replace(scene, picture=a_picture(folder, seed, (80, 60))) for seed in range(count))
    return Film("Short", tuple(scenes), fmt)


@pytest.mark.parametrize("is_draft", [False, True])
@pytest.mark.parametrize("fps", [10, 15, 24, 30, 60])
def test_silent_scenes_as_long_as_their_crossfade_become_a_film(tmp_path: Path, fps: int, is_draft: bool) -> None:
    film = film_of(tmp_path, replace(TINY, fps=fps, silent_scene_s=1, transition_s=1, is_draft=is_draft), None)
    timeline = lay_out(film)
    assert min(chunk.frames for chunk in timeline.chunks) == 2
    rendered = render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert len(frames_of(rendered.path)) == timeline.frames


@pytest.mark.parametrize("transition_s", [0.0, 0.1, 0.5, 0.8, 2.0])
@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.45, 1.7])
def test_narrations_shorter_than_their_crossfade_become_a_film(
    tmp_path: Path, seconds: float, transition_s: float
) -> None:
    film = film_of(tmp_path, replace(TINY, transition_s=transition_s, pause_s=0.1), seconds)
    timeline = lay_out(film)
    rendered = render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert len(frames_of(rendered.path)) == timeline.frames
    starts = [timeline.sound_sample(shot) / 48_000 for shot in timeline.shots]
    assert all(after - before >= seconds + 0.1 - 1e-3 for before, after in pairwise(starts))


def test_frames_stand_in_their_order_where_every_chunk_is_short(tmp_path: Path) -> None:
    film = film_of(tmp_path, replace(TINY, silent_scene_s=1, transition_s=1, motion="still"), None)
    timeline = lay_out(film)
    frames = frames_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    steady = [frames[shot.start + 10].astype(int) for shot in timeline.shots[1:-1]]
    for shot, frame in zip(timeline.shots[1:-1], steady, strict=True):
        assert np.abs(frames[shot.start + 11].astype(int) - frame).mean() < 6
    assert np.abs(steady[0] - steady[1]).mean() > 20
