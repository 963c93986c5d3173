"""The table of the catalogue."""

from __future__ import annotations

import uuid

from django.db import models


class Item(models.Model):
    """A thing that can be lent, with at most one picture (``image_file``, a path below ``uploads/``)."""

    class Status(models.TextChoices):
        AVAILABLE = "Available"
        LENT = "Lent"
        MAINTENANCE = "Maintenance"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    description = models.TextField(null=True, blank=True)
    category = models.CharField(max_length=100)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.AVAILABLE)
    image_file = models.CharField(max_length=100, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["image_file"], name="item_image_file")]

    def __str__(self) -> str:
        return self.name
