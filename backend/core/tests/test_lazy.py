"""A placeholder behaves as the package itself from the first attribute access on."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.lazy import LazyPackage, load_when_used


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function that writes a package with this source and returns its name; the test's end unloads it."""

    def make(source: str) -> str:
        folder = tmp_path / "slow_package"
        folder.mkdir()
        (folder / "__init__.py").write_text(source)
        (folder / "part.py").write_text("value = 2\n")
        monkeypatch.syspath_prepend(tmp_path)
        for name in ("slow_package", "slow_package.part"):
            monkeypatch.setitem(sys.modules, name, sys)  # monkeypatch restores the previous entry at the end
            del sys.modules[name]
        load_when_used("slow_package")
        return "slow_package"

    return make


def test_it_is_loaded_when_something_of_it_is_asked_for(package: Callable[[str], str]) -> None:
    found = importlib.import_module(package("value = 1\n"))
    assert isinstance(found, LazyPackage)
    assert "value" not in vars(found)
    assert found.value == 1
    assert not isinstance(sys.modules["slow_package"], LazyPackage)


def test_a_module_inside_it_can_be_imported(package: Callable[[str], str]) -> None:
    package("")
    assert importlib.import_module("slow_package.part").value == 2


def test_what_it_does_not_have_is_missing_as_ever(package: Callable[[str], str]) -> None:
    found = importlib.import_module(package(""))
    with pytest.raises(AttributeError, match="slow_package"):
        _ = found.value


def test_when_it_cannot_be_loaded_each_use_says_so(package: Callable[[str], str]) -> None:
    found = importlib.import_module(package("raise OSError('broken')\n"))
    for _ in range(2):
        with pytest.raises(OSError, match="broken"):
            _ = found.value


def test_threads_that_use_it_first_at_once_all_get_it(package: Callable[[str], str]) -> None:
    found = importlib.import_module(package("import time\ntime.sleep(0.1)\nvalue = 1\n"))
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(found.value)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 8


def test_a_package_that_is_loaded_or_not_there_is_left_alone() -> None:
    load_when_used("json", "there_is_no_such_package")
    assert not isinstance(sys.modules["json"], LazyPackage)
    assert "there_is_no_such_package" not in sys.modules
