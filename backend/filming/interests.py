"""What a picture itself says about where to look at it, found once for its bytes and kept in the cache."""

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

# Raised when the same picture would say something else.
RULE = 1
# What was found for a picture is kept for so long.
RETENTION_DAYS = 90
MIDDLE = (0.5, 0.5)
# One or the other by the picture, as "auto" chooses.
HOLDING = ("zoom-in", "zoom-out")
# EXIF: from 5 on, width and height are exchanged.
_LAST_UPRIGHT = 4
# Decoding takes memory: one picture at a time in each process.
_looking = threading.Lock()


def interest_of_place(name: str) -> Interest | None:
    """Of the picture that a row names; None where it is missing, cannot be read, or nothing in it stands out."""
    try:
        path = current_layout().live(f"media/{name}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
    return interest_in(path, digest)


def interest_in(path: Path, digest: str) -> Interest | None:
    """As ``interest_of_place``, for a file whose SHA-256 is known."""
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
    """The scene as a film of that shape shows it: where nobody chose a point (None), the picture says it.

    ``is_auto``: the film leaves it to the picture how the camera moves.
    """
    picture = scene.picture
    if picture is None:
        return scene
    found, held = focus_and_motion(picture.path, picture.digest, width, height)
    x, y = focus or found
    motion = held if held and is_auto and scene.motion == "auto" else scene.motion
    return replace(scene, picture=replace(picture, focus=(x, y)), motion=motion)


def focus_and_motion(path: Path, digest: str, width: int, height: int) -> tuple[tuple[float, float], str | None]:
    """The focus for a frame of that shape, and the motion that "auto" becomes, where it is not chosen as ever.

    The middle, where the picture says nothing, or is all seen.
    """
    if not is_cropped(width, height, _sides(path)):
        return MIDDLE, None
    interest = interest_in(path, digest)
    return focus_of(interest, width, height), held_motion(interest, width, height)


def held_motion(interest: Interest | None, width: int, height: int) -> str | None:
    """Where a frame hides much of a picture, a pan goes away from the face in it; a zoom stays with it."""
    if interest is None or not interest.faces or not is_cropped(width, height, (interest.width, interest.height)):
        return None
    return HOLDING[round(sum(interest.faces[0]) * 1000) % len(HOLDING)]


def _sides(path: Path) -> tuple[int, int]:
    """Of the picture as it is seen, told from its beginning; where that says nothing, a shape that is cropped."""
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
    """Remove what was found long ago, which is found again when it is needed."""
    oldest = time.time() - RETENTION_DAYS * 86_400
    with suppress(OSError):
        for kept in (current_layout().cache / "interest").iterdir():
            if kept.stat().st_mtime < oldest:
                kept.unlink(missing_ok=True)


def _keep(kept: Path, found: Interest | None) -> None:
    """A cache that cannot be written to is no trouble: then it is looked at again."""
    beside = kept.with_name(f"{uuid4().hex}.part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(found) if found else None), encoding="utf-8")
        beside.replace(kept)
    except OSError:
        with suppress(OSError):
            beside.unlink()
