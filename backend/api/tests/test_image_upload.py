"""Uploading a picture: its place, its name, and what happens to the previous picture."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import ExifTags, Image

from api.models import Project, Segment
from api.tests.base import StoryTestCase, a_form, a_picture


class TestImageUpload(StoryTestCase):
    def path_of(self, segment: Segment, name: str) -> str:
        return f"projects/{segment.project_id}/images/{segment.pk}_{name}"

    def test_a_picture_is_stored_at_its_exact_place(self) -> None:
        segment, picture = self.a_segment(), a_picture("landscape.jpg")

        response = self.upload(segment, picture)

        picture.seek(0)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.live_bytes(), {self.path_of(segment, "landscape.jpg"): picture.read()})
        segment.refresh_from_db()
        self.assertEqual(segment.image_file.name, self.path_of(segment, "landscape.jpg"))
        self.assertEqual(self.leftovers(), [])

    def test_the_answer_names_the_picture(self) -> None:
        segment = self.a_segment()

        answer = self.upload(segment, a_picture("landscape.jpg")).json()

        url = f"/media/projects/{segment.project_id}/images/{segment.pk}_landscape.jpg"
        self.assertEqual(answer, {"id": segment.pk, "image_file": url, "message": "Image uploaded successfully"})
        self.assertEqual(self.client.get(f"/api/segments/{segment.pk}/").json()["image_file"], url)

    def test_the_picture_can_be_fetched_at_its_url(self) -> None:
        segment = self.a_segment_with_picture()
        url = self.client.get(f"/api/segments/{segment.pk}/").json()["image_file"]

        response = self.client.get(url)

        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(response.getvalue(), (self.media / segment.image_file.name).read_bytes())

    def test_jpeg_png_and_webp_are_accepted_under_every_ending(self) -> None:
        for kind in ("JPEG", "PNG", "WEBP"):
            for name in ("a.jpg", "a.jpeg", "a.png", "a.webp"):
                with self.subTest(kind=kind, name=name):
                    segment = self.a_segment()
                    self.assertEqual(self.upload(segment, a_picture(name, kind=kind)).status_code, 200)
                    self.assertIn(self.path_of(segment, name), self.live_files())

    def test_endings_are_accepted_in_any_case(self) -> None:
        for name in ("a.JPG", "a.Jpeg", "a.pNg", "a.WEBP"):
            with self.subTest(name):
                segment = self.a_segment()
                response = self.upload(segment, a_picture(name))
                self.assertEqual(response.status_code, 200)
                self.assertEqual(response.json()["image_file"].lower(), f"/media/{self.path_of(segment, name)}".lower())

    def test_a_second_picture_replaces_the_first(self) -> None:
        segment = self.a_segment_with_picture()
        old = (self.media / segment.image_file.name).read_bytes()

        self.upload(segment, a_picture("forest.png", kind="PNG"))

        segment.refresh_from_db()
        self.assertEqual(segment.image_file.name, self.path_of(segment, "forest.png"))
        self.assertEqual(self.live_files(), [segment.image_file.name])
        (kept,) = self.trashed_files()
        self.assertEqual((self.media / ".sf" / "trash" / kept).read_bytes(), old)

    def test_the_same_name_again_keeps_the_same_path(self) -> None:
        segment = self.a_segment()
        for color in ("teal", "red", "gold"):
            picture = a_picture(color=color)
            response = self.upload(segment, picture)
            picture.seek(0)
            self.assertEqual(response.json()["image_file"], f"/media/{self.path_of(segment, 'landscape.jpg')}")
            self.assertEqual(self.live_bytes(), {self.path_of(segment, "landscape.jpg"): picture.read()})
        self.assertEqual(len(self.trashed_files()), 2)

    def test_segments_may_have_pictures_of_the_same_name(self) -> None:
        project = self.a_project()

        for segment in project.segments.all():
            self.upload(segment, a_picture())

        self.assertEqual(len(self.live_files()), 3)
        self.assertEqual(self.trash(), [])

    def test_a_file_that_nobody_owns_is_not_overwritten(self) -> None:
        segment = self.a_segment()
        stray = self.a_file(self.path_of(segment, "landscape.jpg"), b"put here by hand")

        response = self.upload(segment, a_picture())

        segment.refresh_from_db()
        self.assertEqual(response.status_code, 200)
        self.assertNotEqual(segment.image_file.name, stray)
        self.assertEqual((self.media / stray).read_bytes(), b"put here by hand")

    def test_a_replaced_picture_that_another_row_shows_too_stays(self) -> None:
        segment = self.a_segment_with_picture()
        shared = segment.image_file.name
        self.a_segment(segment.project, 1, image_file=shared)
        old = (self.media / shared).read_bytes()

        self.upload(segment, a_picture("forest.jpg"))

        self.assertEqual(self.live_bytes().get(shared), old)

    def test_the_segment_and_its_project_were_updated_later(self) -> None:
        segment = self.a_segment()
        segment_time, project_time = segment.updated_at, segment.project.updated_at

        self.upload(segment, a_picture())

        segment.refresh_from_db()
        self.assertGreater(segment.updated_at, segment_time)
        self.assertGreater(segment.project.updated_at, project_time)

    def test_an_unknown_segment_is_not_found(self) -> None:
        self.assertEqual(self.upload(999_999, a_picture()).status_code, 404)
        self.assertEqual((self.live_files(), self.leftovers()), ([], []))

    def test_only_post_is_allowed(self) -> None:
        segment = self.a_segment()
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            with self.subTest(method):
                self.assertEqual(self.send(method, f"/api/segments/{segment.pk}/upload-image/", {}).status_code, 405)


class TestUploadedName(StoryTestCase):
    HOSTILE = (
        "../../../etc/passwd.jpg",
        "..\\..\\windows\\system.jpg",
        "/etc/cron.d/job.jpg",
        "C:\\pictures\\a.jpg",
        "%2e%2e%2fup.jpg",
        "&#46;&#46;&#47;up.jpg",
        "a\0b.jpg",
        "a\x1b[31mb.jpg",
        ".jpg",
        "...jpg",
        "-rf.jpg",
        ".htaccess.jpg",
        "shell.php.jpg",
        "CON.jpg",
        "a b\tc.jpg",
        "Café №1 — “Größe”.jpg",
        "日本語.jpg",
        "🦊.jpg",
        "\u202egnp.jpg",
        "<img src=x onerror=alert(1)>.jpg",
        "a?b#c%d&e;f'g.jpg",
        "x" * 90 + ".jpg",
        "x" * 800 + ".jpg",
        "日" * 250 + ".jpg",
        "a." * 200 + "jpg",
    )

    def test_hostile_names_become_safe_ones_in_the_right_folder(self) -> None:
        content = a_picture().read()
        for name in self.HOSTILE:
            segment = self.a_segment()
            with self.subTest(name=name[:80]):
                response = self.upload_form(segment, a_form(name, content))
                segment.refresh_from_db()
                stored = segment.image_file.name
                self.assertEqual(response.status_code, 200)
                folder = f"projects/{segment.project_id}/images/{segment.pk}_"
                self.assertRegex(stored, rf"^{folder}[A-Za-z0-9_][A-Za-z0-9_.-]*\.jpg$")
                self.assertLessEqual(len(stored), 100)
                self.assertEqual((self.media / stored).read_bytes(), content)
                self.assertEqual(response.json()["image_file"], f"/media/{stored}")
        self.assertEqual(len(self.live_files()), len(self.HOSTILE))
        self.assertEqual({path.name for path in self.root.iterdir()}, {"media", "uploads"})

    def test_the_client_cannot_choose_the_folder(self) -> None:
        segment = self.a_segment()

        self.upload_form(segment, a_form("../../2/images/2_victim.jpg", a_picture().read()))

        self.assertEqual(self.live_files(), [f"projects/{segment.project_id}/images/{segment.pk}_2_victim.jpg"])

    def test_a_name_beyond_what_a_form_may_say_is_refused(self) -> None:
        segment = self.a_segment()

        response = self.upload_form(segment, a_form("x" * 5_000 + ".jpg", a_picture().read()))

        self.assertEqual(response.status_code, 400)
        self.assertEqual((self.live_files(), self.leftovers()), ([], []))

    def test_a_long_name_is_shortened_and_keeps_its_ending_and_path(self) -> None:
        segment = self.a_segment()
        name = "x" * 250 + ".webp"

        first, second = (self.upload(segment, a_picture(name, kind="WEBP")).json()["image_file"] for _ in range(2))

        self.assertEqual(first, second)
        self.assertRegex(first, r"x{20,}\.webp$")
        self.assertEqual(len(self.live_files()), 1)

    def test_the_stored_path_fits_the_column_whatever_the_ids(self) -> None:
        for number in (10**9, 2**63 - 1):
            project = Project.objects.create(pk=number, title="A story")
            segment = self.a_segment(project, pk=number)
            with self.subTest(number):
                self.assertEqual(self.upload(segment, a_picture("x" * 200 + ".jpeg")).status_code, 200)
                segment.refresh_from_db()
                self.assertLessEqual(len(segment.image_file.name), 100)
                self.assertTrue((self.media / segment.image_file.name).is_file())


class TestPrivateMetadata(StoryTestCase):
    def a_photograph(self) -> SimpleUploadedFile:
        exif, content = Image.Exif(), BytesIO()
        exif[ExifTags.Base.Make] = "SECRETCAMERA"
        exif[ExifTags.Base.Orientation] = 6
        Image.new("RGB", (64, 48), "teal").save(content, "JPEG", exif=exif)
        return SimpleUploadedFile("photo.jpg", content.getvalue())

    def test_what_the_camera_wrote_is_not_served(self) -> None:
        segment = self.a_segment()

        url = self.upload(segment, self.a_photograph()).json()["image_file"]

        served = self.client.get(url).getvalue()
        self.assertNotIn(b"SECRETCAMERA", served)
        self.assertEqual(Image.open(BytesIO(served)).getexif()[ExifTags.Base.Orientation], 6)

    @override_settings(KEEP_METADATA=True)
    def test_it_is_served_when_the_settings_keep_it(self) -> None:
        segment = self.a_segment()

        url = self.upload(segment, self.a_photograph()).json()["image_file"]

        self.assertIn(b"SECRETCAMERA", self.client.get(url).getvalue())
