"""An item's image at its own URL."""

from __future__ import annotations

from items.tests.base import ItemTestCase, a_picture


class TestImageServing(ItemTestCase):
    def test_the_url_of_the_answer_serves_the_picture(self) -> None:
        item, picture = self.an_item(), a_picture()
        url = self.data_of(self.upload(item, picture), 201)["imageUrl"]

        response = self.client.get(url)

        picture.seek(0)
        self.assertEqual((response.status_code, response.getvalue()), (200, picture.read()))
        self.assertEqual(response.headers["Content-Type"], "image/jpeg")

    def test_its_type_is_that_of_its_bytes(self) -> None:
        url = self.data_of(self.upload(self.an_item(), a_picture("a.jpg", kind="PNG")), 201)["imageUrl"]

        self.assertEqual(self.client.get(url).headers["Content-Type"], "image/png")

    def test_it_can_run_nothing(self) -> None:
        headers = self.client.get(f"/uploads/{self.an_item_with_image().image_file}").headers

        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_a_part_of_it_can_be_asked_for(self) -> None:
        item = self.an_item_with_image()

        response = self.client.get(f"/uploads/{item.image_file}", headers={"Range": "bytes=0-2"})

        self.assertEqual((response.status_code, response.getvalue()), (206, b"\xff\xd8\xff"))

    def test_who_has_it_already_gets_no_second_copy(self) -> None:
        url = f"/uploads/{self.an_item_with_image().image_file}"
        etag = self.client.get(url).headers["ETag"]

        self.assertEqual(self.client.get(url, headers={"If-None-Match": etag}).status_code, 304)

    def test_it_can_only_be_read(self) -> None:
        item = self.an_item_with_image()
        before = self.state()

        for method in ("POST", "PUT", "PATCH", "DELETE"):
            with self.subTest(method):
                self.assertEqual(self.send(method, f"/uploads/{item.image_file}").status_code, 405)
        self.assertEqual(self.state(), before)

    def test_a_replaced_image_is_no_longer_served(self) -> None:
        item = self.an_item_with_image()
        old = f"/uploads/{item.image_file}"

        new = self.data_of(self.upload(item, a_picture(color="red")), 201)["imageUrl"]

        self.assertEqual((self.client.get(old).status_code, self.client.get(new).status_code), (404, 200))
