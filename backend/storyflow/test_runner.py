"""The test runner of `manage.py test`. It uses its own data folder, so that no test can touch a user's files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.test.runner import DiscoverRunner
from django.test.utils import override_settings


class IsolatedRunner(DiscoverRunner):
    """Django's runner with the media folders in a temporary folder."""

    def setup_test_environment(self, **kwargs: Any) -> None:
        super().setup_test_environment(**kwargs)
        self._folder = Path(tempfile.mkdtemp(prefix="storyflow-test-"))
        self._isolation = override_settings(MEDIA_ROOT=self._folder / "media", UPLOADS_ROOT=self._folder / "uploads")
        self._isolation.enable()

    def teardown_test_environment(self, **kwargs: Any) -> None:
        self._isolation.disable()
        shutil.rmtree(self._folder)
        super().teardown_test_environment(**kwargs)
