"""One row for each choice that differs from what it would be anyway."""

from __future__ import annotations

from django.db import models


class Choice(models.Model):
    """``scope`` is "" for everything, else such as "projects/12"."""

    scope = models.CharField(max_length=80, default="", blank=True)
    name = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="one_choice_a_scope")]

    def __str__(self) -> str:
        return f"{self.scope or 'everything'}: {self.name}"
