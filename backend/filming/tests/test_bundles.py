"""Export and import of bundles."""

from __future__ import annotations

import json
import struct
import zipfile
from io import BytesIO
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.models import Project, Segment
from api.services.story_import import import_story
from api.tests.base import a_picture
from filming import bundle_archive, bundle_export, bundle_story, bundles
from filming.models import Narration
from filming.tests.base import TEXTS, FilmTestCase
from media_store import disk
from media_store.recovery import recover
from preferences import setting_values

Parts = dict[str, bytes]


class BundleTestCase(FilmTestCase):
    def export(self, project_id: int | None = None) -> bytes:
        answer = self.client.get(f"/api/projects/{project_id or self.project.pk}/bundle/")
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "application/zip"
        return b"".join(answer.streaming_content)

    def send(self, content: bytes) -> Any:
        file = SimpleUploadedFile("b.zip", content)
        return self.client.post("/api/projects/import-bundle/", {"bundle": file}, format="multipart")

    def parts_of(self, content: bytes) -> Parts:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def packed(self, parts: Parts, kind: int = zipfile.ZIP_STORED) -> bytes:
        content = BytesIO()
        with zipfile.ZipFile(content, "w", kind) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        return content.getvalue()

    def a_story(self, *segments: dict[str, Any], **more: Any) -> bytes:
        texts = [{"text_content": "One.", **segment} for segment in segments or ({},)]
        return json.dumps({"bundle": 1, "title": "Sent", "segments": texts, **more}).encode()

    def refused(self, parts: Parts | bytes) -> str:
        """The reason; nothing was made, and nothing is left over."""
        before = self.state()
        answer = self.send(parts if isinstance(parts, bytes) else self.packed(parts))
        assert answer.status_code == 400, answer.content
        assert self.state() == before
        return str(answer.json().get("details") or answer.json()["error"])


class ExportTests(BundleTestCase):
    def test_it_holds_the_script_the_pictures_the_sound_and_the_settings(self) -> None:
        self.give_pictures()
        self.narrate_all()
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"zoom": 1.5})
        parts = self.parts_of(self.export())
        story = json.loads(parts["story.json"])
        assert (story["title"], story["settings"]) == ("Half a Fig", {"zoom": 1.5})
        assert [segment["text_content"] for segment in story["segments"]] == list(TEXTS)
        assert list(parts) == [
            "pictures/1-teal.png",
            "sound/1-narration.flac",
            "pictures/2-maroon.png",
            "sound/2-narration.flac",
            "pictures/3-olive.png",
            "sound/3-narration.flac",
            "story.json",
        ]
        assert parts["pictures/1-teal.png"] == self.file_of(self.fresh(0).image_file.name).read_bytes()

    def test_its_story_can_be_imported_alone(self) -> None:
        story = json.loads(self.parts_of(self.export())["story.json"])
        imported = import_story({**story, "format": "json"})
        assert [segment["text_content"] for segment in imported["segments"]] == list(TEXTS)

    def test_it_is_stored_not_deflated_and_the_same_project_gives_the_same_bytes(self) -> None:
        self.give_pictures()
        content = self.export()
        assert content == self.export()
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
            assert archive.testzip() is None

    def test_it_is_sent_in_small_pieces(self) -> None:
        noise = a_picture("noise.jpg", size=(2_000, 1_500))
        with mock.patch.object(bundle_export, "PIECE_BYTES", 1024):
            self.upload(self.segments[0], noise)
            _, pieces = bundle_export.export_project(self.project.pk)
            sizes = [len(piece) for piece in pieces]
        assert len(sizes) > 10
        assert max(sizes[:-1]) < 2_048

    def test_a_picture_that_is_missing_from_disk_is_left_out(self) -> None:
        self.give_pictures()
        self.file_of(self.fresh(1).image_file.name).unlink()
        story = json.loads(self.parts_of(self.export())["story.json"])
        assert ["picture" in segment for segment in story["segments"]] == [True, False, True]

    def test_the_file_is_named_after_the_story(self) -> None:
        Project.objects.filter(pk=self.project.pk).update(title='Ünë "quoted"\r\nX: y / ../.. 物語')
        answer = self.client.get(f"/api/projects/{self.project.pk}/bundle/")
        assert answer["Content-Disposition"] == 'attachment; filename="Une_quoted_X_y_.._.._.zip"'

    def test_what_is_too_large_is_refused_before_anything_is_sent(self) -> None:
        self.give_pictures()
        with mock.patch.object(bundle_export, "MAX_BUNDLE_BYTES", 100):
            answer = self.client.get(f"/api/projects/{self.project.pk}/bundle/")
        assert answer.status_code == 409
        assert "more than a bundle can hold" in answer.json()["error"]

    def test_a_story_too_long_with_its_word_times_goes_without_them_and_comes_in_again(self) -> None:
        self.narrate_all()
        with mock.patch.object(bundle_export, "MAX_STORY_BYTES", 700):
            content = self.export()
        story = json.loads(self.parts_of(content)["story.json"])
        assert [set(segment["sound"]) for segment in story["segments"]] == [{"file"}] * 3
        assert self.send(content).status_code == 201

    def test_its_length_is_told_before_it_is_sent(self) -> None:
        self.give_pictures()
        self.narrate_all()
        answer = self.client.get(f"/api/projects/{self.project.pk}/bundle/")
        assert int(answer["Content-Length"]) == len(b"".join(answer.streaming_content))
        told = self.client.head(f"/api/projects/{self.project.pk}/bundle/")
        assert (told["Content-Length"], b"".join(told.streaming_content)) == (answer["Content-Length"], b"")

    def test_a_picture_that_is_removed_or_replaced_meanwhile_is_sent_as_it_was(self) -> None:
        self.give_pictures()
        before = self.export()
        _, bundle = bundle_export.export_project(self.project.pk)
        self.remove(self.fresh(1))
        self.upload(self.segments[2], a_picture("olive.png", kind="PNG", color="white"))
        assert b"".join(bundle) == before

    def test_a_picture_that_is_gone_for_good_meanwhile_breaks_the_bundle_off(self) -> None:
        self.give_pictures()
        _, bundle = bundle_export.export_project(self.project.pk)
        self.file_of(self.fresh(1).image_file.name).unlink()
        with pytest.raises(OSError, match="gone"):
            list(bundle)

    def test_a_picture_that_is_written_over_by_hand_meanwhile_breaks_the_bundle_off(self) -> None:
        self.give_pictures()
        _, bundle = bundle_export.export_project(self.project.pk)
        self.file_of(self.fresh(1).image_file.name).write_bytes(b"other bytes")
        with pytest.raises(OSError, match="gone"):
            list(bundle)

    def test_stories_that_wait_to_be_sent_are_bounded_in_all(self) -> None:
        with mock.patch.object(bundle_export, "MAX_STORY_MEMORY_BYTES", 1):
            waiting = bundle_export.export_project(self.project.pk)
            answer = self.client.get(f"/api/projects/{self.project.pk}/bundle/")
            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
            assert "Try again" in answer.json()["error"]
            del waiting
            self.export()

    def test_an_unknown_project_is_404(self) -> None:
        assert self.client.get("/api/projects/999999/bundle/").status_code == 404


class ImportTests(BundleTestCase):
    def test_a_project_comes_back_whole(self) -> None:
        self.give_pictures()
        self.narrate_all()
        Segment.objects.filter(pk=self.segments[2].pk).update(is_locked=True, image_prompt="An olive")
        self.patch(f"/api/projects/{self.project.pk}/settings/", {"zoom": 1.5})
        self.patch(f"/api/segments/{self.segments[0].pk}/framing/", {"motion": "pan-left"})
        self.patch(f"/api/segments/{self.segments[1].pk}/settings/", {"voice": "espeak-en", "pause_s": 2})
        answer = self.send(self.export())
        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert (made["title"], made["segments"], made["left_out"]) == ("Half a Fig", 3, {})
        old = self.client.get(f"/api/projects/{self.project.pk}/").json()["segments"]
        new = self.client.get(f"/api/projects/{made['id']}/").json()["segments"]
        for one, other in zip(old, new, strict=True):
            for column in ("text_content", "image_prompt", "is_locked", "sequence_index"):
                assert one[column] == other[column]
            assert abs(one["audio_duration"] - other["audio_duration"]) < 0.01
            for column in ("image_file", "audio_file"):
                assert self.file_of(one[column]).read_bytes() == self.file_of(other[column]).read_bytes()
        words = [self.client.get(f"/api/segments/{rows[0]['id']}/words/").data for rows in (old, new)]
        assert words[0]["words"] == words[1]["words"]
        assert not words[1]["stale"]
        assert self.client.get(f"/api/segments/{new[0]['id']}/framing/").data["motion"] == "pan-left"
        own = {"voice": "espeak-en", "pause_s": 2}
        assert self.client.get(f"/api/segments/{new[1]['id']}/settings/").data["own"] == own
        assert self.client.get(f"/api/projects/{made['id']}/settings/").data["own"] == {"zoom": 1.5}
        assert self.leftovers() == []
        assert recover().is_clean

    def test_a_bundle_made_by_hand_and_deflated_is_taken_too(self) -> None:
        picture = a_picture("x.png", kind="PNG").read()
        parts = {"a/b/forest.png": picture, "story.json": self.a_story({"picture": "a/b/forest.png"})}
        answer = self.send(self.packed(parts, zipfile.ZIP_DEFLATED))
        assert answer.status_code == 201
        assert Segment.objects.get(project=answer.json()["id"]).image_file.name.endswith("_forest.png")

    def test_a_setting_that_cannot_be_used_here_is_left_out_and_said(self) -> None:
        story = self.a_story(settings={"voice": "nobody", "zoom": 1.5, "colour": "blue"})
        made = self.send(self.packed({"story.json": story})).json()
        assert set(made["left_out"]) == {"voice", "colour"}
        assert self.client.get(f"/api/projects/{made['id']}/settings/").data["own"] == {"zoom": 1.5}

    def test_a_segment_s_voice_that_is_not_here_is_left_out_and_said_with_its_number(self) -> None:
        story = self.a_story({}, {"settings": {"voice": "nobody", "pause_s": 2}}, {"settings": {"pause_s": True}})
        made = self.send(self.packed({"story.json": story})).json()
        assert set(made["left_out"]) == {"voice of segment 2", "pause_s of segment 3"}
        own = [self.client.get(f"/api/segments/{row.pk}/settings/").data["own"] for row in self.rows_of(made["id"])]
        assert own == [{}, {"pause_s": 2}, {}]

    def rows_of(self, project: int) -> list[Segment]:
        return list(Segment.objects.filter(project=project).order_by("sequence_index"))

    def test_names_are_never_paths(self) -> None:
        picture = a_picture().read()
        for name in ("../../../etc/evil.jpg", "/etc/evil.jpg", "C:\\evil.jpg", "pictures/..%2f..%2fevil.jpg"):
            answer = self.send(self.packed({name: picture, "story.json": self.a_story({"picture": name})}))
            assert answer.status_code == 201, name
            row = Segment.objects.get(project=answer.json()["id"])
            folder, _, base = row.image_file.name.rpartition("/")
            assert folder == f"projects/{row.project_id}/images"
            assert base.startswith(f"{row.pk}_")
        assert all(name.startswith("projects/") for name in self.live_files())

    def test_what_is_no_bundle_is_refused_with_the_reason(self) -> None:
        picture = a_picture().read()
        assert "no ZIP file" in self.refused(b"text")
        assert "no ZIP file" in self.refused(self.packed({"story.json": self.a_story()})[:-10])
        assert "has no 'story.json'" in self.refused({"other.json": b"{}"})
        assert "not valid JSON" in self.refused({"story.json": b"{"})
        assert "not valid JSON" in self.refused({"story.json": b"[" * 100_000})
        for story in (b"[]", b"null", b'{"bundle": true}', b'{"bundle": 2, "title": "x"}'):
            assert "not one of a StoryFlow bundle" in self.refused({"story.json": story})
        assert "has no 'x.jpg'" in self.refused({"story.json": self.a_story({"picture": "x.jpg"})})
        assert "text_content" in self.refused({"story.json": self.a_story({"text_content": " "})})
        twice = self.a_story({"picture": "x.jpg"}, {"picture": "x.jpg"})
        assert "names it twice" in self.refused({"x.jpg": picture, "story.json": twice})
        answer = self.client.post("/api/projects/import-bundle/", {}, format="multipart")
        assert answer.json()["error"] == "No bundle was sent."

    def test_pictures_and_sound_are_checked_as_uploads_are(self) -> None:
        story = self.a_story({"picture": "1-x.jpg"})
        assert "1-x.jpg: This file is a GIF" in self.refused({"1-x.jpg": b"GIF89a....", "story.json": story})
        assert "cut off" in self.refused({"1-x.jpg": a_picture().read()[:300], "story.json": story})
        story = self.a_story({"picture": "x.svg"})
        assert "must end in" in self.refused({"x.svg": a_picture().read(), "story.json": story})
        story = self.a_story({"sound": {"file": "1.flac"}})
        assert "1.flac: This is not a WAV" in self.refused({"1.flac": b"noise", "story.json": story})
        assert "1.flac" in self.refused({"1.flac": b"fLaC" + b"\0" * 100, "story.json": story})

    def test_fields_of_the_wrong_kind_are_refused(self) -> None:
        narration = {"file": "a", "text": "One.", "timing": "exact", "words": []}
        for segment in (
            {"is_locked": "yes"},
            {"picture": 7},
            {"picture": "x" * 400},
            {"sound": ["a"]},
            {"sound": {"file": 7}},
            {"sound": {**narration, "timing": "guessed"}},
            {"sound": {**narration, "words": [["One.", 0, 1, 0]]}},
            {"sound": {**narration, "words": [["One.", 2, 1, 0, 4]]}},
            {"sound": {**narration, "words": [["One.", 0, 1, 2, 4]]}},
            {"sound": {**narration, "words": [["One.", 0, 1e999, 0, 4]]}},
            {"sound": {**narration, "words": [["One.", True, 1, 0, 4]]}},
            {"sound": {**narration, "text": "\ud800"}},
            {"sound": {**narration, "digest": "x" * 65}},
            {"framing": {"motion": "somersault"}},
            {"framing": {"focus": [2, 2]}},
            {"framing": [1]},
        ):
            assert self.refused({"story.json": self.a_story(segment)}), segment
        assert self.refused({"story.json": self.a_story(settings=[1])})

    def test_what_unpacks_to_too_much_is_refused_while_it_is_read(self) -> None:
        story = self.a_story({"picture": "x.jpg"})
        bomb = self.packed({"x.jpg": b"\xff\xd8\xff" + b"\0" * 30_000_000, "story.json": story}, zipfile.ZIP_DEFLATED)
        assert len(bomb) < 100_000
        assert "20 MB" in self.refused(bomb)
        with mock.patch("filming.views.MAX_SENT_BUNDLE_BYTES", 100_000):
            assert "unpacks to more than" in self.refused(bomb)

    def test_parts_that_lie_upon_each_other_or_lie_about_themselves_are_refused(self) -> None:
        content = self.packed({"x.jpg": a_picture().read(), "story.json": self.a_story({"picture": "x.jpg"})})
        directory = content.index(b"PK\1\2")
        for offset, value in ((16, b"\0\0\0\0"), (8, b"\1\0"), (10, b"\x0e\0"), (42, b"\xff\xff\xff\x7f")):
            changed = bytearray(content)
            changed[directory + offset : directory + offset + len(value)] = value
            assert self.refused(bytes(changed))

    def test_a_directory_that_is_too_large_to_read_is_refused_unread(self) -> None:
        content = bytearray(self.packed({"story.json": self.a_story()}))
        content[-22 + 12 : -22 + 16] = (bundle_archive.MAX_DIRECTORY_BYTES + 1).to_bytes(4, "little")
        with mock.patch.object(zipfile, "ZipFile", side_effect=AssertionError):
            assert "more parts than can be read" in self.refused(bytes(content))

    def test_parts_are_counted_before_the_directory_is_parsed_whatever_its_end_says(self) -> None:
        content = bytearray(self.packed({str(number): b"" for number in range(20)}))
        for told in (20, 3):
            content[-14:-10] = struct.pack("<2H", told, told)
            with (
                mock.patch.object(bundle_archive, "MAX_PARTS", 10),
                mock.patch.object(zipfile, "ZipFile", side_effect=AssertionError("parsed")),
            ):
                assert self.refused(bytes(content)) == bundle_archive.TOO_MANY_PARTS

    def test_a_zip64_end_is_read_and_bounded_too(self) -> None:
        with mock.patch.object(zipfile, "ZIP_FILECOUNT_LIMIT", 2):
            parts = {"a": b"", "b": b"", "c": b"", "story.json": self.a_story()}
            content = self.packed(parts)
        assert b"PK\6\6" in content and b"PK\6\7" in content
        assert self.send(content).status_code == 201
        with mock.patch.object(bundle_archive, "MAX_PARTS", 3):
            assert self.refused(content) == bundle_archive.TOO_MANY_PARTS
        place = content.index(b"PK\6\6")
        for offset, value in ((32, 2**40), (40, 2**40), (40, bundle_archive.MAX_DIRECTORY_BYTES)):
            lying = content[: place + offset] + struct.pack("<Q", value) + content[place + offset + 8 :]
            assert self.refused(lying) in (bundle_archive.TOO_MANY_PARTS, bundle_archive.NOT_A_BUNDLE)

    def test_a_story_of_very_many_names_is_refused_before_it_is_parsed(self) -> None:
        story = self.a_story(settings={str(number): 1 for number in range(300)})
        with (
            mock.patch.object(bundle_story, "MAX_STORY_KEYS", 300),
            mock.patch.object(json, "loads", side_effect=AssertionError("parsed")),
        ):
            archive = bundle_archive.Archive(BytesIO(self.packed({"story.json": story})), limit_bytes=10**6)
            with pytest.raises(bundles.InvalidBundle) as refusal:
                bundle_story.read_bundled_story(archive.read("story.json", limit_bytes=10**6))
        assert "more than 300 names" in refusal.value.details

    def test_of_very_many_unknown_settings_a_few_are_named(self) -> None:
        story = self.a_story(settings={f"unknown {number}": 1 for number in range(5_000)} | {"zoom": 1.5})
        made = self.send(self.packed({"story.json": story})).json()
        assert len(made["left_out"]) == setting_values.MAX_LISTED_NAMES + 1
        assert "4,980 more" in str(made["left_out"][setting_values.MORE_KEY])
        assert self.client.get(f"/api/projects/{made['id']}/settings/").data["own"] == {"zoom": 1.5}

    def test_any_byte_changed_is_a_bundle_or_a_refusal_but_never_a_failure(self) -> None:
        content = self.packed(
            {
                "x.png": a_picture("x.png", kind="PNG", size=(8, 8)).read(),
                "story.json": self.a_story({"picture": "x.png"}),
            }
        )
        for place in range(0, len(content), 3):
            changed = bytearray(content)
            changed[place] ^= 0xFF
            assert self.send(bytes(changed)).status_code in (201, 400), place
        assert self.leftovers() == []

    def test_a_disk_that_refuses_leaves_no_half_project(self) -> None:
        self.give_pictures()
        self.narrate_all()
        content = self.export()
        before, narrations = self.state(), Narration.objects.count()
        placed: list[object] = []

        def refuse_the_fourth(source: object, target: object) -> None:
            placed.append(target)
            if len(placed) == 4:
                raise OSError(28, "No space left on device")
            link(source, target)

        link = disk.link
        with mock.patch.object(disk, "link", refuse_the_fourth):
            assert self.send(content).status_code == 507
        assert (self.state(), Narration.objects.count()) == (before, narrations)
