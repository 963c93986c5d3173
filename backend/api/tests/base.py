"""Shared by the tests of the story API: a temporary media folder and small builders."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APITestCase

from api.models import Project, Segment
from media_store.models import TrashEntry

SEGMENT_FIELDS = {
    "id",
    "project",
    "sequence_index",
    "text_content",
    "image_prompt",
    "image_file",
    "audio_file",
    "audio_duration",
    "is_locked",
    "created_at",
    "updated_at",
}
BOUNDARY = "a-line-between-parts"


def a_picture(
    name: str = "landscape.jpg", *, kind: str = "JPEG", size: tuple[int, int] = (64, 48), color: str = "teal"
) -> SimpleUploadedFile:
    """Return a small real picture in the form in which a browser uploads it."""
    content = BytesIO()
    Image.new("RGB", size, color=color).save(content, format=kind)
    return SimpleUploadedFile(name, content.getvalue(), content_type="application/octet-stream")


def a_form(filename: str, content: bytes, *, field: str = "image") -> bytes:
    """Return a hand-written multipart body, for file names that no correct client sends."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
    end = f"\r\n--{BOUNDARY}--\r\n"
    return head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + end.encode()


class StoryTestCase(APITestCase):
    """A test case with its own media folders."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="storyflow-test-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.media = self.root / "media"
        folders = override_settings(MEDIA_ROOT=self.media, UPLOADS_ROOT=self.root / "uploads")
        folders.enable()
        self.addCleanup(folders.disable)

    def a_project(self, *, title: str = "A story", segments: int = 3) -> Project:
        project = Project.objects.create(title=title)
        for index in range(segments):
            self.a_segment(project, index)
        return project

    def a_segment(self, project: Project | None = None, index: int = 0, **columns: Any) -> Segment:
        project = project or Project.objects.create(title="A story")
        text = columns.pop("text_content", f"Text {index}")
        return Segment.objects.create(project=project, sequence_index=index, text_content=text, **columns)

    def a_segment_with_picture(self, project: Project | None = None, **columns: Any) -> Segment:
        """Create a segment and upload a picture through the API, so that file and row are real."""
        is_locked = columns.pop("is_locked", False)
        segment = self.a_segment(project, **columns)
        response = self.upload(segment, a_picture())
        assert response.status_code == 200, response.content
        Segment.objects.filter(pk=segment.pk).update(is_locked=is_locked)
        segment.refresh_from_db()
        return segment

    def a_file(self, name: str, content: bytes = b"bytes") -> str:
        """Write a file below the media folder without the store. Returns its name as a row would have it."""
        path = self.media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return name

    def send(self, method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Send a request with a JSON body."""
        return self.client.generic(method, url, json.dumps(body), content_type="application/json", headers=headers)

    def upload_form(self, segment: Segment, form: bytes) -> Any:
        url, kind = f"/api/segments/{segment.pk}/upload-image/", f"multipart/form-data; boundary={BOUNDARY}"
        return self.client.generic("POST", url, form, content_type=kind)

    def upload(self, segment: Segment | int, file: Any) -> Any:
        pk = segment if isinstance(segment, int) else segment.pk
        return self.client.post(f"/api/segments/{pk}/upload-image/", {"image": file}, format="multipart")

    def remove(self, segment: Segment) -> Any:
        return self.client.delete(f"/api/segments/{segment.pk}/remove-image/")

    def trash(self) -> list[dict[str, Any]]:
        return self.client.get("/api/trash/").json()

    def live_files(self) -> list[str]:
        """Return the paths of all files below the media folder, without those in the hidden `.sf` folder."""
        return sorted(
            str(Path(parent, name).relative_to(self.media))
            for parent, _, names in os.walk(self.media)
            for name in names
            if ".sf" not in Path(parent).parts
        )

    def leftovers(self) -> list[str]:
        """Return the files that operations left in the store's hidden `in` folder. There must be none."""
        return sorted(os.listdir(self.media / ".sf" / "in")) if (self.media / ".sf" / "in").exists() else []

    def trashed_files(self) -> list[str]:
        """Return the names in the store's hidden trash folder."""
        return sorted(os.listdir(self.media / ".sf" / "trash")) if (self.media / ".sf" / "trash").exists() else []

    def live_bytes(self) -> dict[str, bytes]:
        return {name: (self.media / name).read_bytes() for name in self.live_files()}

    def state(self) -> dict[str, Any]:
        """Return everything on disk and in the database that a refused request must not change."""
        return {
            "files": self.live_bytes(),
            "trashed files": self.trashed_files(),
            "leftovers": self.leftovers(),
            "projects": list(Project.objects.order_by("pk").values()),
            "segments": self.segment_rows(),
            "trash": list(TrashEntry.objects.order_by("pk").values()),
        }

    def segment_rows(self) -> list[dict[str, Any]]:
        return list(Segment.objects.order_by("pk").values())

    def order_of(self, project: Project) -> list[tuple[int, str]]:
        """Return (position, text) of a project's segments in order."""
        return list(project.segments.order_by("sequence_index", "pk").values_list("sequence_index", "text_content"))

    def queries_of(self, act: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)


class TrashTestCase(StoryTestCase):
    """A test case with builders for trash entries."""

    def restore(self, entry: dict[str, Any], body: Any = None) -> Any:
        return self.send("POST", f"/api/trash/{entry['id']}/restore/", {} if body is None else body)

    def a_removed_picture(self, **columns: Any) -> tuple[Segment, dict[str, bytes], dict[str, Any]]:
        """Return a segment, the files before its picture was removed (name → bytes), and the picture's trash entry."""
        segment = self.a_segment_with_picture(**columns)
        files = self.live_bytes()
        self.remove(segment)
        return segment, files, self.trash()[0]
