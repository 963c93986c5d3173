"""The example story, which is imported on the first start and on request."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from accounts.viewers import EVERYBODY, Viewer
from api.services.rows import Row, project_with_segments
from api.services.story_files import attach_pictures, read_story_file
from api.services.story_import import import_story
from core.errors import NotFound


def example_script() -> Path | None:
    """Return the path of the example's script; None if this installation has no example."""
    return next(iter(sorted(settings.EXAMPLES_DIR.glob("*/story.txt"))), None)


def import_example(*, by: str, owner: Viewer = EVERYBODY) -> Row:
    """Import the example story with its pictures. A picture that cannot be used is left out.

    Raises ``NotFound`` if this installation has no example.
    """
    script = example_script()
    if script is None:
        raise NotFound("This installation has no example story.")
    project_id = import_story(read_story_file(script), owner=owner)["id"]
    attach_pictures(project_id, script.parent / "pictures", by=by)
    return project_with_segments(project_id)
