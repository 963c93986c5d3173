"""The import of the example story on the first start."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from api.models import Project
from api.services.example_story import example_script
from api.services.story_files import attach_pictures, read_story_file
from api.services.story_import import import_story

BY = "first start"


def import_example_once(*, say: Callable[[str], None]) -> None:
    """Import the example story unless that was done before. The next start completes an import that was interrupted."""
    marker = settings.DATA_DIR / ".example-imported"
    if marker.exists():
        return
    script = example_script()
    if script is None:
        return
    body = read_story_file(script)
    project = Project.objects.filter(title=body["title"]).first()
    if project is None and Project.objects.exists():
        marker.touch()
        return
    project_id = project.pk if project else import_story(body)["id"]
    pictures = attach_pictures(project_id, script.parent / "pictures", by=BY, is_replacing=False)
    for name, reason in pictures.failed.items():
        say(f"The example's picture {name} was not used: {reason}")
    marker.touch()
    say(f"The example story “{body['title']}” is ready to look at.")
