"""Importing the example story on request."""

from __future__ import annotations

from pathlib import Path

from django.test import override_settings

from api.tests.base import StoryTestCase


class ImportExampleTests(StoryTestCase):
    def test_it_comes_with_its_pictures_as_often_as_one_likes(self) -> None:
        for _ in range(2):
            answer = self.client.post("/api/projects/import-example/")
            assert answer.status_code == 201
            project = answer.json()
            assert project["title"] == "Half a Fig"
            assert len(project["segments"]) == project["picture_count"] == 7
        assert len(self.live_files()) == 14

    def test_without_the_examples_it_says_so(self) -> None:
        with override_settings(EXAMPLES_DIR=Path(self.root)):
            answer = self.client.post("/api/projects/import-example/")
        assert answer.status_code == 404
        assert answer.json()["error"] == "This installation has no example story."
