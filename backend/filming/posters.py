"""Posters: the first frame of a video as a small picture, made on demand and cached."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import NotFound, StoryFlowError
from filming.models import Render
from filming.publishing import render_row
from media_store import thumbnail_cache
from media_store.layout import current_layout
from media_store.safe_open import open_beneath
from media_store.thumbnails import write_webp
from rendering.errors import VideoUnreadable
from rendering.stills import first_frame

WIDTH = 640


def poster_url(render: Render) -> str:
    """Return the URL with the video's digest in it, so that a browser may cache the response."""
    return f"/api/projects/{render.project_id}/renders/{render.pk}/poster/?v={render.sha256[:12]}"


def make_poster(project_id: int, render_id: int) -> None:
    """Make the poster ahead of the first request; if that fails, the request makes it."""
    with suppress(StoryFlowError, OSError):
        open_poster(project_id, render_id, WIDTH)[0].close()


def open_poster(project_id: int, render_id: int, width: int) -> tuple[BinaryIO, str]:
    """Return the first frame as WebP, at most ``width`` pixels wide, and its version.

    Raises ``NotFound``, also if the video is missing from the disk or damaged.
    """
    render = render_row(project_id, render_id)
    layout = current_layout()
    descriptor = open_beneath(layout.areas["media"], render.video)
    if descriptor is None:
        raise NotFound("The video file is missing.")

    def make(source: BinaryIO, target: Path) -> None:
        write_webp(first_frame(source, width), target)

    try:
        return thumbnail_cache.open_cached(layout, f"media/{render.video}", descriptor, str(width), make)
    except VideoUnreadable as exc:
        raise NotFound(exc.message) from exc
    finally:
        os.close(descriptor)
