"""Mutation of the store's source at import, to test that the proof notices the change."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Change:
    """A replacement of ``old``, which must occur exactly once in the source of ``module``, by ``new``."""

    module: str
    old: str
    new: str


class _Changed(SourceFileLoader):
    changes: list[Change]

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        source = importlib.util.decode_source(self.get_data(path))
        for change in self.changes:
            if source.count(change.old) != 1:
                raise RuntimeError(f"{fullname} does not have this once any more: {change.old!r}")
            source = source.replace(change.old, change.new)
        return compile(source, path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, changes: Iterable[Change]) -> None:
        self.changes = list(changes)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        mine = [change for change in self.changes if change.module == fullname]
        spec = PathFinder.find_spec(fullname, path, target) if mine else None
        if spec is None or spec.origin is None:
            return None
        spec.loader = loader = _Changed(fullname, spec.origin)
        loader.changes = mine
        return spec


def mutate(changes: Iterable[Change]) -> None:
    """Change modules at their import. The import raises ``RuntimeError`` if ``old`` does not occur exactly once."""
    sys.meta_path.insert(0, _Finder(changes))
