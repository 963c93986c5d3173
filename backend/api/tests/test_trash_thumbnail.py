"""Thumbnails of trash entries."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from api.models import Project
from api.tests.base import TrashTestCase, a_picture
from media_store.recovery import recover


class TrashThumbnailTests(TrashTestCase):
    def thumbnail(self, entry: dict[str, Any], query: str = "") -> Any:
        return self.client.get(f"/api/trash/{entry['id']}/thumbnail/{query}")

    def size_of(self, answer: Any) -> tuple[int, int]:
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "image/webp"
        return Image.open(BytesIO(b"".join(answer.streaming_content))).size

    def entry_of(self, kind: str) -> dict[str, Any]:
        return next(entry for entry in self.trash() if entry["what"] == kind)

    def test_a_removed_picture_a_deleted_segment_and_a_project_are_shown(self) -> None:
        project = Project.objects.create(title="A story")
        segment = self.a_segment(project)
        other = self.a_segment(project, 1)
        for owner in (segment, segment, other):
            self.upload(owner, a_picture(size=(400, 200)))
        self.client.delete(f"/api/segments/{other.pk}/")
        self.client.delete(f"/api/projects/{project.pk}/")
        entries = self.trash()
        assert [(entry["what"], entry["has_picture"]) for entry in entries] == [
            ("project", True),
            ("segment", True),
            ("image", True),
        ]
        assert [self.size_of(self.thumbnail(entry, "?w=200")) for entry in entries] == [(200, 100)] * 3

    def test_what_never_had_a_picture_says_so(self) -> None:
        project = self.a_project(segments=2)
        self.client.delete(f"/api/segments/{project.segments.first().pk}/")
        self.client.delete(f"/api/projects/{project.pk}/")
        for entry in self.trash():
            assert not entry["has_picture"]
            assert self.thumbnail(entry).status_code == 404

    def test_it_may_be_kept_for_ever_where_the_url_names_a_version(self) -> None:
        _, _, entry = self.a_removed_picture()
        assert self.thumbnail(entry)["Cache-Control"] == "private, no-cache"
        kept = self.thumbnail(entry, "?v=1")
        assert "immutable" in kept["Cache-Control"]
        again = self.client.get(f"/api/trash/{entry['id']}/thumbnail/", headers={"If-None-Match": kept["ETag"]})
        assert again.status_code == 304

    def test_what_is_gone_from_the_trash_has_none(self) -> None:
        _, _, entry = self.a_removed_picture()
        self.restore(entry)
        assert self.thumbnail(entry).status_code == 404
        assert self.thumbnail({"id": 999999}).status_code == 404
        assert self.thumbnail({"id": "x"}).status_code == 404

    def test_a_file_that_is_missing_or_damaged_is_no_failure(self) -> None:
        _, _, entry = self.a_removed_picture()
        (path,) = (self.media / ".sf" / "trash").iterdir()
        path.write_bytes(path.read_bytes()[:100])
        assert self.thumbnail(entry).status_code == 400
        path.unlink()
        assert self.thumbnail(entry).status_code == 404

    def test_widths_that_are_not_offered_are_refused(self) -> None:
        _, _, entry = self.a_removed_picture()
        for width in ("0", "x", "99999"):
            assert self.thumbnail(entry, f"?w={width}").status_code == 400

    def test_looking_leaves_nothing_that_recovery_would_mind(self) -> None:
        _, _, entry = self.a_removed_picture()
        b"".join(self.thumbnail(entry).streaming_content)
        assert recover().is_clean
        self.client.delete(f"/api/trash/{entry['id']}/")
        assert not list((self.media / ".sf" / "cache").iterdir())

    def test_a_longer_trash_takes_no_more_queries(self) -> None:
        for _ in range(2):
            self.a_removed_picture()
        few = self.queries_of(self.trash)
        for _ in range(4):
            self.a_removed_picture()
        assert self.queries_of(self.trash) == few
