"""The `Job` model: one row for each background job; the queue (django-tasks-db) stores only its id."""

from __future__ import annotations

import uuid

from django.db import models


class Job(models.Model):
    """A background job.

    While it runs, it belongs to the worker whose ``owner`` and ``attempts`` the row has, until ``lease_until``.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    # The object that the job works on, such as "projects/12"; only one unfinished job of a kind for each.
    subject = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    payload = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    by = models.CharField(max_length=120, default="", blank=True)
    is_cancel_wanted = models.BooleanField(default=False)
    owner = models.CharField(max_length=80, default="", blank=True)
    attempts = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "lease_until"], name="job_leases"),
            models.Index(fields=["subject", "kind", "-created_at"], name="job_subjects"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(status__in=("queued", "running")),
                name="one_job_of_a_kind_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.status}"

    @property
    def is_finished(self) -> bool:
        return self.status in (self.Status.DONE, self.Status.FAILED, self.Status.CANCELLED)
