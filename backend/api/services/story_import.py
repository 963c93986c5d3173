"""Importing a script as a new project or as new segments of a project. An invalid script creates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from accounts.ownership import claim
from accounts.viewers import EVERYBODY, Viewer
from api.models import Project, Segment
from api.parsers import JSONParser, ParsedSegment, ParseError, TextParser
from api.request_bodies import MAX_ID, is_integer
from api.serializers import ProjectTitleSerializer
from api.services.rows import (
    Row,
    insert_many,
    project_with_segments,
    segments_in_order,
    stored_time,
    touch_project,
    write_transaction,
)
from core.errors import InvalidInput, NotFound

REQUIRED = "This field is required."
NO_SEGMENTS = "At least one segment is required"
NO_PLACE = "after must be null or the id of a segment of this project."
FORMATS = ("json", "text")
MAX_SEGMENTS = 100_000


@dataclass(frozen=True)
class Story:
    """The title and the segments of a valid script."""

    title: str
    segments: list[ParsedSegment]


def import_story(body: Mapping[str, Any], *, owner: Viewer = EVERYBODY) -> Row:
    """Create a project from a script. Returns the project with its segments.

    Raises ``InvalidInput`` with the problems of all fields, or ``ParseError``, which names the block.
    """
    story = read_story(body)
    with write_transaction():
        project = Project.objects.create(title=story.title)
        claim(owner, "projects", project.pk)
        insert_segments(project.pk, enumerate(story.segments))
    imported = project_with_segments(project.pk)
    return {**imported, "segments": list(imported["segments"])}


def import_segments(project_id: int, body: Mapping[str, Any]) -> list[Row]:
    """Insert the segments of a script after the segment ``after``. Returns the new segments.

    They are inserted at the start if ``after`` is null, and at the end if ``body`` has no ``after``. Raises as
    ``import_story``, and ``NotFound`` for the project.
    """
    segments = read_segments(body, _after_problems(body))
    with write_transaction():
        if not Project.objects.select_for_update().filter(pk=project_id).exists():
            raise NotFound("There is no such project.")
        position = _position_after(project_id, body)
        later = Segment.objects.filter(project_id=project_id, sequence_index__gte=position)
        later.update(sequence_index=F("sequence_index") + len(segments))
        insert_segments(project_id, enumerate(segments, start=position))
        touch_project(project_id)
        return list(segments_in_order(project_id, first=position, count=len(segments)))


def _after_problems(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the problems of ``after`` that can be found without the database."""
    after = body.get("after")
    is_usable = after is None or (is_integer(after) and abs(after) <= MAX_ID)
    return {} if is_usable else {"after": [NO_PLACE]}


def _position_after(project_id: int, body: Mapping[str, Any]) -> int:
    segments = Segment.objects.filter(project_id=project_id)
    if "after" not in body:
        last = segments.aggregate(last=Max("sequence_index"))["last"]
        return 0 if last is None else last + 1
    after = body["after"]
    if after is None:
        return 0
    found = segments.filter(pk=after).first()
    if found is None:
        raise InvalidInput(details={"after": [NO_PLACE]})
    return found.sequence_index + 1


def read_story(body: Mapping[str, Any]) -> Story:
    """Return title and segments of an import body, without creating anything. Raises as ``import_story``."""
    problems: dict[str, Any] = {}
    form = ProjectTitleSerializer(data=body)
    if not form.is_valid():
        problems.update(form.errors)
    segments = read_segments(body, problems)
    return Story(title=form.validated_data["title"], segments=segments)


def read_segments(body: Mapping[str, Any], problems: dict[str, Any]) -> list[ParsedSegment]:
    """Return the segments of an import body.

    ``problems`` are the problems of other fields. The error of this function includes them.
    """
    segments: list[ParsedSegment] = []
    text_problem: ParseError | None = None
    try:
        segments = _parse(body)
    except ParseError as exc:
        text_problem = exc
    except InvalidInput as exc:
        problems.update(exc.details)
    if problems:
        if text_problem:
            problems["raw_text"] = [text_problem.details]
        raise InvalidInput(details=problems)
    if text_problem:
        raise text_problem
    if not segments:
        raise InvalidInput(NO_SEGMENTS)
    if len(segments) > MAX_SEGMENTS:
        problem = f"{len(segments):,} segments; up to {MAX_SEGMENTS:,} can be imported at once."
        raise InvalidInput(details={"segments": [problem]})
    return segments


def _parse(body: Mapping[str, Any]) -> list[ParsedSegment]:
    kind = body.get("format")
    if kind == "json":
        if "segments" not in body:
            raise InvalidInput(details={"segments": [REQUIRED]})
        return JSONParser.parse(body["segments"])
    if kind == "text":
        text = body.get("raw_text")
        if not isinstance(text, str):
            problem = REQUIRED if text is None else "Not a valid string."
            raise InvalidInput(details={"raw_text": [problem]})
        return TextParser.parse(text)
    raise InvalidInput(details={"format": [f"Must be one of: {', '.join(FORMATS)}."]})


def insert_segments(project_id: int, placed: Iterable[tuple[int, ParsedSegment]]) -> None:
    """Insert new segments, each given with its position, in the caller's transaction."""
    now = stored_time(timezone.now())
    insert_many(
        Segment,
        ("project_id", "sequence_index", "text_content", "image_prompt", "is_locked", "created_at", "updated_at"),
        (
            (project_id, position, segment.text_content, segment.image_prompt, False, now, now)
            for position, segment in placed
        ),
    )
