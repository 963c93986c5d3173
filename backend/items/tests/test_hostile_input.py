"""Invalid input of any kind gets an error response in the envelope and changes nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from items.tests.base import BOUNDARY, ITEMS, ItemTestCase, a_form, a_picture

BAD_IDS = (
    *("1" * 40, "-" + "1" * 39, "9" * 6000, "9223372036854775808", "0", "-1", "+1", "1.5", "1e3", "0x1", "1_0"),
    *("abc", "null", "true", "%00", "1%00", "\uff11", "\uff11" * 32, "1 ", "%20", "..", "%2e%2e", "a" * 3000, "🦊"),
    *("'--", "%ff", "%ed%a0%80", "{}", "image", "5" * 32, "z" * 32, "_" * 32, "1_1" + "0" * 29, "-" * 36),
)
BAD_BODIES = {
    "deep arrays": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
    "only openings": b"[" * 100_000,
    "invalid UTF-8": b'{"name": "\xff\xfe\x00"}',
    "half a character": b'{"name": "\xed\xa0\x80"}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "5,000 digits": b'{"status": ' + b"1" * 5_000 + b"}",
    "a cut object": b'{"name": "a"',
    "two objects": b'{"name": "a"} {}',
    "single quotes": b"{'name': 'a'}",
    "a raw NUL": b'{"name": "a\0b"}',
    "a form": b"name=a",
    "not much": b" ",
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
}
NO_OBJECTS = (b"[]", b'[{"name": "a", "category": "b"}]', b"null", b"5", b'"x"', b"true")
CONTENT_TYPES = (
    *("text/plain", "text/html", "application/xml", "application/octet-stream", "image/jpeg", "x", "a/b/c", "/"),
    *("application/jsonx", "application/json-patch+json", "multipart/mixed; boundary=b"),
)
TEXTS = ("\ud800", "a\udfff", "\udc00\ud800", "\0", "a\0b", 10**4000, -(10**4000), 1e308, [], {}, [[]], True)


class TestHostileInput(ItemTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.item = self.an_item_with_image()
        self.before = self.state()

    def tearDown(self) -> None:
        self.assertEqual(self.state(), self.before)
        super().tearDown()

    def takers(self) -> Iterator[tuple[str, str]]:
        """Every address that reads a body as JSON."""
        yield "POST", ITEMS
        yield "PATCH", f"{ITEMS}/{self.item.pk}"

    def test_ids_that_are_none_are_not_found(self) -> None:
        for bad in BAD_IDS:
            for method, address in (
                ("GET", ""),
                ("PATCH", ""),
                ("DELETE", ""),
                ("POST", "/image"),
                ("DELETE", "/image"),
            ):
                with self.subTest(id=bad[:50], method=method, address=address):
                    response = self.send(method, f"{ITEMS}/{quote(bad, safe='%')}{address}", {"name": "a"})
                    self.assert_refused(response, 404, "ITEM_NOT_FOUND")

    def test_bodies_that_are_no_json_are_refused(self) -> None:
        for method, address in self.takers():
            for name, body in BAD_BODIES.items():
                with self.subTest(method=method, body=name):
                    response = self.client.generic(method, address, body, content_type="application/json")
                    self.assert_refused(response, 400, "INVALID_BODY")

    def test_json_that_is_no_object_is_refused(self) -> None:
        for method, address in self.takers():
            for body in NO_OBJECTS:
                with self.subTest(method=method, body=body):
                    response = self.client.generic(method, address, body, content_type="application/json")
                    self.assert_refused(response, 400, "VALIDATION_ERROR")

    def test_types_that_cannot_be_read_are_refused(self) -> None:
        for method, address in (*self.takers(), ("POST", f"{ITEMS}/{self.item.pk}/image")):
            for kind in CONTENT_TYPES:
                with self.subTest(method=method, address=address, kind=kind):
                    response = self.client.generic(method, address, '{"name": "a", "category": "b"}', content_type=kind)
                    self.assert_refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_text_that_cannot_be_stored_is_refused(self) -> None:
        for method, address in self.takers():
            for field in ("name", "description", "category", "status"):
                for text in TEXTS:
                    with self.subTest(method=method, field=field, text=repr(text)[:40]):
                        body = {"name": "a", "category": "b", field: text}
                        self.assert_refused(self.send(method, address, body), 400, "VALIDATION_ERROR")

    def test_values_nested_at_any_depth_are_refused(self) -> None:
        # Near the interpreter's limit a body can be read that can no longer be written out.
        for depth in (10, 100, *range(700, 1000, 20), 2_000):
            for field in ("name", "status"):
                with self.subTest(depth=depth, field=field):
                    body = f'{{"{field}": {"[" * depth}{"]" * depth}}}'
                    response = self.client.generic(
                        "PATCH", f"{ITEMS}/{self.item.pk}", body, content_type="application/json"
                    )
                    self.assertEqual((response.status_code, bool(self.assert_envelope(response))), (400, True))

    def test_a_refusal_does_not_repeat_what_was_sent(self) -> None:
        response = self.send("PATCH", f"{ITEMS}/{self.item.pk}", {"status": "<script>" * 10_000})

        self.assertNotIn("script", self.assert_refused(response, 400, "VALIDATION_ERROR"))

    def test_malformed_forms_are_refused(self) -> None:
        line, picture = f"--{BOUNDARY}".encode(), a_picture().read()
        whole = a_form("a.jpg", picture)
        forms = {
            "nothing": b"",
            "no boundary": picture,
            "only a boundary": line,
            "only an end": line + b"--\r\n",
            "no headers": line + b"\r\n\r\n" + picture + b"\r\n" + line + b"--\r\n",
            "no name": whole.replace(b'name="image"; ', b""),
            "no disposition": whole.replace(b"Content-Disposition", b"X-Nothing"),
            "bad base64": whole.replace(b"Content-Type:", b"Content-Transfer-Encoding: base64\r\nContent-Type:"),
            "bytes for a name": whole.replace(b'"image"', b'"\xff\xfe\x00"'),
            "a name in no known encoding": whole.replace(b'filename="a.jpg"', b"filename*=nonsense''a%41.jpg"),
            "too many headers": whole.replace(b"Content-Type:", b"X-A: b\r\n" * 5_000 + b"Content-Type:"),
        }
        for name, form in forms.items():
            with self.subTest(name):
                response = self.upload_form(self.item, form)
                self.assertEqual((response.status_code, bool(self.assert_envelope(response))), (400, True))

    def test_boundaries_that_are_none_are_refused(self) -> None:
        for boundary in ('"', "", "\xe9", "x" * 500):
            for address in (ITEMS, f"{ITEMS}/{self.item.pk}/image"):
                with self.subTest(boundary=boundary[:20], address=address):
                    kind = f"multipart/form-data; boundary={boundary}"
                    response = self.client.generic("POST", address, a_form("a.jpg", b"x"), content_type=kind)
                    self.assert_envelope(response)
                    self.assertIn(response.status_code, (400, 415))

    def test_forms_of_too_many_fields_or_files_are_refused(self) -> None:
        forms: dict[str, dict[str, Any]] = {
            "fields": {f"field{number}": "x" for number in range(3_000)},
            "files": {f"file{number}": a_picture() for number in range(150)},
        }
        for what, form in forms.items():
            with self.subTest(what):
                response = self.client.post(f"{ITEMS}/{self.item.pk}/image", form, format="multipart")
                self.assert_refused(response, 400, "INVALID_FORM", "Image upload failed")

    def test_forms_with_much_text_are_too_large(self) -> None:
        form = {"name": "x" * (3 * 1024 * 1024), "category": "b"}

        self.assert_refused(self.client.post(ITEMS, form, format="multipart"), 413, "FORM_TOO_LARGE")

    def test_an_upload_that_breaks_off_is_refused(self) -> None:
        class Broken(io.RawIOBase):
            def read(self, size: int = -1) -> bytes:
                raise ConnectionResetError("gone")

        response = self.client.post(
            f"{ITEMS}/{self.item.pk}/image",
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            **{"wsgi.input": Broken(), "CONTENT_LENGTH": "500"},
        )

        self.assert_refused(response, 400, "INCOMPLETE_UPLOAD", "Image upload failed")

    def test_a_file_where_text_belongs_is_refused(self) -> None:
        for field in ("name", "description", "category", "status"):
            with self.subTest(field):
                response = self.client.patch(f"{ITEMS}/{self.item.pk}", {field: a_picture()}, format="multipart")
                self.assert_refused(response, 400, "VALIDATION_ERROR", "Item update failed")

    def test_bodies_of_requests_that_take_none_are_not_read(self) -> None:
        bare = self.an_item()
        for body in BAD_BODIES.values():
            for kind in ("application/json", "text/plain", "multipart/form-data; boundary=b"):
                response = self.client.generic("DELETE", f"{ITEMS}/{bare.pk}/image", body, content_type=kind)
                self.assert_refused(response, 404, "NO_IMAGE_FOUND")
        bare.delete()

    def test_names_of_fields_may_be_anything(self) -> None:
        body = {"\ud800": "\ud800", "\0": [], "": {}, "__proto__": 1, "pk": 9, "x" * 100_000: None}

        self.assert_refused(self.send("POST", ITEMS, body), 400, "VALIDATION_ERROR")

    def test_queries_and_accept_headers_may_say_anything(self) -> None:
        for query in ("?format=xml", "?status=%00", "?page=-1", "?%ff=%ed%a0%80", "?" + "x" * 5_000):
            for accept in ("text/html", "image/*", "nonsense", ""):
                with self.subTest(query=query[:20], accept=accept):
                    response = self.client.get(f"{ITEMS}/{self.item.pk}{query}", headers={"Accept": accept})
                    self.assertEqual(json.loads(response.content)["data"]["id"], str(self.item.pk))
