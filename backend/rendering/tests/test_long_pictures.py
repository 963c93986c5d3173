"""Of a picture far longer than the frame, only a part is kept, and the film looks the same."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rendering import planes
from rendering.film import FITS, MOTIONS, Film, Format, Picture
from rendering.framing import motions_of, reach_of, view_at
from rendering.planes import Source, empty_planes, source_of, warp
from rendering.tests.making import SMALL, a_film, a_scene, with_scene
from rendering.timeline import lay_out

LONG = [(1, 8000), (9000, 1), (16_384, 200), (2, 5000)]
SIZED = Format(480, 270, zoom=2.0, subtitles=None)


def film_of(folder: Path, size: tuple[int, int], fmt: Format, motion: str, mode: str = "RGB") -> Film:
    """Of a picture that is brighter towards its right and bottom end."""
    path = folder / f"{size[0]}x{size[1]}{mode}.png"
    across, down = np.linspace(0, 127, size[0]), np.linspace(0, 127, size[1])
    Image.fromarray((across[None] + down[:, None]).astype(np.uint8)).convert(mode).save(path)
    scene = a_scene(folder, picture=Picture(path, path.name, focus=(0.3, 0.8)), motion=motion)
    return Film("Long", (scene,), fmt)


def source(film: Film) -> Source:
    return source_of(lay_out(film).shots[0], film)


def drawn(film: Film, progress: float) -> np.ndarray:
    """The luma of a frame."""
    kept, out = source(film), empty_planes(film.format)
    warp(kept.planes, kept.view_at(motions_of(film)[0], progress, (film.format.width, film.format.height)), out)
    return out[0].astype(int)


@pytest.mark.parametrize("motion", ["still", "pan-down", "pan-right", "drift", "zoom-in"])
@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", LONG)
def test_no_more_is_held_than_a_few_frames_of_the_closest_view(
    tmp_path: Path, size: tuple[int, int], fit: str, motion: str
) -> None:
    kept = source(film_of(tmp_path, size, replace(SIZED, fit=fit), motion))
    assert kept.luma.size <= 6.1 * (SIZED.width * SIZED.zoom) * (SIZED.height * SIZED.zoom)
    assert max(kept.luma.shape) < 2**15


@pytest.mark.parametrize("name", MOTIONS)
@pytest.mark.parametrize("whole", [(240.0, 3000.0), (5000.0, 90.0), (160.0, 90.0)])
def test_the_reach_of_a_motion_holds_all_its_views(tmp_path: Path, name: str, whole: tuple[float, float]) -> None:
    motion = motions_of(with_scene(a_film(tmp_path, zoom=2.0), 0, motion=name))[0]
    left, top, right, bottom = reach_of(motion, whole, (160, 90))
    for progress in np.linspace(0, 1, 41):
        view = view_at(motion, float(progress), whole, (160, 90))
        assert left - 1e-6 <= view.left <= view.left + view.step * 160 <= right + 1e-6
        assert top - 1e-6 <= view.top <= view.top + view.step * 90 <= bottom + 1e-6
    assert left >= -1e-6
    assert right <= whole[0] + 1e-6
    assert bottom - top <= whole[1] + 1e-6


@pytest.mark.parametrize("name", [name for name in MOTIONS if name != "auto"])
@pytest.mark.parametrize("size", [(50, 900), (1600, 60), (33, 2001)])
def test_what_is_seen_is_what_the_whole_picture_would_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], name: str
) -> None:
    film = film_of(tmp_path, size, SMALL, name)
    in_part = [drawn(film, progress) for progress in (0, 0.4, 1)]
    assert source(film).corner != (0, 0) or source(film).share < 1
    monkeypatch.setattr(planes, "_MOST_FRAMES", math.inf)
    for part, progress in zip(in_part, (0, 0.4, 1), strict=True):
        assert np.abs(part - drawn(film, progress)).max() <= 2


def test_a_picture_not_much_longer_than_the_frame_is_held_whole(tmp_path: Path) -> None:
    kept = source(film_of(tmp_path, (300, 600), SMALL, "pan-down"))
    assert (kept.corner, kept.share, kept.whole) == ((0, 0), 1, kept.luma.shape[::-1])


ONE_FILM = """
import re, resource, sys
from dataclasses import replace
from pathlib import Path
from rendering.renderer import render
from rendering.tests.test_long_pictures import SIZED, film_of

resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
folder, width, height, fit, motion = sys.argv[1:]
fmt = replace(SIZED, width=1920, height=1080, fit=fit, fps=10, silent_scene_s=1)
film = film_of(Path(folder), (int(width), int(height)), fmt, motion, "RGBA")
rendered = render(replace(film, scenes=tuple(replace(s, sound=None) for s in film.scenes)), Path(folder, "o.mp4"),
                  Path(folder, "cache"), workers=2)
# ru_maxrss would count the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
print(rendered.frames, peak // 1024)
"""


@pytest.mark.parametrize(
    ("size", "fit", "motion"),
    [
        ((1, 8000), "cover", "pan-down"),
        ((9000, 1), "cover", "drift"),
        ((400, 16_384), "cover", "pan-up"),
        ((1, 8000), "contain-blur", "zoom-in"),
    ],
)
def test_a_film_of_a_long_picture_takes_less_than_a_gigabyte(
    tmp_path: Path, size: tuple[int, int], fit: str, motion: str
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", ONE_FILM, tmp_path, *map(str, size), fit, motion],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    frames, peak_mib = map(int, process.stdout.split())
    assert frames == 15
    assert peak_mib < 1024
