"""The list of the pictures of all stories, from which a picture can be used again."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from accounts.viewers import Viewer
from api.models import Segment
from api.permissions import own_projects
from api.serializers import iso_time

DEFAULT_COUNT, MAX_PICTURES = 200, 500
# Databases limit the length of a search pattern.
MAX_SEARCH_CHARACTERS = 200


def pictures(
    viewer: Viewer, *, find: str = "", project_id: int | None = None, first: int, count: int
) -> dict[str, Any]:
    """Return ``count`` (the number of all matches) and ``pictures``, the most recently changed segment first.

    ``pictures`` holds ``count`` matches from index ``first`` (from 0) on. ``find`` is searched in the prompt, the text
    and the title of the story, ignoring case.
    """
    found = own_projects(Segment.objects.filter(image_file__gt=""), viewer, column="project")
    if project_id is not None:
        found = found.filter(project=project_id)
    if find:
        found = (
            found.filter(image_prompt__icontains=find)
            | found.filter(text_content__icontains=find)
            | found.filter(project__title__icontains=find)
        )
    rows = (
        found.order_by("-updated_at", "-pk")
        .annotate(title=F("project__title"))
        .values_list("pk", "project_id", "title", "sequence_index", "image_prompt", "updated_at")
    )
    return {
        "count": found.count(),
        "pictures": [
            {
                "segment": pk,
                "project": project,
                "title": title,
                "sequence_index": position,
                "image_prompt": prompt,
                "updated_at": iso_time(updated),
            }
            for pk, project, title, position, prompt, updated in rows[first : first + count]
        ],
    }
