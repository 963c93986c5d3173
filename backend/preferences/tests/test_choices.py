from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import InvalidInput
from preferences import choices
from preferences.choices import Preference, choose, chosen, own
from preferences.models import Choice

pytestmark = pytest.mark.django_db


def a_whole_number(value: Any) -> int:
    if not isinstance(value, int):
        raise InvalidInput("It must be a whole number.")
    return value


@pytest.fixture(autouse=True)
def two_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(choices, "_known", {})
    choices.register(
        Preference("fps", 30, a_whole_number, "Frames a second."), Preference("size", 10, a_whole_number, ".")
    )
    yield


def keep(changes: dict[str, Any], scope: str = "") -> None:
    choose(changes, scope, check_all=lambda values: None)


def test_a_default_holds_until_something_is_chosen() -> None:
    assert chosen() == {"fps": 30, "size": 10}


def test_a_projects_own_choice_wins_over_everybodys() -> None:
    keep({"fps": 25, "size": 5})
    keep({"fps": 60}, "projects/1")
    assert chosen("projects/1") == {"fps": 60, "size": 5}
    assert chosen("projects/2") == {"fps": 25, "size": 5}
    assert own("projects/1") == {"fps": 60}


def test_null_takes_a_choice_back() -> None:
    keep({"fps": 25})
    keep({"fps": None})
    assert chosen()["fps"] == 30


def test_every_wrong_field_is_told_and_nothing_kept() -> None:
    with pytest.raises(InvalidInput) as refusal:
        keep({"size": 3, "fps": "many", "colour": 1})
    assert set(refusal.value.details) == {"fps", "colour"}
    assert chosen()["size"] == 10


def test_what_does_not_go_together_is_refused_and_nothing_kept() -> None:
    def refuse(values: dict[str, Any]) -> None:
        assert values["fps"] == 1
        raise InvalidInput("Too slow.")

    with pytest.raises(InvalidInput, match="Too slow"):
        choose({"fps": 1}, check_all=refuse)
    assert chosen()["fps"] == 30


def test_a_choice_that_nothing_reads_any_more_is_passed_over() -> None:
    Choice.objects.create(name="gone", value=1)
    assert "gone" not in chosen()
