"""Random histories over both APIs, compared with a model after every step (Hypothesis' rule-based state machine).

A process that prints one JSON object. A step is a request, a request whose process is killed at one of its calls and
recovered, a recovery, a month that passes, or a file deleted by hand. After a kill the state is the one before or
after the request. After any other step the model knows status, rows, the bytes of every picture and the whole trash.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from proof.crash.process import start
from proof.crash.random_requests import ACTS, World, acts, as_seen, pick
from proof.crash.story_model import MISSING


def killed_in(request: Callable[[Any], Any], client: Any, at: int) -> None:
    """Make the request in a process that is killed before its ``at``-th call of ``media_store.disk`` or commit."""
    from django.db import connections
    from django.db.backends.base.base import BaseDatabaseWrapper

    from media_store import disk

    connections.close_all()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    calls = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    try:
        for name in ("make_folder", "write_new", "link", "rename", "unlink", "sync_folder", "remove_tree"):
            setattr(disk, name, counted(getattr(disk, name)))
        BaseDatabaseWrapper._commit = counted(BaseDatabaseWrapper._commit)  # type: ignore[method-assign]
        request(client)
    finally:
        os._exit(0)


def later(moment: Any, *, days: int) -> Any:
    """Let time pass by the clock and by the computer's uptime alike."""
    return replace(moment, wall=moment.wall + timedelta(days=days), uptime_s=moment.uptime_s + days * 86400)


def machine_class(steps: Counter[str]) -> type:
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

    numbers = st.integers(0, 200)

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.world = World()
            self.story = self.world.seen()

        def request(self, name: str, number: int) -> None:
            send, change = acts(self.world, self.story, number)[name]()
            response = send(self.world.client)
            expected = change(self.story)
            assert response.status_code == expected, (name, response.status_code, expected, response.content)
            steps[f"{expected // 100}xx"] += 1

        @rule(name=st.sampled_from(ACTS), number=numbers, at=st.integers(1, 16))
        def killed_request(self, name: str, number: int, at: int) -> None:
            from media_store.recovery import recover

            send, change = acts(self.world, self.story, number)[name]()
            killed_in(send, self.world.client, at)
            recover()
            after = copy.deepcopy(self.story)
            change(after)
            if self.world.seen().seen() == as_seen(after):
                self.story = after
            steps["kills"] += 1

        @rule()
        def recovered(self) -> None:
            from media_store.recovery import recover

            recover()
            steps["recoveries"] += 1

        @precondition(lambda self: self.story.trash)
        @rule()
        def a_month_passes(self) -> None:
            from media_store import trash_clock
            from media_store.purging import purge_expired

            purge_expired()  # as every start and every hour: from here on it counts the time
            real = trash_clock.current_moment
            trash_clock.current_moment = lambda: later(real(), days=31)
            try:
                purge_expired()
            finally:
                trash_clock.current_moment = real
            self.story.trash.clear()
            steps["months"] += 1

        @rule(number=numbers)
        def a_file_is_deleted_by_hand(self, number: int) -> None:
            from api.models import Segment

            with_picture = {pk for pk, row in self.story.segments.items() if row["picture"] not in (None, MISSING)}
            pk = pick(with_picture, number, None)
            if pk is not None:
                steps["files deleted by hand"] += 1
                self.world.layout.live(f"media/{Segment.objects.get(pk=pk).image_file.name}").unlink()
                self.story.segments[pk]["picture"] = MISSING

        @invariant()
        def it_is_as_the_model_says(self) -> None:
            from proof.crash.acts import violations

            assert self.world.seen().seen() == as_seen(self.story)
            assert [found for found in violations() if not found.startswith("row without file")] == []

    def requesting(name: str) -> Callable[..., None]:
        def request(self: Machine, number: int) -> None:
            self.request(name, number)

        return request

    # A rule for each, so that most steps are requests.
    rules = {name.replace(" ", "_"): rule(number=numbers)(requesting(name)) for name in ACTS}
    return type("Histories", (Machine,), rules)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="60x20", help="histories x steps")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mutant")
    options = parser.parse_args()
    start(options.mutant)
    import logging

    logging.disable()
    from django.conf import settings as django_settings
    from django.core.management import call_command
    from hypothesis import HealthCheck, seed, settings
    from hypothesis.stateful import run_state_machine_as_test

    django_settings.KEEP_METADATA = True
    call_command("migrate", verbosity=0)
    histories, length = map(int, options.size.split("x"))
    profile = settings(
        max_examples=histories,
        stateful_step_count=length,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    steps: Counter[str] = Counter()
    found: list[str] = []
    try:
        run_state_machine_as_test(seed(options.seed)(machine_class(steps)), settings=profile)
    except Exception as exc:
        found.append(f"seed {options.seed}: {exc!r:.1500} {' '.join(getattr(exc, '__notes__', ()))}")
    print(json.dumps({"points": sum(steps.values()), "outcomes": steps, "violations": found}))


if __name__ == "__main__":
    main()
