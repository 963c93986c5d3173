"""The audit log of both APIs: who changed which file, newest first."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from PIL import Image


class TestAudit(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="storyflow-test-")
        self.addCleanup(folder.cleanup)
        folders = override_settings(MEDIA_ROOT=Path(folder.name, "media"), UPLOADS_ROOT=Path(folder.name, "uploads"))
        folders.enable()
        self.addCleanup(folders.disable)
        created = self.client.post(
            "/api/v1/items", {"name": "Lamp", "category": "Light"}, content_type="application/json"
        )
        self.item = created.json()["data"]["id"]

    def upload(self) -> None:
        content = BytesIO()
        Image.new("RGB", (40, 30)).save(content, "JPEG")
        image = SimpleUploadedFile("Grandma's lamp.jpg", content.getvalue())
        assert self.client.post(f"/api/v1/items/{self.item}/image", {"image": image}).status_code == 201

    def test_it_says_who_did_what_when_to_which_file_and_from_where(self) -> None:
        self.upload()

        newest = self.client.get("/api/v1/audit").json()["data"][0]

        self.assertEqual((newest["act"], newest["kind"], newest["record"]), ("upload", "item-image", self.item))
        self.assertEqual((newest["by"], newest["fileName"]), ("127.0.0.1", "Grandma's lamp.jpg"))
        self.assertRegex(newest["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(len(newest["sha256"]), 64)

    def test_the_newest_comes_first_and_the_next_page_follows(self) -> None:
        self.upload()
        self.client.delete(f"/api/v1/items/{self.item}/image")

        everything = self.client.get("/api/v1/audit").json()["data"]
        first = self.client.get("/api/v1/audit?limit=2").json()["data"]
        rest = self.client.get(f"/api/v1/audit?before={first[-1]['id']}").json()["data"]

        self.assertEqual([row["act"] for row in everything], ["remove", "trash", "upload"])
        self.assertEqual(first + rest, everything)

    def test_it_can_be_of_one_thing(self) -> None:
        self.upload()

        self.assertEqual(len(self.client.get(f"/api/v1/audit?record={self.item}").json()["data"]), 1)
        self.assertEqual(self.client.get("/api/v1/audit?record=other").json()["data"], [])

    def test_what_cannot_be_asked_is_refused_in_the_envelope(self) -> None:
        for query in ("limit=0", "limit=1001", "limit=abc", "before=0", "before=" + "9" * 40, "record=%00"):
            with self.subTest(query=query):
                answer = self.client.get(f"/api/v1/audit?{query}")
                self.assertEqual(answer.status_code, 400)
                self.assertEqual(answer.json()["error"]["code"], "VALIDATION_ERROR")
                self.assertEqual(answer.json()["message"], "Audit retrieval failed")
