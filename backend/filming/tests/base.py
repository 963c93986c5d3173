"""Test cases with a small story; jobs run in the test process instead of a worker."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import av
import numpy as np
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from api.models import Project, Segment
from api.services.story_import import import_story
from api.tests.base import StoryTestCase
from filming.models import Narration, Render
from jobs import running
from jobs.models import Job

SMALL = {"size": "160x90", "fps": 10, "transition_s": 0.4, "segment_pause_s": 0.2}
TEXTS = ("The old house stood empty.", "Nobody came.", "Then the door moved.")


class FilmTestCase(StoryTestCase):
    """A project with three segments with pictures; videos are 160 by 90 pixels."""

    def setUp(self) -> None:
        super().setUp()
        # The lease's thread has a connection of its own, which sees nothing of a test's transaction.
        beat = mock.patch.object(running, "HEARTBEAT_S", 3600)
        beat.start()
        self.addCleanup(beat.stop)
        story = {"format": "json", "title": "Half a Fig", "segments": [{"text_content": text} for text in TEXTS]}
        self.project = Project.objects.get(pk=import_story(story)["id"])
        self.segments = list(self.project.segments.order_by("sequence_index"))
        self.patch("/api/settings/", SMALL)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.patch(path, body, format="json")

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(path, body or {}, format="json")

    def give_pictures(self) -> None:
        for segment, colour in zip(self.segments, ("teal", "maroon", "olive"), strict=True):
            self.give_picture(segment, colour)

    def give_picture(self, segment: Segment, colour: str) -> None:
        """Make a picture with a large and a small area of different colours, so that motion is visible."""
        image = Image.new("RGB", (240, 135), colour)
        ImageDraw.Draw(image).rectangle([160, 0, 240, 135], fill="silver")
        content = BytesIO()
        image.save(content, "PNG")
        file = SimpleUploadedFile(f"{colour}.png", content.getvalue())
        answer = self.client.post(f"/api/segments/{segment.pk}/upload-image/", {"image": file})
        assert answer.status_code == 200, answer.data

    def work(self) -> list[str]:
        """Run all queued jobs. Returns their final states."""
        return [running.run(str(job.pk)) for job in Job.objects.filter(status="queued").order_by("created_at")]

    def narrate_all(self, **options: Any) -> dict[str, Any]:
        answer = self.post(f"/api/projects/{self.project.pk}/generate-all-audio/", options)
        assert answer.status_code == 202, answer.data
        self.work()
        return dict(self.client.get(f"/api/tasks/{answer.data['task_id']}/status/").data)

    def render(self, query: str = "") -> dict[str, Any]:
        answer = self.post(f"/api/projects/{self.project.pk}/render/{query}")
        assert answer.status_code == 202, answer.data
        self.work()
        return dict(self.client.get(f"/api/projects/{self.project.pk}/status/").data)

    def make_film(self) -> Render:
        self.give_pictures()
        self.narrate_all()
        self.render()
        return Render.objects.latest("pk")

    def fresh(self, number: int) -> Segment:
        return Segment.objects.get(pk=self.segments[number].pk)

    def file_of(self, url_or_name: str) -> Path:
        return Path(settings.MEDIA_ROOT) / url_or_name.removeprefix("/media/")

    def narration(self, number: int) -> Narration:
        return Narration.objects.get(audio_file=self.fresh(number).audio_file.name)


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
