"""The example story, to have something to look at: on the first start, and whenever a person asks for it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from accounts.viewers import EVERYBODY, Viewer
from api.services.rows import Row, project_with_segments
from api.services.story_files import attach_pictures, read_story_file
from api.services.story_import import import_story
from core.errors import NotFound


def example_script() -> Path | None:
    """Where it lies; None for an installation without it."""
    return next(iter(sorted(settings.EXAMPLES_DIR.glob("*/story.txt"))), None)


def import_example(*, by: str, owner: Viewer = EVERYBODY) -> Row:
    """Make a project of it, with its pictures. Raises ``NotFound``; a picture that cannot be used is left out."""
    script = example_script()
    if script is None:
        raise NotFound("This installation has no example story.")
    project_id = import_story(read_story_file(script), owner=owner)["id"]
    attach_pictures(project_id, script.parent / "pictures", by=by)
    return project_with_segments(project_id)
