"""Access tokens and object ownership. Users and sessions are Django's own models."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AccessToken(models.Model):
    """A user's access token for programs. Only the SHA-256 digest of its text is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_token"


class Ownership(models.Model):
    """The owner of one object, which is named by kind and record: ``projects`` and ``7``.

    Kind and record together are the group of the object in the media store, ``projects/7``. The row stays when the
    object is deleted, because the object can be restored from the trash.
    """

    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=43)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="things")

    class Meta:
        db_table = "accounts_ownership"
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="accounts_one_owner")]
        indexes = [models.Index(fields=["user", "kind"], name="accounts_of_user")]
