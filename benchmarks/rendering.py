"""Rendering at 1080p30, beside x264 alone on the very same frames; memory; what an edit costs; how steady motion is."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.films import a_film, with_edited_sentence
from rendering.encoder import VideoEncoder
from rendering.film import Film, Format
from rendering.framing import motions_of
from rendering.painter import Painter, Sources
from rendering.planes import empty_planes, source_of, warp
from rendering.renderer import render
from rendering.timeline import Chunk, lay_out

WORKERS = os.cpu_count() or 1
PATCH = 320
_MEMORY_OF = """
import sys
from pathlib import Path
from benchmarks.films import a_film
from rendering.renderer import render

folder, scenes, cache = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
render(a_film(folder, scenes, 1.5), folder / "memory.mp4", folder / cache)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
BATCH = 16  # chunks whose frames are held at once: about 2.5 GB


def run(options: Namespace) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="storyflow-bench-", dir=options.folder))
    try:
        cv2.setNumThreads(1)
        results: dict[str, Any] = {
            "pairs": _beside_x264(folder, "auto", min(options.rounds, 3)),
            "zooms": _beside_x264(folder, "zoom-in", 1),
            "twelve": _whole(folder, scenes=12, seconds=5),
            "memory": {str(scenes): _peak_mib(folder, scenes) for scenes in (12, 120)},
            "jitter_px": _jitter(folder),
        }
        if options.long:
            results["edit"] = _edit(folder)
        return results
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lines(results: dict[str, Any]) -> list[str]:
    twelve, pairs, memory = results["twelve"], results["pairs"], results["memory"]
    told = [
        f"  12 x 5 s: {twelve['frames']} frames in {twelve['seconds']:.1f} s = {twelve['per_second']:.0f} frames/s",
        f"  beside bare x264 of the same frames: {_ratio(pairs)}",
        f"  the same where every camera zooms: {_ratio(results['zooms'])}",
        f"  peak memory: {memory['12']} MiB with 12 segments, {memory['120']} MiB with 120",
        "  jitter of the motion: {rms:.3f} px rms, {max:.3f} px at most".format(**results["jitter_px"]),
    ]
    if edit := results.get("edit"):
        told += [
            f"  60 x 10 s: {edit['full_s']:.1f} s; one edited sentence {edit['edit_s']:.2f} s "
            f"({100 * edit['edit_s'] / edit['full_s']:.1f} %), {edit['drawn']} of {edit['chunks']} chunks; "
            f"nothing changed {edit['nothing_s']:.2f} s",
        ]
    return told


def _ratio(pairs: dict[str, Any]) -> str:
    rounds = ", ".join(f"{ours:.0f}/{bare:.0f}" for ours, bare in pairs["rounds"])
    return f"{pairs['ratio']:.2f} ({rounds} frames/s)"


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _whole(folder: Path, scenes: int, seconds: float) -> dict[str, Any]:
    film = a_film(folder, scenes, seconds)
    took, rendered = _timed(lambda: render(film, folder / "whole.mp4", folder / "cache-whole"))
    return {"frames": rendered.frames, "seconds": took, "per_second": rendered.frames / took}


def _beside_x264(folder: Path, motion: str, rounds: int) -> dict[str, Any]:
    """Measure alternately the whole rendering, from photographs to an MP4, and the encoder alone on the same frames."""
    film = a_film(folder, 12, 5)
    film = replace(film, format=replace(film.format, motion=motion))
    count, found = lay_out(film).frames, []
    for number in range(rounds):
        ours, _ = _timed(lambda number=number: render(film, folder / "pair.mp4", folder / f"cache-{motion}-{number}"))
        found.append((count / ours, count / _bare_x264_s(film)))
    return {"ratio": statistics.median(ours / bare for ours, bare in found), "rounds": found}


def _bare_x264_s(film: Film) -> float:
    """Return the seconds that the encoders alone take for all chunks, with the frames drawn in memory before."""
    chunks, seconds = lay_out(film).chunks, 0.0
    with Sources(film, lay_out(film).shots, WORKERS + 3) as sources:
        for first in range(0, len(chunks), BATCH):
            drawn = [_Recorder(film, sources, lambda: False).frames(chunk) for chunk in chunks[first : first + BATCH]]
            seconds += _timed(lambda drawn=drawn: _encode(film, drawn))[0]
    return seconds


class _Recorder(Painter):
    """A painter that returns its frames instead of encoding them."""

    def frames(self, chunk: Chunk) -> list[tuple[np.ndarray, ...]]:
        out, kept = empty_planes(self._film.format), []
        for frame in range(chunk.first, chunk.last):
            if chunk.into is None:
                self._draw(chunk.shot, frame, out)
            else:
                self._draw_joint(chunk, chunk.into, frame, out)
            kept.append(tuple(plane.copy() for plane in out))
        return kept


def _encode(film: Film, chunks: list[list[tuple[np.ndarray, ...]]]) -> None:
    def one(frames: list[tuple[np.ndarray, ...]]) -> None:
        encoder = VideoEncoder(film.format)
        planes = encoder.planes
        for frame in frames:
            for plane, drawn in zip(planes, frame, strict=True):
                plane[:] = drawn
            encoder.take()
        encoder.finish()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, chunks))


def _peak_mib(folder: Path, scenes: int) -> int:
    """Return the peak memory in MiB of a separate process that renders ``scenes`` scenes of 1.5 seconds."""
    command = [sys.executable, "-c", _MEMORY_OF, str(folder), str(scenes), f"cache-memory-{scenes}"]
    told = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": _path()}
    )
    return int(told.stdout) // 1024


def _path() -> str:
    root = Path(__file__).parents[1]
    return os.pathsep.join([str(root), str(root / "backend")])


def _edit(folder: Path) -> dict[str, Any]:
    film = a_film(folder, 60, 10)
    out, cache = folder / "long.mp4", folder / "cache-long"
    full_s, rendered = _timed(lambda: render(film, out, cache))
    edited = with_edited_sentence(film, 30)
    edit_s, again = _timed(lambda: render(edited, out, cache))
    nothing_s, _ = _timed(lambda: render(edited, out, cache))
    return {
        "full_s": full_s,
        "frames": rendered.frames,
        "edit_s": edit_s,
        "drawn": again.drawn,
        "chunks": again.chunks,
        "nothing_s": nothing_s,
    }


def _jitter(folder: Path) -> dict[str, float]:
    """Return the deviation in pixels of the shift between frames, by phase correlation of a patch, from a parabola."""
    film = a_film(folder, 1, 5, replace(Format(), motion="drift", zoom=1.3, subtitles=None))
    shot, motion = lay_out(film).shots[0], motions_of(film)[0]
    source, out = source_of(shot, film), empty_planes(film.format)
    window = cv2.createHanningWindow((PATCH, PATCH), cv2.CV_32F)
    top, left = (film.format.height - PATCH) // 2, (film.format.width - PATCH) // 2
    before, shifts = None, []
    for frame in range(shot.frames):
        view = source.view_at(motion, frame / (shot.frames - 1), (film.format.width, film.format.height))
        warp(source.planes, view, out)
        patch = out[0][top : top + PATCH, left : left + PATCH].astype(np.float32)
        if before is not None:
            shifts.append(cv2.phaseCorrelate(before, patch, window)[0])
        before = patch
    at = np.arange(len(shifts))
    left_over = [line - np.polyval(np.polyfit(at, line, 2), at) for line in np.array(shifts).T]
    return {
        "rms": float(np.sqrt(np.mean(np.square(left_over)))),
        "max": float(np.abs(left_over).max()),
    }


if __name__ == "__main__":
    options = Namespace(rounds=3, folder=None, long="--long" in sys.argv)
    measured = run(options)
    print("\n".join(lines(measured)))
    print(json.dumps(measured))
