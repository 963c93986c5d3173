"""What narration and rendering remember; the story's own tables stay as they are."""

from __future__ import annotations

from django.db import models

from api.models import Project


class Narration(models.Model):
    """What is known of a sound file: found by its name, so that it comes back with a restored segment."""

    audio_file = models.CharField(max_length=100, unique=True)
    text = models.TextField()
    # narration.narrator.narration_digest the text and how it was read; "" for a person's own recording.
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
    """Only renders whose project is not in the trash: the files of the others are there with it."""

    def get_queryset(self) -> models.QuerySet[Render]:
        return super().get_queryset().filter(project_id__in=Project.objects.values("pk"))


class Render(models.Model):
    """A finished video. ``project_id`` is no foreign key, so that a restored project finds its videos again."""

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
    # As "1920x1080": what was asked for; a draft of it is smaller. "" in renders of before, see ``size``.
    asked_size = models.CharField(max_length=9, blank=True, default="")
    # The run that made it, the same for the sizes made together.
    batch = models.CharField(max_length=36, blank=True, default="")
    # What it took of the project (``filming.fingerprints``); empty in renders of before.
    fingerprint = models.JSONField(default=dict)
    # What came of it: "cards", "silent", "notes", "cuts" in frames, "sound_sha256".
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
        """As "1920x1080", whatever a draft's own is."""
        return self.asked_size or f"{self.width}x{self.height}"
