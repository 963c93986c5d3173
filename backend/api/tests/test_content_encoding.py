from __future__ import annotations

import gzip
import json
import zlib

from api.tests.base import StoryTestCase


class TestContentEncoding(StoryTestCase):
    def test_a_packed_body_is_415_with_a_sentence_and_changes_nothing(self) -> None:
        segment = self.a_segment(text_content="Before.")
        body = json.dumps({"text_content": "After."}).encode()
        for coding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("br", b"x")):
            answer = self.client.patch(
                f"/api/segments/{segment.pk}/",
                packed,
                content_type="application/json",
                headers={"content-encoding": coding},
            )
            self.assertEqual(answer.status_code, 415)
            self.assertIn(coding, answer.data["error"])
        segment.refresh_from_db()
        self.assertEqual(segment.text_content, "Before.")

    def test_every_kind_of_body_of_both_apis_is_refused_so(self) -> None:
        for path in ("/api/projects/", "/api/v1/items"):
            for kind in ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
                answer = self.client.post(path, b"x", content_type=kind, headers={"content-encoding": "gzip"})
                self.assertEqual(answer.status_code, 415, (path, kind))

    def test_identity_is_no_packing(self) -> None:
        answer = self.client.post(
            "/api/projects/",
            b'{"title": "One"}',
            content_type="application/json",
            headers={"content-encoding": "identity"},
        )
        self.assertEqual(answer.status_code, 201)
