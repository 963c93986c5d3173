"""The URLs and methods of the items API, and the responses to all other URLs and methods."""

from __future__ import annotations

from items.tests.base import ITEMS, ItemTestCase

OFFERED = {"": {"GET", "POST"}, "/{}": {"GET", "PATCH", "DELETE"}, "/{}/image": {"POST", "DELETE"}}


class TestAddresses(ItemTestCase):
    def test_methods_that_are_not_offered_are_refused_in_the_envelope(self) -> None:
        item = self.an_item_with_image()
        before = self.state()
        for address, offered in OFFERED.items():
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO"} - offered:
                with self.subTest(address=address, method=method):
                    response = self.send(method, ITEMS + address.format(item.pk), {"name": "Hammer"})
                    self.assert_refused(response, 405, "METHOD_NOT_ALLOWED")
                    self.assertLessEqual(offered, set(response.headers["Allow"].split(", ")))
        self.assertEqual(self.state(), before)

    def test_whoever_asks_what_is_offered_is_told_in_the_envelope(self) -> None:
        for address, offered in OFFERED.items():
            with self.subTest(address):
                response = self.client.options(ITEMS + address.format(self.an_item().pk))
                self.assertIsNone(self.data_of(response))
                self.assertEqual(set(response.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"}, offered)

    def test_with_a_slash_at_the_end_there_is_nothing(self) -> None:
        item = self.an_item_with_image()
        before = self.state()
        for address in OFFERED:
            for method in ("GET", "POST", "PATCH", "DELETE"):
                with self.subTest(address=address, method=method):
                    response = self.send(method, f"{ITEMS}{address.format(item.pk)}/", {"name": "a", "category": "b"})
                    self.assertEqual(response.status_code, 404)
        self.assertEqual(self.state(), before)

    def test_other_addresses_are_not_found_in_the_envelope(self) -> None:
        item = self.an_item()
        for address in (
            "/{}/images",
            "/{}/image/x",
            "/{}/x",
            "x",
            "//",
            "//image",
            "/a/b/c",
            "/{}/image.json",
            ".json",
        ):
            for method in ("GET", "DELETE"):
                with self.subTest(address=address, method=method):
                    response = self.client.generic(method, ITEMS + address.format(item.pk))
                    self.assertEqual(response.status_code, 404)
                    body = response.json()
                    self.assertEqual((body["data"], body["error"]["code"]), (None, "NOT_FOUND"))
                    self.assertEqual(set(body), {"data", "error", "message"})

    def test_a_request_of_a_foreign_page_changes_nothing(self) -> None:
        item = self.an_item_with_image()
        before = self.state()
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            with self.subTest(headers=headers):
                response = self.client.delete(f"{ITEMS}/{item.pk}/image", headers=headers)
                self.assertEqual((response.status_code, self.state()), (403, before))
