"""Models of narrations and renders. The tables of `api` stay as they are."""

from __future__ import annotations

from django.db import models

from api.models import Project


class Narration(models.Model):
    """Facts about an audio file, keyed by its name, so that a restored segment finds them again."""

    audio_file = models.CharField(max_length=100, unique=True)
    text = models.TextField()
    # narration.narrator.narration_digest of the text and the voice settings; "" for a recording.
    digest = models.CharField(max_length=64, blank=True, default="")
    voice = models.CharField(max_length=60, blank=True, default="")
    timing = models.CharField(max_length=10)
    duration_s = models.FloatField()
    # [text, start_s, end_s, char, length] for each word of the text.
    words = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.audio_file

    @property
    def is_recording(self) -> bool:
        return not self.voice


class ActiveRenderManager(models.Manager["Render"]):
    """The renders whose project is not in the trash; the files of the others are in the trash too."""

    def get_queryset(self) -> models.QuerySet[Render]:
        return super().get_queryset().filter(project_id__in=Project.objects.values("pk"))


class Render(models.Model):
    """A finished video.

    ``project_id`` is no foreign key, so that the rows outlive a deleted project and belong to it again when it is
    restored.
    """

    project_id = models.BigIntegerField(db_index=True)
    video = models.CharField(max_length=100)
    srt = models.CharField(max_length=100, blank=True, default="")
    vtt = models.CharField(max_length=100, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    fps = models.IntegerField()
    frames = models.IntegerField()
    duration_s = models.FloatField()
    is_draft = models.BooleanField(default=False)
    took_s = models.FloatField(default=0)
    drawn_frames = models.IntegerField(default=0)
    # The requested size, such as "1920x1080"; a draft is smaller. "" in rows of older releases, see ``size``.
    asked_size = models.CharField(max_length=9, blank=True, default="")
    # The id of the job that made it, equal for all sizes of one job.
    batch = models.CharField(max_length=36, blank=True, default="")
    # What the render used of the project (``filming.fingerprints``); empty in rows of older releases.
    fingerprint = models.JSONField(default=dict)
    # Facts about the result: "cards", "silent", "notes", "cuts" in frames, "sound_sha256".
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActiveRenderManager()
    all_objects: models.Manager[Render] = models.Manager()

    class Meta:
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.video

    @property
    def size(self) -> str:
        """The requested size, such as "1920x1080", also of a draft."""
        return self.asked_size or f"{self.width}x{self.height}"
