"""Packages that are loaded at the first use instead of at the import."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any

# One lock for all packages, because loading one package may load another one.
_loading = threading.RLock()


class LazyPackage(ModuleType):
    """A placeholder for a package; the first attribute access loads the package and copies its attributes."""

    def __getattr__(self, name: str) -> Any:
        with _loading:
            package = sys.modules.get(self.__name__)
            if package is self:
                del sys.modules[self.__name__]
                try:
                    package = importlib.import_module(self.__name__)
                except BaseException:
                    sys.modules[self.__name__] = self
                    raise
                self.__dict__.update(package.__dict__)
        return getattr(package, name)


def load_when_used(*names: str) -> None:
    """Make the next ``import`` of these packages return a placeholder that loads the package at the first use.

    Packages that are loaded already, or not installed, are left as they are.
    """
    for name in names:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None:
            package = sys.modules[name] = LazyPackage(name)
            package.__spec__ = spec
