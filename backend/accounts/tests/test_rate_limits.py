"""Rate limits per client, with a clock that the test sets."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from accounts import rate_limits
from accounts.rate_limits import Limit, RateLimited, client_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_minute_after_the_first_there_is_room_for_one_more(clock: Clock) -> None:
    limit = Limit("acts", 2, clock=clock)
    limit.hit("a")
    clock.now = 10
    limit.hit("a")
    clock.now = 59.5
    with pytest.raises(RateLimited) as refused:
        limit.hit("a")
    clock.now = 60
    limit.hit("a")
    with pytest.raises(RateLimited):
        limit.hit("a")
    assert refused.value.wait == 1
    assert (
        str(refused.value.detail) == "No more than 2 acts a minute are taken from one address. Try again in 1 second."
    )


def test_what_was_refused_does_not_count(clock: Clock) -> None:
    limit = Limit("acts", 1, clock=clock)
    limit.hit("a")
    for clock.now in range(1, 60):
        with pytest.raises(RateLimited):
            limit.hit("a")
    clock.now = 60
    limit.hit("a")


def test_space_is_bounded_however_many_clients_come(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MAX_CLIENTS", 3)
    limit = Limit("acts", 1, clock=clock)
    for number in range(100):
        limit.hit(f"client {number}")
    with limit._counter.open() as seen:
        assert list(seen) == ["client 97", "client 98", "client 99"]


def test_of_many_at_the_same_moment_no_more_get_through(clock: Clock) -> None:
    limit = Limit("acts", 20, clock=clock)

    def attempt(_: int) -> bool:
        try:
            limit.hit("a")
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(attempt, range(200))) == 20


def test_forked_processes_count_together(clock: Clock) -> None:
    limit = Limit("acts", 5, clock=clock)
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            taken = 0
            try:
                for _ in range(3):
                    limit.hit("a")
                    taken += 1
            finally:
                os._exit(taken)
        children.append(child)
    assert sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children) == 5


def test_what_is_given_back_can_be_taken_again(clock: Clock) -> None:
    limit = Limit("acts", 1, clock=clock)
    limit.undo("a")
    limit.hit("a")
    limit.undo("a")
    limit.hit("a")
    with pytest.raises(RateLimited):
        limit.hit("a")


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("localhost", "localhost"),
    ],
)
def test_a_client_is_an_address_or_a_household_s_network(address: str, client: str) -> None:
    assert client_of(SimpleNamespace(META={"REMOTE_ADDR": address})) == client
