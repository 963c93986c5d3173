"""The schema is complete and correct, and its page loads nothing from other servers."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver

import api.urls
import filming.urls
import items.urls
from api.models import Project, Segment
from api.tests.base import SEGMENT_FIELDS

DOCS = "/api/docs/"
NULLABLE = {
    "Framing": {"fit", "suggested"},
    "HeldMotions": {"16:9", "9:16", "1:1"},
    "SegmentChoices": {"fit", "motion", "voice", "pause_s"},
    "Project": {"cover", "video"},
    "ProjectDetail": {"cover", "video"},
    "ProjectVideo": {"is_current"},
    "ManifestRender": {"srt_url", "vtt_url"},
    "ProjectStatus": {"task_id", "progress", "output_url", "error"},
    "Render": {"srt_url", "vtt_url", "batch", "is_current"},
    "RenderProgress": {"eta_s", "size"},
    "SizeProgress": {"render"},
    "RevisedRow": {"segment", "row"},
    "SegmentFailure": {"segment_id"},
    "Task": {"error", "finished_at"},
    "TaskProgress": {"current_segment_id", "phase", "eta_s"},
    "Voice": {"missing"},
    "Words": {"duration", "stale_reason"},
    "Segment": {"image_file", "audio_file", "audio_duration"},
    "Session": {"user"},
    "TrashEntry": {"project", "segment", "item"},
    "Restored": {"project", "segment", "item"},
    "PictureRemoved": {"image_file"},
    "Item": {"description", "imageUrl"},
    "ItemEnvelope": {"error"},
    "ItemListEnvelope": {"error"},
    "Audit": {"sizeBytes"},
    "AuditEnvelope": {"error"},
    "EmptyEnvelope": {"data", "error"},
    "RefusedEnvelope": {"data"},
}


@pytest.fixture(scope="module")
def schema() -> Any:
    return Client(SERVER_NAME="localhost").get("/api/schema/", headers={"Accept": "application/json"}).json()


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


def operations(schema: Any) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_the_schema_is_made_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def routes(patterns: list[Any], prefix: str) -> set[str]:
    """Return every path of a list of URL patterns, with ``{id}`` for regular expressions and converters."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            path = re.sub(r"\(\?P<pk>[^)]*\)|<[^>]*pk>", "{id}", prefix + str(pattern.pattern))
            path = re.sub(r"<[^>]*:(\w+)>", r"{\1}", path)
            found.add(path.replace("^", "").removesuffix("$"))
    return found


def test_every_route_of_the_door_is_in_the_schema(schema: Any) -> None:
    item_routes = {f"/api/v1/{route.pattern}".replace("<str:item_id>", "{item_id}") for route in items.urls.urlpatterns}
    both = routes(api.urls.urlpatterns + filming.urls.urlpatterns, "/api/") | item_routes
    assert both == set(schema["paths"])


def test_every_operation_has_a_summary_and_says_what_every_status_means(schema: Any) -> None:
    for name, operation in operations(schema).items():
        assert operation["summary"], name
        for status, answer in operation["responses"].items():
            assert answer["description"] or status.startswith("2"), (name, status)


def test_whoever_takes_a_body_says_that_another_type_is_refused(schema: Any) -> None:
    for name, operation in operations(schema).items():
        assert ("415" in operation["responses"]) == ("requestBody" in operation), name


def test_a_body_is_announced_as_json_and_a_picture_as_a_form(schema: Any) -> None:
    for name, operation in operations(schema).items():
        if "requestBody" in operation:
            takes_file = name.endswith(("/upload-image/", "/image", "/audio/", "/import-bundle/"))
            expected = "multipart/form-data" if takes_file else "application/json"
            assert list(operation["requestBody"]["content"]) == [expected], name


def test_renaming_needs_a_title(schema: Any) -> None:
    body = schema["paths"]["/api/projects/{id}/"]["patch"]["requestBody"]["content"]["application/json"]["schema"]
    shape = schema["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    assert shape["required"] == ["title"]


@pytest.mark.django_db
def test_a_segment_s_shape_is_the_answer_s(schema: Any, client: Client) -> None:
    segment = Segment.objects.create(project=Project.objects.create(title="A"), sequence_index=0, text_content="B")
    shape = schema["components"]["schemas"]["Segment"]

    answer = client.get(f"/api/segments/{segment.pk}/").json()

    assert set(answer) == set(shape["properties"]) == set(shape["required"]) == SEGMENT_FIELDS
    assert {name for name, value in answer.items() if value is None} == NULLABLE["Segment"]


@pytest.mark.django_db
def test_a_project_s_shape_is_the_answer_s(schema: Any, client: Client) -> None:
    project = Project.objects.create(title="A")
    shapes = schema["components"]["schemas"]
    (listed,), opened = client.get("/api/projects/").json(), client.get(f"/api/projects/{project.pk}/").json()
    assert set(listed) == set(shapes["Project"]["properties"])
    assert set(opened) == set(shapes["ProjectDetail"]["properties"])


@pytest.mark.django_db
def test_a_trash_entry_s_shape_is_the_answer_s(schema: Any, client: Client, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT, settings.UPLOADS_ROOT = tmp_path / "media", tmp_path / "uploads"
    client.delete(f"/api/projects/{Project.objects.create(title='A').pk}/")
    (entry,) = client.get("/api/trash/").json()
    shape = schema["components"]["schemas"]["TrashEntry"]
    assert set(entry) == set(shape["properties"]) == set(shape["required"])
    assert {entry["what"]} < set(schema["components"]["schemas"]["WhatEnum"]["enum"])


def test_what_can_be_null_is_announced_so_and_nothing_else(schema: Any) -> None:
    found = {
        name: {field for field, kind in shape.get("properties", {}).items() if kind.get("nullable")}
        for name, shape in schema["components"]["schemas"].items()
        if not name.endswith("Request")
    }
    assert {name: fields for name, fields in found.items() if fields} == NULLABLE


def test_an_answer_always_carries_every_field(schema: Any) -> None:
    for name, shape in schema["components"]["schemas"].items():
        if shape.get("type") == "object" and not name.endswith("Request") and name != "Error":
            assert set(shape["required"]) == set(shape["properties"]), name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "image/avif,image/webp,image/png,image/*;q=0.8,*/*;q=0.5",
        "image/webp",
        "image/*",
    ],
)
def test_a_thumbnail_can_be_asked_for_by_its_announced_type(accept: str, client: Client) -> None:
    # Without a segment the answer is 404: what was asked for could have been given.
    assert client.get("/api/segments/1/thumbnail/", headers={"Accept": accept}).status_code == 404


def assets(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]+)"', page)


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.getvalue().decode()


def test_the_page_and_everything_it_loads_come_from_here(client: Client) -> None:
    page = text_of(client, DOCS)
    loaded = assets(page)
    assert {Path(url.partition("?")[0]).suffix for url in loaded} == {".css", ".js", ".png", ""}
    for url in loaded:
        assert url.startswith("/")
        assert client.get(url).status_code == 200, url


def test_no_page_script_or_style_of_it_names_another_host(client: Client) -> None:
    page = text_of(client, DOCS)
    script = text_of(client, f"{DOCS}?script=")
    style = text_of(client, next(url for url in assets(page) if url.endswith(".css")))
    assert re.findall(r"https?://[^\s\"'<>]*", page + script) == []
    assert re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//[^)]*", style) == []


def test_the_library_s_own_links_cannot_load_anything_from_elsewhere(client: Client) -> None:
    """Swagger's script can call a validator on the internet. The page's Content-Security-Policy forbids it."""
    policy = client.get(DOCS).headers["Content-Security-Policy"]
    sources = dict(directive.split(maxsplit=1) for directive in policy.split("; "))
    assert sources["default-src"] == "'self'"
    assert sources["img-src"] == "'self' data: blob:"
    assert {"script-src", "connect-src", "font-src", "frame-src"}.isdisjoint(sources)


def test_the_page_fits_its_own_policy(client: Client) -> None:
    """Inline scripts would not run under ``default-src 'self'``."""
    page = text_of(client, DOCS)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"\son\w+=", page)


def test_the_page_reads_the_schema_from_here(client: Client) -> None:
    script = text_of(client, f"{DOCS}?script=")
    assert json.dumps("/api/schema/") in script
