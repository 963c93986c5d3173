"""Reading and changing choices: a project's own, else everybody's, else the default."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction

from core.errors import InvalidInput
from preferences.models import Choice

EVERYTHING = ""
# Of names that there are not, so many are said, so much of each, and how many more there are.
NAMES_SAID = 20
NAME_CHARACTERS = 100
AND_MORE = "…"


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


def unknown_names(changes: Mapping[str, Any], known: Collection[str]) -> dict[str, list[str]]:
    """What to say of names that are not ``known``: a program can send a million, and nobody reads so many reasons."""
    strange = len(changes) - sum(name in changes for name in known)
    if not strange:
        return {}
    reason = f"There is no such setting. There are: {', '.join(known)}."
    names = islice((name for name in changes if name not in known), NAMES_SAID)
    said = {name if len(name) <= NAME_CHARACTERS else name[:NAME_CHARACTERS] + AND_MORE: [reason] for name in names}
    if strange > NAMES_SAID:
        said[AND_MORE] = [f"And {strange - NAMES_SAID:,} more."]
    return said


def choose(changes: Mapping[str, Any], scope: str = EVERYTHING, *, check_all: Callable[[dict[str, Any]], None]) -> None:
    """Keep ``changes``; null takes a choice back. All or nothing.

    ``check_all`` sees the values as they would then hold and may refuse what does not go together. Raises
    ``InvalidInput`` with every field's reason.
    """
    problems = unknown_names(changes, _known)
    kept: dict[str, Any] = {}
    for name in _known.keys() & changes.keys():
        value = changes[name]
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
