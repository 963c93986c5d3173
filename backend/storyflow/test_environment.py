"""A pytest plugin that gives every test run its own data folder. It is loaded before the settings."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="storyflow-test-")
    os.environ["STORYFLOW_DATA_DIR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def transactions_outlive_requests() -> Iterator[None]:
    """Keep a connection that is in a transaction open when a request ends: the transaction belongs to the test."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_outside_transactions(connection: BaseDatabaseWrapper) -> None:
        if not connection.in_atomic_block:
            close(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_outside_transactions)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """Report a skipped test as failed if STORYFLOW_NO_SKIPS is set, as it is in CI."""
    report = yield
    if report.skipped and os.environ.get("STORYFLOW_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {report.longrepr}"
    return report
