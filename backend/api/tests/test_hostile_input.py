"""Hostile request bodies: each is refused with a sentence, and nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from api.models import Segment
from api.tests.base import BOUNDARY, StoryTestCase, a_form, a_picture

BAD_IDS = (
    *("1" * 40, "-" + "1" * 39, "9" * 6000, "9223372036854775808", "0", "-1", "+1", "1.5", "1e3", "0x1", "1_0"),
    *("abc", "null", "true", "%00", "1%00", "\uff11", "\u0967", "1 ", " 1", "%20", "1%2F", "..", "%2e%2e", "a" * 3000),
    *("🦊", "'--", "%ff", "{}"),
)
DEEP = b"[" * 100_000 + b"]" * 100_000
# Valid JSON or not, no endpoint can use these.
BAD_BODIES = {
    "an array": b"[]",
    "an array of objects": b'[{"title": "a"}]',
    "null": b"null",
    "a number": b"5",
    "a string": b'"x"',
    "true": b"true",
    "deep arrays": b'{"a": ' + DEEP + b"}",
    "deep objects": b'{"a": ' + b'{"a": ' * 100_000 + b"1" + b"}" * 100_001,
    "only openings": b"[" * 100_000,
    "invalid UTF-8": b'{"title": "\xff\xfe\x00"}',
    "cut UTF-8": b'{"title": "\xc3"}',
    "NaN": b'{"title": NaN, "project_id": NaN, "text_content": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "5,000 digits": b'{"title": ' + b"1" * 5_000 + b', "project_id": ' + b"1" * 5_000 + b"}",
    "a cut object": b'{"title": "a"',
    "two objects": b'{"title": "a"} {}',
    "a trailing comma": b'{"title": "a",}',
    "single quotes": b"{'title': 'a'}",
    "a raw NUL": b'{"title": "a\0b"}',
    "a form": b"title=a",
    "not much": b" ",
    "UTF-16": '{"title": "a"}'.encode("utf-16"),
}
CONTENT_TYPES = (
    *("text/plain", "text/html", "application/xml", "application/octet-stream", "image/jpeg", "x", "a/b/c", "/"),
    *("application/jsonx", "application/json-patch+json", "multipart/form-data", "multipart/mixed; boundary=b"),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=\xe9"),
    *(f"multipart/form-data; boundary={'x' * 500}", "application/json; charset=base64", "text/plain; charset=utf-16"),
    *("application/json; charset=nonsense", "multipart/form-data; boundary=b; charset=base64", "application/json;;;=="),
)
TEXTS = ("\ud800", "a\udfff", "\udc00\ud800", "\0", "a\0b", 10**4000, -(10**4000), 1e308, [], {}, [[]], True, None)


class TestHostileInput(StoryTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.segment = self.a_segment_with_picture()
        self.project = self.segment.project
        self.removed = self.a_segment_with_picture(self.project, index=1)
        self.remove(self.removed)
        self.entry = self.trash()[0]["id"]
        self.before = self.state()

    def assert_refused(self, response: Any) -> None:
        self.assertTrue(400 <= response.status_code < 500, response.status_code)
        answer = json.loads(response.content)
        self.assertTrue({"error", "detail"} & set(answer), answer)
        self.assertIsInstance(answer.get("error", answer.get("detail")), str)

    def assert_answered(self, response: Any) -> None:
        """Assert that the request was refused, or done without the parts that could not be used."""
        if response.status_code >= 300:
            self.assert_refused(response)

    def tearDown(self) -> None:
        self.assertEqual(self.state(), self.before)
        super().tearDown()

    def takers(self) -> Iterator[tuple[str, str]]:
        """Yield (method, URL) of every request that reads a JSON body."""
        yield "POST", "/api/projects/"
        yield "PATCH", f"/api/projects/{self.project.pk}/"
        yield "POST", "/api/projects/import/"
        yield "POST", f"/api/projects/{self.project.pk}/import-segments/"
        yield "PATCH", f"/api/segments/{self.segment.pk}/"
        yield "POST", "/api/segments/reorder/"
        yield "POST", f"/api/trash/{self.entry}/restore/"

    def test_ids_that_are_none_are_not_found(self) -> None:
        addresses = (
            *("projects/{}/", "projects/{}/import-segments/", "segments/{}/", "segments/{}/upload-image/"),
            *("segments/{}/remove-image/", "segments/{}/thumbnail/", "trash/{}/", "trash/{}/restore/"),
        )
        body = {"title": "a", "is_locked": True, "format": "json", "segments": [{"text_content": "a"}]}
        for bad in BAD_IDS:
            for address in addresses:
                for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                    with self.subTest(method=method, address=address, id=bad[:50]):
                        response = self.send(method, "/api/" + address.format(quote(bad, safe="%")), body)
                        self.assert_refused(response)
                        self.assertIn(response.status_code, (404, 405))

    def test_queries_that_are_no_integers_are_refused(self) -> None:
        bad = ("1" * 40, "abc", "%00", "\uff11", "1.5", "", "1e3", "%ff", "[]", "-", "--1", "9" * 6000, "🦊", "nan")
        for address in ("segments/?project=", "trash/?project=", f"segments/{self.segment.pk}/thumbnail/?w="):
            for value in bad:
                with self.subTest(address=address, value=value[:50]):
                    response = self.client.get("/api/" + address + value)
                    self.assert_refused(response)
                    self.assertEqual(response.status_code, 400)

    def test_bodies_that_are_no_json_objects_are_refused(self) -> None:
        for method, address in self.takers():
            for name, body in BAD_BODIES.items():
                with self.subTest(method=method, address=address, body=name):
                    response = self.client.generic(method, address, body, content_type="application/json")
                    self.assert_refused(response)
                    self.assertEqual(response.status_code, 400)

    def test_bodies_that_are_no_forms_are_refused_by_the_upload(self) -> None:
        address = f"/api/segments/{self.segment.pk}/upload-image/"
        for name, body in BAD_BODIES.items():
            for kind in (
                "application/json",
                "application/x-www-form-urlencoded",
                f"multipart/form-data; boundary={BOUNDARY}",
            ):
                with self.subTest(body=name, kind=kind):
                    response = self.client.generic("POST", address, body, content_type=kind)
                    self.assert_refused(response)
                    self.assertEqual(response.status_code, 400)

    def test_bodies_of_requests_that_take_none_are_not_read(self) -> None:
        for body in BAD_BODIES.values():
            for kind in ("application/json", "text/plain", "multipart/form-data; boundary=b"):
                response = self.client.generic(
                    "DELETE", f"/api/segments/{self.removed.pk}/remove-image/", body, content_type=kind
                )
                self.assertEqual((response.status_code, response.json()), (400, {"error": "No image to remove"}))

    def test_content_types_that_cannot_be_read_are_refused(self) -> None:
        body = json.dumps({"title": "a", "is_locked": True, "format": "json", "segments": [{"text_content": "a"}]})
        for method, address in self.takers():
            for kind in CONTENT_TYPES:
                with self.subTest(method=method, address=address, kind=kind):
                    if kind == "application/json;;;==":  # JSON after all, with parameters that say nothing
                        body = "[]"
                    response = self.client.generic(method, address, body, content_type=kind)
                    self.assert_refused(response)
                    self.assertIn(response.status_code, (400, 415))

    def test_text_that_cannot_be_stored_is_refused(self) -> None:
        story = {"title": "a", "format": "json", "segments": [{"text_content": "a"}]}
        more = f"/api/projects/{self.project.pk}/import-segments/"
        for text in TEXTS:
            bodies = [
                ("POST", "/api/projects/", {"title": text}),
                ("PATCH", f"/api/projects/{self.project.pk}/", {"title": text}),
                ("POST", "/api/projects/import/", {**story, "title": text}),
                ("POST", "/api/projects/import/", {**story, "format": text}),
                ("POST", "/api/projects/import/", {**story, "segments": [{"text_content": text}]}),
                ("POST", "/api/projects/import/", {"title": "a", "format": "text", "raw_text": text}),
                ("POST", more, {**story, "segments": [{"text_content": text}]}),
                ("POST", more, {"format": "text", "raw_text": text}),
                ("PATCH", f"/api/segments/{self.segment.pk}/", {"text_content": text}),
                ("PATCH", f"/api/segments/{self.segment.pk}/", {"image_prompt": text}),
            ]
            if text is not None:  # which says that there is no prompt, and the start
                bodies.append(("POST", more, {**story, "segments": [{"text_content": "a", "image_prompt": text}]}))
                bodies.append(("POST", more, {**story, "after": text}))
            for method, address, body in bodies:
                with self.subTest(method=method, address=address, body=repr(body)[:80]):
                    response = self.send(method, address, body)
                    self.assert_refused(response)
                    self.assertEqual(response.status_code, 400)

    def test_half_characters_sent_as_bytes_are_refused(self) -> None:
        for method, address in self.takers():
            for field in ("title", "text_content", "raw_text", "segment_order", "ignored"):
                with self.subTest(method=method, address=address, field=field):
                    body = b'{"' + field.encode() + b'": "\xed\xa0\x80"}'
                    response = self.client.generic(method, address, body, content_type="application/json")
                    self.assert_refused(response)
                    self.assertEqual(response.status_code, 400)

    def test_names_of_fields_may_be_anything(self) -> None:
        body = {"\ud800": "\ud800", "\0": [], "": {}, "__proto__": 1, "pk": 9, "x" * 100_000: None}
        for method, address in (("PATCH", f"/api/segments/{self.segment.pk}/"), ("POST", "/api/projects/")):
            with self.subTest(method):
                self.assert_answered(self.send(method, address, body))

    def test_malformed_forms_are_refused(self) -> None:
        address = f"/api/segments/{self.segment.pk}/upload-image/"
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
            "a part's odd charset": whole.replace(b"image/jpeg", b"image/jpeg; charset=base64").replace(
                b'image"', b'x"'
            ),
            "bytes for a name": whole.replace(b'"image"', b'"\xff\xfe\x00"'),
            "a name in no known encoding": whole.replace(b'filename="a.jpg"', b"filename*=nonsense''a%41.jpg"),
            "too many headers": whole.replace(b"Content-Type:", b"X-A: b\r\n" * 5_000 + b"Content-Type:"),
        }
        for name, form in forms.items():
            with self.subTest(name):
                response = self.upload_form(self.segment, form)
                self.assert_refused(response)
                self.assertEqual(response.status_code, 400)
        for boundary in ("b", '"', "", "\xe9", "x" * 500, f"{BOUNDARY}; boundary=b", f"{BOUNDARY}\\"):
            with self.subTest(boundary=boundary[:20]):
                kind = f"multipart/form-data; boundary={boundary}"
                self.assert_refused(self.client.generic("POST", address, whole, content_type=kind))

    def test_forms_of_a_thousand_fields_are_refused(self) -> None:
        for count in (1_000, 1_001, 3_000):
            fields = {f"field{number}": "x" for number in range(count)}
            for address in (
                f"/api/segments/{self.segment.pk}/upload-image/",
                "/api/projects/",
                "/api/projects/import/",
            ):
                for kind in ("multipart", "urlencoded"):
                    with self.subTest(count=count, address=address, kind=kind):
                        self.assert_refused(self.post_form(address, fields, kind))

    def post_form(self, address: str, fields: dict[str, str], kind: str) -> Any:
        if kind == "multipart":
            return self.client.post(address, fields, format="multipart")
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        return self.client.generic("POST", address, body, content_type="application/x-www-form-urlencoded")

    def test_forms_of_many_files_are_refused(self) -> None:
        files = {f"file{number}": a_picture() for number in range(150)}

        self.assert_refused(
            self.client.post(f"/api/segments/{self.segment.pk}/upload-image/", files, format="multipart")
        )

    def test_forms_with_much_text_are_refused(self) -> None:
        for kind in ("multipart", "urlencoded"):
            with self.subTest(kind):
                fields = {"title": "x" * (3 * 1024 * 1024)}
                self.assert_refused(self.post_form("/api/projects/", fields, kind))

    def test_a_file_where_text_belongs_is_refused(self) -> None:
        for field in ("text_content", "image_prompt", "is_locked"):
            with self.subTest(field):
                address = f"/api/segments/{self.segment.pk}/"
                self.assert_refused(self.client.patch(address, {field: a_picture()}, format="multipart"))
        self.assert_refused(self.client.post("/api/projects/", {"title": a_picture()}, format="multipart"))

    def test_headers_may_say_anything(self) -> None:
        address = f"/api/segments/{self.segment.pk}/"
        for name in (
            "If-None-Match",
            "If-Match",
            "If-Modified-Since",
            "Accept",
            "Accept-Encoding",
            "Range",
            "X-HTTP-Method-Override",
        ):
            for value in (
                "",
                "*",
                '"',
                "\x7f",
                "é",
                "x" * 5_000,
                "bytes=9-1",
                "Thu, 99 Foo 0000 99:99:99 GMT",
                "a/b;q=x",
            ):
                with self.subTest(name=name, value=value[:20]):
                    response = self.client.get(address, headers={name: value})
                    self.assertTrue(response.status_code < 500)

    def test_methods_that_are_not_offered_are_refused(self) -> None:
        for method in ("TRACE", "PROPFIND", "FOO", "PUT"):
            for address in (
                "/api/projects/",
                f"/api/segments/{self.segment.pk}/",
                "/api/segments/reorder/",
                "/api/trash/",
            ):
                with self.subTest(method=method, address=address):
                    response = self.client.generic(method, address)
                    self.assert_refused(response)
                    self.assertEqual(response.status_code, 405)

    def test_a_story_with_odd_segments_is_refused_whole(self) -> None:
        odd = [{"text_content": "a", "image_prompt": "\ud800"}, "\0", None, [[[[]]]], {"text_content": {"a": 10**40}}]

        response = self.send("POST", "/api/projects/import/", {"format": "json", "title": "a", "segments": odd})

        self.assert_refused(response)
        self.assertFalse(Segment.objects.exclude(project=self.project).exists())
