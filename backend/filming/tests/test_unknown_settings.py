"""Unknown settings: the error stays short for any number of them."""

from __future__ import annotations

from typing import Any

import pytest

from filming.tests.base import FilmTestCase
from preferences.models import SettingValue
from preferences.setting_values import MAX_LISTED_NAMES, MAX_NAME_CHARACTERS, MORE_KEY, unknown_name_errors


class TestUnknownSettings(FilmTestCase):
    def addresses(self) -> list[str]:
        project, segment = self.project.pk, self.segments[0].pk
        return [f"/api/segments/{segment}/framing/", f"/api/projects/{project}/settings/", "/api/settings/"]

    def refused(self, address: str, body: Any) -> dict[str, Any]:
        before = list(SettingValue.objects.values())
        answer = self.patch(address, body)
        assert answer.status_code == 400
        assert list(SettingValue.objects.values()) == before
        details: dict[str, Any] = answer.json()["details"]
        return details

    def test_the_first_are_named_and_the_rest_is_counted(self) -> None:
        for address in self.addresses():
            details = self.refused(address, {f"unknown {number}": number for number in range(50_000)})
            assert list(details)[:MAX_LISTED_NAMES] == [f"unknown {number}" for number in range(MAX_LISTED_NAMES)]
            assert details[MORE_KEY] == ["And 49,980 more."]
            assert len(details) == MAX_LISTED_NAMES + 1

    def test_what_is_wrong_with_known_ones_is_told_along(self) -> None:
        for address, name in zip(self.addresses(), ("motion", "zoom", "zoom"), strict=True):
            assert set(self.refused(address, {"colour": 1, name: "no such"})) == {"colour", name}

    def test_a_long_name_is_told_shortened(self) -> None:
        for address in self.addresses():
            (name,) = self.refused(address, {"n" * 100_000: 1})
            assert len(name) <= MAX_NAME_CHARACTERS + 1


@pytest.mark.parametrize("known", [[], ["a"], ["a", "b"]])
def test_known_names_are_no_matter(known: list[str]) -> None:
    assert unknown_name_errors(dict.fromkeys(known, 1), [*known, "c"]) == {}
