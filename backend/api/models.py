"""Projects and segments. Their fields are fixed: later features store their data in tables of their own."""

from __future__ import annotations

from django.db import models


class Project(models.Model):
    """A story with its title and segments."""

    title = models.CharField(max_length=200)
    status = models.CharField(max_length=20, default="DRAFT")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class Segment(models.Model):
    """One part of a story: the text that is narrated and the picture that is shown with it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="segments")
    sequence_index = models.IntegerField()
    text_content = models.TextField()
    image_prompt = models.TextField(blank=True, default="")
    image_file = models.ImageField(upload_to="projects/", blank=True, null=True)
    audio_file = models.FileField(upload_to="projects/", blank=True, null=True)
    audio_duration = models.FloatField(blank=True, null=True)
    is_locked = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sequence_index"]
        # At every removal the media store queries which rows own a file, while it holds the write lock.
        indexes = [
            models.Index(fields=["image_file"], name="segment_image_file"),
            models.Index(fields=["audio_file"], name="segment_audio_file"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence_index}: {self.text_content[:40]}"
