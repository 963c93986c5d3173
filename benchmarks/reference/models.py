"""The requirement's models, field by field."""

import uuid

from django.db import models


class Project(models.Model):
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=20, default="DRAFT")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.title


class Segment(models.Model):
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

    def __str__(self):
        return self.text_content[:40]


class Item(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    description = models.TextField(null=True, blank=True)
    category = models.CharField(max_length=100)
    status = models.CharField(max_length=20, default="Available")
    image_url = models.CharField(max_length=200, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.name
