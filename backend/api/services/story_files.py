"""Stories in files: reading a script, and attaching the pictures of a folder to the segments."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.picture_matching import match_pictures
from api.services.rows import segments_in_order
from api.services.segment_images import upload_image
from api.text_decoding import decode_text
from api.validators import validate_image_upload
from core.errors import InvalidInput, StoryFlowError
from media_store.names import readable_name
from media_store.uploads import upload_from_path

MAX_SCRIPT_BYTES = 10 * 1024 * 1024


def read_story_file(path: Path, *, title: str | None = None) -> dict[str, Any]:
    """Read a .json or text file. Returns the body for an import.

    ``title`` replaces the title of the file. The title of a text file is its first line if that is a Markdown heading,
    else the file name. Raises ``InvalidInput``.
    """
    try:
        raw = path.read_bytes()
    except OSError as exc:
        raise InvalidInput(f"{path} cannot be read: {exc.strerror}.") from exc
    if len(raw) > MAX_SCRIPT_BYTES:
        raise InvalidInput(
            f"{path} is {len(raw) // 2**20} MB. Stories up to {MAX_SCRIPT_BYTES // 2**20} MB can be used."
        )
    text = decode_text(raw)
    if text is None:
        raise InvalidInput(f"{path} is not text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8.")
    body = _json_body(path, text) if path.suffix.lower() == ".json" else _text_body(path, text)
    return body | ({"title": title} if title else {})


def _json_body(path: Path, text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise InvalidInput(f"{path} is not valid JSON.") from exc
    if not isinstance(body, dict):
        raise InvalidInput(f"{path} must hold a JSON object with a title and segments.")
    return {"title": readable_name(path.stem), **body, "format": "json"}


def _text_body(path: Path, text: str) -> dict[str, Any]:
    first, _, _ = text.lstrip().partition("\n")
    heading = first.lstrip("#").strip() if first.startswith("#") else ""
    return {"format": "text", "title": heading or readable_name(path.stem), "raw_text": text}


@dataclass
class Attached:
    """The result of ``attach_pictures``: file names, and for failed ones the reason."""

    attached: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def attach_pictures(
    project_id: int,
    folder: Path,
    *,
    by: str,
    is_replacing: bool = True,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Attached:
    """Upload the pictures of ``folder`` to the project's segments, matched by number or in natural order.

    If ``is_replacing`` is false, a segment that has a picture keeps it. A picture that cannot be used is added to
    ``failed``, and the others are still attached. Raises ``InvalidInput`` if the folder cannot be read.
    """
    try:
        names = [path.name for path in folder.iterdir() if path.is_file()]
    except OSError as exc:
        raise InvalidInput(f"{folder} cannot be read: {exc.strerror}.") from exc
    segments = list(segments_in_order(project_id))
    matching = match_pictures(names, len(segments))
    result = Attached(unmatched=[readable_name(name) for name in matching.unmatched])
    for done, (position, name) in enumerate(sorted(matching.by_segment.items()), start=1):
        if segments[position]["image_file"] and not is_replacing:
            continue
        try:
            with upload_from_path(folder / name) as upload:
                upload_image(segments[position]["id"], validate_image_upload(upload), by=by)
            result.attached.append(readable_name(name))
        except StoryFlowError as exc:
            result.failed[readable_name(name)] = str(exc.details or exc.message)
        except OSError as exc:
            result.failed[readable_name(name)] = f"cannot be read: {exc.strerror}"
        on_progress(done, len(matching.by_segment))
    return result
