"""The tables of the store: its identity, the commit record of each operation, the trash and the audit log."""

from __future__ import annotations

from django.db import models


class StoreIdentity(models.Model):
    """The id that this database shares with one media folder (``.sf/store-id``); a single row."""

    store_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "media_store_identity"


class MediaOperation(models.Model):
    """The commit record of an operation: the operation took effect if and only if its row exists."""

    op_id = models.CharField(max_length=32, primary_key=True)
    act = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "media_op"


class Settlement(models.Model):
    """The number of writes that were committed only to make missing rows final; a single row (see ``finality``)."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "media_store_settlement"


class TrashClock(models.Model):
    """The time of the last check of the trash's expiry times; a single row (see ``trash_clock``)."""

    wall = models.DateTimeField()
    boot = models.CharField(max_length=40, blank=True)
    uptime_s = models.FloatField(default=0)
    # The highest id of a trash entry at that time.
    newest_entry = models.BigIntegerField(default=0)
    # The time that StoryFlow still has to run before it trusts the clock enough for a large purge.
    wait_s = models.FloatField(default=0)

    class Meta:
        db_table = "media_trash_clock"


class TrashEntry(models.Model):
    """A thing that a person removed or replaced, with the data that restores it.

    The app that owns the record chooses ``kind``, ``record`` and ``group``; the store does not interpret them.
    """

    class State(models.TextChoices):
        TRASHED = "trashed"
        RESTORED = "restored"
        PURGING = "purging"
        PURGED = "purged"

    op_id = models.CharField(max_length=32, db_index=True)
    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=64, blank=True)
    group = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=40)
    by = models.CharField(max_length=100)
    snapshot = models.JSONField(default=dict)
    size_bytes = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TRASHED)
    trashed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "media_trash"
        indexes = [
            models.Index(fields=["state", "expires_at"], name="media_trash_due"),
            models.Index(fields=["group", "state"], name="media_trash_group"),
        ]


class TrashFile(models.Model):
    """A file or folder of a trash entry; on disk it is ``.sf/trash/<op_id>~<place>``."""

    entry = models.ForeignKey(TrashEntry, on_delete=models.CASCADE, related_name="files")
    op_id = models.CharField(max_length=32)
    place = models.CharField(max_length=500)
    role = models.CharField(max_length=20, blank=True)
    is_folder = models.BooleanField(default=False)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "media_trash_file"
        constraints = [models.UniqueConstraint(fields=["op_id", "place"], name="media_trash_file_once")]


class AuditEntry(models.Model):
    """A change of a file: who made it, and when. Rows are never changed or deleted."""

    op_id = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)
    act = models.CharField(max_length=20)
    by = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=64, blank=True)
    group = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=500, blank=True, db_index=True)
    file_name = models.CharField(max_length=255, blank=True)
    size_bytes = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "media_audit"
