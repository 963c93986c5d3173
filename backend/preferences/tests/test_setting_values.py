from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import InvalidInput
from preferences import setting_values
from preferences.models import SettingValue
from preferences.setting_values import SettingDefinition, effective_settings, overrides, update_settings

pytestmark = pytest.mark.django_db


def a_whole_number(value: Any) -> int:
    if not isinstance(value, int):
        raise InvalidInput("It must be a whole number.")
    return value


@pytest.fixture(autouse=True)
def two_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(setting_values, "_definitions", {})
    setting_values.register(
        SettingDefinition("fps", 30, a_whole_number, "Frames a second."),
        SettingDefinition("size", 10, a_whole_number, "."),
    )
    yield


def keep(changes: dict[str, Any], scope: str = "") -> None:
    update_settings(changes, scope, check_all=lambda values: None)


def test_a_default_holds_until_something_is_chosen() -> None:
    assert effective_settings() == {"fps": 30, "size": 10}


def test_a_projects_own_choice_wins_over_everybodys() -> None:
    keep({"fps": 25, "size": 5})
    keep({"fps": 60}, "projects/1")
    assert effective_settings("projects/1") == {"fps": 60, "size": 5}
    assert effective_settings("projects/2") == {"fps": 25, "size": 5}
    assert overrides("projects/1") == {"fps": 60}


def test_null_takes_a_choice_back() -> None:
    keep({"fps": 25})
    keep({"fps": None})
    assert effective_settings()["fps"] == 30


def test_every_wrong_field_is_told_and_nothing_kept() -> None:
    with pytest.raises(InvalidInput) as refusal:
        keep({"size": 3, "fps": "many", "colour": 1})
    assert set(refusal.value.details) == {"fps", "colour"}
    assert effective_settings()["size"] == 10


def test_what_does_not_go_together_is_refused_and_nothing_kept() -> None:
    def refuse(values: dict[str, Any]) -> None:
        assert values["fps"] == 1
        raise InvalidInput("Too slow.")

    with pytest.raises(InvalidInput, match="Too slow"):
        update_settings({"fps": 1}, check_all=refuse)
    assert effective_settings()["fps"] == 30


def test_a_choice_that_nothing_reads_any_more_is_passed_over() -> None:
    SettingValue.objects.create(name="gone", value=1)
    assert "gone" not in effective_settings()
