"""The manifest of one render job: its videos in all sizes, and the facts that they share."""

from __future__ import annotations

from typing import Any

from api.serializers import iso_time, media_url
from api.services.rows import project_row
from core.errors import NotFound
from filming.models import Render


def manifest(project_id: int, batch: str) -> dict[str, Any]:
    """Return the manifest of the videos that still exist, in the order of their creation. Raises ``NotFound``.

    All have the same frames, cuts and sound: ``first_frame`` is the first frame of a segment, counted from 0, and
    ``sound_sha256`` is the digest of the packets of the sound.
    """
    project = project_row(project_id)
    renders = list(Render.objects.filter(project_id=project_id, batch=batch).order_by("pk")) if batch else []
    if not renders:
        raise NotFound("There are no videos of such a run.")
    first = renders[0]
    return {
        "project": project_id,
        "title": project["title"],
        "batch": batch,
        "fps": first.fps,
        "frames": first.frames,
        "duration_s": first.duration_s,
        "sound_sha256": first.facts.get("sound_sha256", ""),
        "segments": _segments(first),
        "renders": [_render(render) for render in renders],
    }


def _segments(render: Render) -> list[dict[str, Any]]:
    cards, silent = set(render.facts.get("cards", [])), set(render.facts.get("silent", []))
    ids = [entry[0] for entry in render.fingerprint.get("segments", [])]
    return [
        {"id": key, "first_frame": cut, "is_card": key in cards, "is_silent": key in silent}
        for key, cut in zip(ids, render.facts.get("cuts", []), strict=True)
    ]


def _render(render: Render) -> dict[str, Any]:
    return {
        "id": render.pk,
        "size": render.size,
        "width": render.width,
        "height": render.height,
        "is_draft": render.is_draft,
        "video_url": media_url(render.video),
        "srt_url": media_url(render.srt or None),
        "vtt_url": media_url(render.vtt or None),
        "size_bytes": render.size_bytes,
        "sha256": render.sha256,
        "created_at": iso_time(render.created_at),
    }
