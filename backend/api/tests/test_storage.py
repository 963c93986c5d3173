"""Disk usage, and the retention time of the trash."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from api.tests.base import TrashTestCase
from media_store.models import TrashEntry
from media_store.purging import purge_expired
from preferences.models import SettingValue


class TestUsage(TrashTestCase):
    def storage(self) -> dict[str, Any]:
        response = self.client.get("/api/storage/")
        self.assertEqual(response.status_code, 200)
        return dict(response.json())

    def test_every_byte_is_counted_once_where_it_is(self) -> None:
        before = self.storage()
        kept, removed = self.a_segment_with_picture(), self.a_segment_with_picture()
        sizes = {name: len(content) for name, content in self.live_bytes().items()}
        self.remove(removed)
        kept.refresh_from_db()

        now = self.storage()

        self.assertEqual(now["files_bytes"] - before["files_bytes"], sizes[kept.image_file.name])
        self.assertEqual(now["trash_bytes"], sum(sizes.values()) - sizes[kept.image_file.name])
        self.assertEqual(now["trash_count"], 1)
        parts = ("files", "trash", "cache", "database")
        self.assertEqual(now["used_bytes"], sum(now[f"{part}_bytes"] for part in parts))
        self.assertGreater(now["free_bytes"], 0)

    def test_a_second_name_of_a_file_takes_no_room(self) -> None:
        name = self.a_file("projects/1/images/1_a.jpg", b"x" * 1000)
        before = self.storage()["files_bytes"]
        (self.media / "projects/1/images/2_a.jpg").hardlink_to(self.media / name)

        self.assertEqual(self.storage()["files_bytes"], before)

    def test_a_thumbnail_is_counted_as_cache(self) -> None:
        segment = self.a_segment_with_picture()
        self.client.get(f"/api/segments/{segment.pk}/thumbnail/").close()

        self.assertGreater(self.storage()["cache_bytes"], 0)


class TestTrashDays(TrashTestCase):
    def choose(self, days: Any) -> Any:
        return self.send("PATCH", "/api/storage/", {"trash_days": days})

    def days_of(self, entry: dict[str, Any]) -> int:
        deleted, expires = (datetime.fromisoformat(entry[name]) for name in ("deleted_at", "expires_at"))
        self.assertEqual((expires - deleted) % timedelta(days=1), timedelta(0))
        return (expires - deleted).days

    def age(self, days: float) -> None:
        """Move the deletion and expiry times of all trash entries back by this many days."""
        for entry in TrashEntry.objects.all():
            aged = {"trashed_at": entry.trashed_at - timedelta(days=days)}
            TrashEntry.objects.filter(pk=entry.pk).update(**aged, expires_at=entry.expires_at - timedelta(days=days))

    def test_what_is_thrown_away_afterwards_waits_so_long(self) -> None:
        self.assertEqual(self.choose(7).json()["trash_days"], 7)

        _, _, entry = self.a_removed_picture()

        self.assertEqual(self.days_of(entry), 7)

    def test_it_changes_what_a_purge_takes(self) -> None:
        self.choose(7)
        self.a_removed_picture()
        self.choose(30)
        self.a_removed_picture()
        self.age(8)

        self.assertEqual(purge_expired(), 0)  # the first was given the longer time as well
        self.choose(7)
        self.a_removed_picture()
        self.age(7.5)
        self.assertEqual(purge_expired(), 1)
        self.assertEqual(len(self.trash()), 2)

    def test_fewer_days_destroy_nothing_sooner_than_was_promised(self) -> None:
        _, _, entry = self.a_removed_picture()

        for days in (1, 0):
            self.choose(days)
            self.age(10)
            self.assertEqual(purge_expired(), 0)
        self.assertEqual(self.days_of(self.trash()[0]), 30)
        self.assertEqual(self.restore(entry).status_code, 200)

    def test_more_days_hold_for_what_waits_too_also_for_what_was_due_a_moment_ago(self) -> None:
        self.choose(1)
        self.a_removed_picture()
        self.age(2)

        self.choose(365)

        self.assertEqual(purge_expired(), 0)
        self.assertEqual(self.days_of(self.trash()[0]), 365)

    def test_a_whole_second_is_compared_as_a_time_and_not_as_text(self) -> None:
        self.choose(5)
        self.a_removed_picture()
        moment = timezone.now().replace(microsecond=0) - timedelta(days=6)
        TrashEntry.objects.update(trashed_at=moment, expires_at=moment + timedelta(days=5))

        self.choose(6)

        self.assertEqual(TrashEntry.objects.get().expires_at, moment + timedelta(days=6))

    def test_with_none_a_removed_picture_is_gone_at_once(self) -> None:
        self.choose(0)
        segment = self.a_segment_with_picture()
        self.remove(segment)

        self.assertEqual((self.trash(), self.trashed_files()), ([], []))

    @override_settings(TRASH_DAYS=12)
    def test_null_takes_the_choice_back_to_the_environment_s(self) -> None:
        self.choose(7)

        answer = self.choose(None).json()

        self.assertEqual((answer["trash_days"], answer["trash_days_default"]), (12, 12))
        self.assertEqual(self.days_of(self.a_removed_picture()[2]), 12)

    def test_it_is_no_setting_of_stories(self) -> None:
        self.choose(7)

        self.assertNotIn("trash_days", self.client.get("/api/settings/").json())

    def test_what_cannot_be_is_refused_and_changes_nothing(self) -> None:
        for body in (
            *({"trash_days": days} for days in (-1, 366, 1.5, "7", True, [7], {}, 10**40)),
            {},
            [],
            {"days": 7},
            {"trash_days": 7, "more": 1},
        ):
            with self.subTest(body=body):
                self.assertEqual(self.send("PATCH", "/api/storage/", body).status_code, 400)
        self.assertFalse(SettingValue.objects.filter(scope="storage").exists())
