"""Valid and invalid requests generated from the schema: every response must conform to the schema."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from PIL import Image
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.models import Project, Segment
from api.request_bodies import MAX_ID, whole_number
from api.services.projects import delete_project
from api.services.segment_images import remove_image, upload_image
from api.services.segments import delete_segment
from api.services.story_import import import_story
from jobs import queue
from media_store.models import TrashEntry
from storyflow.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"

REFUSALS = range(400, 500)
SCRIPT_OF = {"json": {"segments": [{"text_content": "One"}]}, "text": {"raw_text": "Text: One"}}


def the_schema() -> Any:
    """Return the served schema, extended by forms, which the APIs accept beside JSON without documenting it.

    Generated picture files get a picture's name, because every file with another name is refused.
    """
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    for path_name, path in schema.raw_schema["paths"].items():
        for operation in path.values():
            bodies = operation.get("requestBody", {}).get("content", {})
            if JSON in bodies:
                bodies |= {FORM: bodies[JSON], PARTS: bodies[JSON]}
            elif PARTS in bodies:
                field = "audio" if path_name.endswith("/audio/") else "image"
                name = {"example": f'form-data; name="{field}"; filename="a.png"'}
                bodies[PARTS]["encoding"] = {field: {"headers": {"Content-Disposition": name}}}
    return schema


SCHEMA = the_schema()


def a_png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (32, 20), "teal").save(content, "PNG")
    return content.getvalue()


def a_story(title: str) -> tuple[int, list[int]]:
    """Return (project, segments): the first segment has a picture, the second has one and is locked."""
    segments = [{"text_content": f"Text {number}"} for number in range(3)]
    project = import_story({"format": "json", "title": title, "segments": segments})
    ids = [segment["id"] for segment in project["segments"]]
    for segment_id in ids[:2]:
        upload_image(segment_id, SimpleUploadedFile("a.png", a_png()), by="test")
    Segment.objects.filter(pk=ids[1]).update(is_locked=True)
    return project["id"], ids


class Stock:
    """Rows and files that exist before every example: a story, an empty project, and trash entries of each kind."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project, self.segments = a_story("Kept")
        self.empty_project = Project.objects.create(title="Empty").pk
        gone, _ = a_story("Gone")
        delete_project(gone, by="test")
        _, (pictured, *_, deleted) = a_story("Thinned out")
        remove_image(pictured, by="test")
        delete_segment(deleted, by="test")
        self.task = str(queue.submit("narrate", "projects/0", {"project": 0, "segments": []}, by="test").pk)
        self.trash = list(TrashEntry.objects.order_by("pk").values_list("pk", flat=True))
        shutil.copytree(root / "live", root / "kept")

    def put_back_files(self) -> None:
        shutil.rmtree(self.root / "live")
        shutil.copytree(self.root / "kept", self.root / "live")

    def ids(self, path: str) -> list[int]:
        """Return the existing ids for the ``{id}`` of a path."""
        if "/trash/" in path:
            return self.trash
        return self.segments if "/segments/" in path else [self.project, self.empty_project]


@pytest.fixture
def stock(db: None, tmp_path: Path, settings: Any) -> Iterator[Stock]:
    settings.MEDIA_ROOT = tmp_path / "live" / "media"
    settings.UPLOADS_ROOT = tmp_path / "live" / "uploads"
    yield Stock(tmp_path)


def bring_home(case: schemathesis.Case, stock: Stock) -> None:
    """Replace most of the generated ids, and half of the other references, by existing ones."""
    made_up = whole_number(str((case.path_parameters or {}).get("id")))
    if made_up is not None and -MAX_ID - 1 <= made_up < MAX_ID and made_up % 4 != 3:
        known = stock.ids(case.path)
        case.path_parameters = {**(case.path_parameters or {}), "id": known[made_up // 4 % len(known)]}
    if "task_id" in (case.path_parameters or {}):
        case.path_parameters["task_id"] = stock.task
    if len(case.headers.get("If-Match", "")) % 2:
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict):
        fitted = {name: fitting(name, value, stock) for name, value in case.body.items()}
        case.body = SCRIPT_OF.get(str(case.body.get("format")), {}) | fitted


def fitting(name: str, value: Any, stock: Stock) -> Any:
    if name == "segment_order" and isinstance(value, list) and len(value) % 2:
        return stock.segments[::-1]
    if name == "image" and len(str(value)) % 2:
        return a_png()
    if not isinstance(value, int) or value % 2:
        return value
    if name == "project_id":
        return stock.project
    return stock.segments[value // 2 % len(stock.segments)] if name in ("after", "segment") else value


@SCHEMA.parametrize()
@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_schema_announces(case: schemathesis.Case, stock: Stock) -> None:
    bring_home(case, stock)
    before = transaction.savepoint()
    try:
        response = case.call()
    finally:
        transaction.savepoint_rollback(before)
    if case.method != "GET" and response.status_code not in REFUSALS:
        stock.put_back_files()
    case.validate_response(response, checks=CHECKS)
