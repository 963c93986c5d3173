"""The `SettingValue` model: one row for each setting whose value differs from the inherited one."""

from __future__ import annotations

from django.db import models


class SettingValue(models.Model):
    """The value of a setting in one scope: "" is global, "projects/12" is one project."""

    scope = models.CharField(max_length=80, default="", blank=True)
    name = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        # The table of earlier releases.
        db_table = "preferences_choice"
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="one_choice_a_scope")]

    def __str__(self) -> str:
        return f"{self.scope or 'everything'}: {self.name}"
