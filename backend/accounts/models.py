"""What this room remembers besides Django's users and sessions: tokens, and what belongs to whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AccessToken(models.Model):
    """A person's key for programs. Only the digest of its text is kept, so nobody can read it here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_token"


class Ownership(models.Model):
    """Whose a thing is: ``projects`` ``7``. Together they are the store's group, ``projects/7``.

    The row outlives its thing, because the trash may bring that back.
    """

    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=43)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="things")

    class Meta:
        db_table = "accounts_ownership"
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="accounts_one_owner")]
        indexes = [models.Index(fields=["user", "kind"], name="accounts_of_user")]
