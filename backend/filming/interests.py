"""Find the point of interest of a picture; the result is cached by the picture's content."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import ExifTags, Image

from media_store.layout import current_layout
from rendering.errors import PictureUnreadable
from rendering.film import Scene
from rendering.interest import Interest, interest_of, is_cropped, place_in

# Incremented when the same picture would get another result.
RULE = 1
# Cached results are deleted after this many days.
RETENTION_DAYS = 90
MIDDLE = (0.5, 0.5)
# "auto" picks one of these by the picture.
FACE_MOTIONS = ("zoom-in", "zoom-out")
# EXIF orientations from 5 on exchange width and height.
_LAST_UPRIGHT = 4
# Decoding takes memory: one picture at a time in each process.
_looking = threading.Lock()


def interest_of_place(name: str) -> Interest | None:
    """Return the interest of a stored picture; None if it is missing, unreadable or has no point of interest."""
    try:
        path = current_layout().live(f"media/{name}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
    return interest_in(path, digest)


def interest_in(path: Path, digest: str) -> Interest | None:
    """Do the same as ``interest_of_place`` for a file whose SHA-256 is ``digest``."""
    kept = current_layout().cache / "interest" / f"{digest}-{RULE}.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        return _read(json.loads(kept.read_text(encoding="utf-8")))
    with _looking:
        try:
            found = interest_of(path)
        except PictureUnreadable:
            found = None
    _keep(kept, found)
    return found


def focused(scene: Scene, focus: list[float] | None, width: int, height: int, *, is_auto: bool) -> Scene:
    """Return the scene with the focus and motion for a frame of this size; a ``focus`` of None is found in the picture.

    ``is_auto`` means that the film's motion is "auto".
    """
    picture = scene.picture
    if picture is None:
        return scene
    found, held = focus_and_motion(picture.path, picture.digest, width, height)
    x, y = focus or found
    motion = held if held and is_auto and scene.motion == "auto" else scene.motion
    return replace(scene, picture=replace(picture, focus=(x, y)), motion=motion)


def focus_and_motion(path: Path, digest: str, width: int, height: int) -> tuple[tuple[float, float], str | None]:
    """Return the focus for a frame of this size, and the motion for "auto", None if the renderer chooses it.

    The focus is the middle if the picture has no point of interest or is not cropped.
    """
    if not is_cropped(width, height, _sides(path)):
        return MIDDLE, None
    interest = interest_in(path, digest)
    return focus_of(interest, width, height), held_motion(interest, width, height)


def held_motion(interest: Interest | None, width: int, height: int) -> str | None:
    """Return a zoom for a cropped picture with a face, else None: a pan would move away from the face."""
    if interest is None or not interest.faces or not is_cropped(width, height, (interest.width, interest.height)):
        return None
    return FACE_MOTIONS[round(sum(interest.faces[0]) * 1000) % len(FACE_MOTIONS)]


def _sides(path: Path) -> tuple[int, int]:
    """Return the picture's upright width and height, read from its header; if unreadable, a cropped shape."""
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
            is_turned = image.getexif().get(ExifTags.Base.Orientation, 1) > _LAST_UPRIGHT
            return (image.height, image.width) if is_turned else (image.width, image.height)
    except (OSError, ValueError, SyntaxError, TypeError, Image.DecompressionBombError):
        return 1, 2


def focus_of(interest: Interest | None, width: int, height: int) -> tuple[float, float]:
    return place_in(interest, width, height) if interest else MIDDLE


def _read(found: dict[str, Any] | None) -> Interest | None:
    if found is None:
        return None
    columns, rows, point = (tuple(found[name]) for name in ("columns", "rows", "point"))
    faces = tuple((left, top, right, bottom) for left, top, right, bottom in found["faces"])
    return Interest(found["width"], found["height"], columns, rows, (point[0], point[1]), faces)


def delete_old() -> None:
    """Delete cached results that are older than ``RETENTION_DAYS``."""
    oldest = time.time() - RETENTION_DAYS * 86_400
    with suppress(OSError):
        for kept in (current_layout().cache / "interest").iterdir():
            if kept.stat().st_mtime < oldest:
                kept.unlink(missing_ok=True)


def _keep(kept: Path, found: Interest | None) -> None:
    """Cache the result; if that fails, it is computed again later."""
    beside = kept.with_name(f"{uuid4().hex}.part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(found) if found else None), encoding="utf-8")
        beside.replace(kept)
    except OSError:
        with suppress(OSError):
            beside.unlink()
