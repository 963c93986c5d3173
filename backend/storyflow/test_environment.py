"""A pytest plugin, loaded before the settings: every test run has a data folder of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from typing import Any

import pytest

if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="storyflow-test-")
    os.environ["STORYFLOW_DATA_DIR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """Where nothing may be skipped (CI), a skip is a failure, so that it cannot read as passed."""
    report = yield
    if report.skipped and os.environ.get("STORYFLOW_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {report.longrepr}"
    return report
