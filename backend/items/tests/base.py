"""The base class of the tests of the items API: temporary folders, small builders, and checks of the envelope."""

from __future__ import annotations

import json
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image
from rest_framework.test import APITestCase

from items.models import Item
from media_store.models import AuditEntry, MediaOperation, TrashEntry

ITEMS = "/api/v1/items"
BOUNDARY = "a-line-between-parts"
MIB = 1024 * 1024
ITEM_FIELDS = {"id", "name", "description", "category", "status", "imageUrl", "createdAt", "updatedAt"}
A_TIME = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z"
NOBODY = "550e8400-e29b-41d4-a716-446655440000"


def a_picture(
    name: str = "drill.jpg",
    *,
    kind: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    color: str = "teal",
    **options: Any,
) -> SimpleUploadedFile:
    """Return a small real picture, in the form in which a browser sends it."""
    content = BytesIO()
    Image.new("RGB", size, color=color).save(content, format=kind, **options)
    return a_file_of(content.getvalue(), name)


def a_file_of(content: bytes, name: str = "drill.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def padded_to(size_bytes: int) -> SimpleUploadedFile:
    """Return a valid JPEG with zeros after its end, which decoders ignore, of exactly ``size_bytes``."""
    content = a_picture().read()
    return a_file_of(content + bytes(size_bytes - len(content)))


def a_form(filename: str, content: bytes, *, field: str = "image") -> bytes:
    """Return a multipart body as bytes; for forms that no correct client would send."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
    end = f"\r\n--{BOUNDARY}--\r\n"
    return head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + end.encode()


class ItemTestCase(APITestCase):
    """A test case with its own media folders."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="storyflow-test-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        folders = override_settings(MEDIA_ROOT=self.root / "media", UPLOADS_ROOT=self.root / "uploads")
        folders.enable()
        self.addCleanup(folders.disable)

    def an_item(self, **columns: Any) -> Item:
        return Item.objects.create(**{"name": "Cordless Drill", "category": "Power Tools", **columns})

    def an_item_with_image(self, **columns: Any) -> Item:
        """Create an item and upload its picture through the API, so that file and row are as in production."""
        item = self.an_item(**columns)
        response = self.upload(item, a_picture())
        assert response.status_code == 201, response.content
        item.refresh_from_db()
        return item

    def an_item_without_its_file(self) -> Item:
        item = self.an_item_with_image()
        self.path_of(item).unlink()
        return item

    def path_of(self, item: Item) -> Path:
        assert item.image_file is not None
        return self.root / "uploads" / item.image_file

    def send(self, method: str, url: str, body: Any = None) -> Any:
        """A request with a JSON body."""
        return self.client.generic(method, url, json.dumps(body), content_type="application/json")

    def get(self, item: Item) -> dict[str, Any]:
        return self.data_of(self.client.get(f"{ITEMS}/{item.pk}"))

    def upload(self, item: Item | str, file: Any) -> Any:
        url = f"{ITEMS}/{item.pk if isinstance(item, Item) else item}/image"
        return self.client.post(url, {"image": file}, format="multipart")

    def upload_form(self, item: Item, form: bytes) -> Any:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.client.generic("POST", f"{ITEMS}/{item.pk}/image", form, content_type=kind)

    def delete_image(self, item: Item | str) -> Any:
        return self.client.delete(f"{ITEMS}/{item.pk if isinstance(item, Item) else item}/image")

    def delete(self, item: Item) -> Any:
        return self.client.delete(f"{ITEMS}/{item.pk}")

    def trash(self) -> list[dict[str, Any]]:
        return self.client.get("/api/trash/").json()

    def restore(self, entry: dict[str, Any], body: Any = None) -> Any:
        return self.send("POST", f"/api/trash/{entry['id']}/restore/", {} if body is None else body)

    def assert_envelope(self, response: Any) -> dict[str, Any]:
        """Check that the body has exactly the three keys, and either data or an error. Return the body."""
        self.assertEqual(response.headers["Content-Type"], "application/json")
        body = json.loads(response.content)
        self.assertEqual(set(body), {"data", "error", "message"})
        self.assertTrue(body["message"] and isinstance(body["message"], str))
        if response.status_code >= 400:
            self.assertIsNone(body["data"])
            self.assertEqual(set(body["error"]), {"code", "message"})
            self.assertRegex(body["error"]["code"], r"\A[A-Z_]+\Z")
            self.assertTrue(body["error"]["message"] and isinstance(body["error"]["message"], str))
        else:
            self.assertIsNone(body["error"])
        return body

    def data_of(self, response: Any, status: int = 200) -> Any:
        body = self.assert_envelope(response)
        self.assertEqual(response.status_code, status, body)
        return body["data"]

    def assert_refused(self, response: Any, status: int, code: str, message: str | None = None) -> str:
        """Check status, code and, if given, ``message`` of an error response. Return the error's sentence."""
        body = self.assert_envelope(response)
        self.assertEqual((response.status_code, body["error"]["code"]), (status, code), body)
        if message is not None:
            self.assertEqual(body["message"], message)
        return body["error"]["message"]

    def live_files(self) -> dict[str, bytes]:
        """Return path and bytes of every file below the data folder, except the store's hidden folder."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".sf" not in path.parts
        }

    def hidden(self, folder: str) -> list[str]:
        """Return the names in one of the store's hidden folders."""
        path = self.root / "media" / ".sf" / folder
        return sorted(os.listdir(path)) if path.exists() else []

    def state(self) -> dict[str, Any]:
        """Return everything that a refused request must leave unchanged, on disk and in the database."""
        return {
            "files": self.live_files(),
            "trashed files": self.hidden("trash"),
            "leftovers": self.hidden("in"),
            "items": list(Item.objects.order_by("pk").values()),
            "trash": list(TrashEntry.objects.order_by("pk").values()),
            "operations": MediaOperation.objects.count(),
            "audit": AuditEntry.objects.count(),
        }
