"""Read and change settings: a project's own value comes first, then the global one, then the default."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction

from core.errors import InvalidInput
from preferences.models import SettingValue

GLOBAL = ""
# An error about unknown names lists this many names, this many characters of each, and how many more there are.
MAX_LISTED_NAMES = 20
MAX_NAME_CHARACTERS = 100
MORE_KEY = "…"


@dataclass(frozen=True)
class SettingDefinition:
    """The definition of one setting.

    ``check`` returns the value to store, or raises ``InvalidInput``. ``help`` is a sentence for people.
    """

    name: str
    default: Any
    check: Callable[[Any], Any]
    help: str


_definitions: dict[str, SettingDefinition] = {}


def register(*new: SettingDefinition) -> None:
    """Add definitions; call it in ``AppConfig.ready`` of the package that reads these settings."""
    _definitions.update({definition.name: definition for definition in new})


def definitions() -> list[SettingDefinition]:
    return list(_definitions.values())


def effective_settings(scope: str = GLOBAL) -> dict[str, Any]:
    """Return the value of every setting that is in effect in ``scope``, by name."""
    rows = SettingValue.objects.filter(scope__in={GLOBAL, scope}).values_list("scope", "name", "value")
    by_scope: dict[str, dict[str, Any]] = {GLOBAL: {}, scope: {}}
    for row_scope, name, value in rows:
        by_scope[row_scope][name] = value
    merged = {name: definition.default for name, definition in _definitions.items()}
    for values in (by_scope[GLOBAL], by_scope[scope]):
        merged.update({name: value for name, value in values.items() if name in _definitions})
    return merged


def overrides(scope: str) -> dict[str, Any]:
    """Return only the values that are set for ``scope`` itself, by name."""
    rows = SettingValue.objects.filter(scope=scope).values_list("name", "value")
    return {name: value for name, value in rows if name in _definitions}


def unknown_name_errors(changes: Mapping[str, Any], known: Collection[str]) -> dict[str, list[str]]:
    """Return an error for each name that is not ``known``; limited, because a program can send a million names."""
    unknown = len(changes) - sum(name in changes for name in known)
    if not unknown:
        return {}
    reason = f"There is no such setting. There are: {', '.join(known)}."
    names = islice((name for name in changes if name not in known), MAX_LISTED_NAMES)
    errors = {
        name if len(name) <= MAX_NAME_CHARACTERS else name[:MAX_NAME_CHARACTERS] + MORE_KEY: [reason] for name in names
    }
    if unknown > MAX_LISTED_NAMES:
        errors[MORE_KEY] = [f"And {unknown - MAX_LISTED_NAMES:,} more."]
    return errors


def update_settings(
    changes: Mapping[str, Any], scope: str = GLOBAL, *, check_all: Callable[[dict[str, Any]], None]
) -> None:
    """Store all ``changes`` in ``scope``, or none; a value of None removes the value that is stored.

    ``check_all`` gets all values that would then be in effect and may raise an error if they do not fit together.
    Raises ``InvalidInput`` with the reason for each name.
    """
    problems = unknown_name_errors(changes, _definitions)
    checked: dict[str, Any] = {}
    for name in _definitions.keys() & changes.keys():
        value = changes[name]
        try:
            checked[name] = None if value is None else _definitions[name].check(value)
        except InvalidInput as exc:
            problems[name] = [str(exc.details or exc.message)]
    if problems:
        raise InvalidInput(details=problems)
    with transaction.atomic():
        for name, value in checked.items():
            if value is None:
                SettingValue.objects.filter(scope=scope, name=name).delete()
            else:
                SettingValue.objects.update_or_create(scope=scope, name=name, defaults={"value": value})
        check_all(effective_settings(scope))
