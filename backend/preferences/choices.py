"""Reading and changing choices: a project's own, else everybody's, else the default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.errors import InvalidInput
from preferences.models import Choice

EVERYTHING = ""


@dataclass(frozen=True)
class Preference:
    """``check`` returns the value as it is kept, or raises ``InvalidInput``; ``help`` is a sentence for people."""

    name: str
    default: Any
    check: Callable[[Any], Any]
    help: str


_known: dict[str, Preference] = {}


def register(*preferences: Preference) -> None:
    """Called from an ``AppConfig.ready`` of the room that reads them."""
    _known.update({preference.name: preference for preference in preferences})


def known() -> list[Preference]:
    return list(_known.values())


def chosen(scope: str = EVERYTHING) -> dict[str, Any]:
    """Every preference's value as it holds in ``scope``."""
    rows = Choice.objects.filter(scope__in={EVERYTHING, scope}).values_list("scope", "name", "value")
    by_scope: dict[str, dict[str, Any]] = {EVERYTHING: {}, scope: {}}
    for row_scope, name, value in rows:
        by_scope[row_scope][name] = value
    merged = {name: preference.default for name, preference in _known.items()}
    for values in (by_scope[EVERYTHING], by_scope[scope]):
        merged.update({name: value for name, value in values.items() if name in _known})
    return merged


def own(scope: str) -> dict[str, Any]:
    """Only what was chosen for ``scope`` itself."""
    rows = Choice.objects.filter(scope=scope).values_list("name", "value")
    return {name: value for name, value in rows if name in _known}


def choose(changes: Mapping[str, Any], scope: str = EVERYTHING, *, check_all: Callable[[dict[str, Any]], None]) -> None:
    """Keep ``changes``; null takes a choice back. All or nothing.

    ``check_all`` sees the values as they would then hold and may refuse what does not go together. Raises
    ``InvalidInput`` with every field's reason.
    """
    problems: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in _known:
            problems[name] = [f"There is no such setting. There are: {', '.join(_known)}."]
            continue
        try:
            kept[name] = None if value is None else _known[name].check(value)
        except InvalidInput as exc:
            problems[name] = [str(exc.details or exc.message)]
    if problems:
        raise InvalidInput(details=problems)
    with transaction.atomic():
        for name, value in kept.items():
            if value is None:
                Choice.objects.filter(scope=scope, name=name).delete()
            else:
                Choice.objects.update_or_create(scope=scope, name=name, defaults={"value": value})
        check_all(chosen(scope))
