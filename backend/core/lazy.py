"""Packages that a process may never need, loaded when they are first used."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any

# One for all: loading one of them may need another.
_loading = threading.RLock()


class LazyPackage(ModuleType):
    """Stands for a package until somebody asks it for anything; then it has all that the package has."""

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
    """Have the next ``import`` of these packages give what stands for them; those that are loaded stay."""
    for name in names:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None:
            package = sys.modules[name] = LazyPackage(name)
            package.__spec__ = spec
