from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.errors import InvalidInput
from jobs import handlers, leases, queue, running
from jobs.errors import AlreadyRunning, NoSuchJob, Stopped
from jobs.handlers import Handler, JobContext
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

ended: list[str] = []


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(handlers, "_handlers", {})
    monkeypatch.setattr(running, "shutting_down", threading.Event())
    monkeypatch.setattr(running, "HEARTBEAT_S", 0.02)
    ended.clear()
    yield


def a_job(work: Callable[[JobContext], dict[str, Any]], **options: Any) -> Job:
    handlers.register("test", Handler(work, on_finished=lambda job: ended.append(job.status)))
    return queue.submit("test", "things/1", {"n": 3}, by="somebody", **options)


def until(is_so: Callable[[], bool], within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def in_thread(job: Job) -> threading.Thread:
    def work() -> None:
        running.run(str(job.pk))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def waiting(job: JobContext) -> dict[str, Any]:
    while not job.is_stopped():
        time.sleep(0.01)
    raise Stopped


def test_a_job_is_given_its_payload_and_keeps_its_result() -> None:
    job = a_job(lambda job: {"twice": job.payload["n"] * 2, "by": job.by})
    assert running.run(str(job.pk)) == "done"
    job.refresh_from_db()
    assert (job.status, job.result, job.progress["percentage"]) == ("done", {"twice": 6, "by": "somebody"}, 100.0)
    assert ended == ["done"]


def test_handing_in_queues_it_in_the_same_transaction() -> None:
    a_job(lambda job: {})
    assert DBTaskResult.objects.count() == Job.objects.count() == 1


def test_the_same_work_is_not_queued_twice() -> None:
    job = a_job(lambda job: {})
    with pytest.raises(AlreadyRunning) as refusal:
        queue.submit("test", "things/1", {}, by="")
    assert refusal.value.job_id == str(job.pk)
    assert queue.submit("test", "things/2", {}, by="").subject == "things/2"
    running.run(str(job.pk))
    assert queue.submit("test", "things/1", {}, by="")


def test_of_two_workers_one_gets_it() -> None:
    job = a_job(lambda job: {})
    assert running.run(str(job.pk)) == "done"
    assert running.run(str(job.pk)) == "not mine"


def test_a_failure_keeps_the_sentence_a_person_can_act_on() -> None:
    def fail(job: JobContext) -> dict[str, Any]:
        raise InvalidInput("The picture is damaged.", details="Upload it again.")

    job = a_job(fail)
    running.run(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", "The picture is damaged. Upload it again.")


def test_an_unexpected_failure_is_not_shown_as_it_is() -> None:
    def fail(job: JobContext) -> dict[str, Any]:
        raise KeyError("secret")

    job = a_job(fail)
    running.run(str(job.pk))
    job.refresh_from_db()
    assert job.status == "failed"
    assert "secret" not in job.error
    assert job.error.endswith("Trying again may help.")


def test_waiting_work_is_cancelled_at_once_and_never_run() -> None:
    job = a_job(lambda job: pytest.fail("it ran"))
    assert queue.cancel(str(job.pk)).status == "cancelled"
    assert running.run(str(job.pk)) == "not mine"
    assert ended == ["cancelled"]


def test_running_work_stops_when_cancelled() -> None:
    job = a_job(waiting)
    thread = in_thread(job)
    until(lambda: Job.objects.get().status == "running")
    queue.cancel(str(job.pk))
    thread.join(60)
    assert Job.objects.get().status == "cancelled"


def test_cancelling_what_is_over_changes_nothing() -> None:
    job = a_job(lambda job: {})
    running.run(str(job.pk))
    assert queue.cancel(str(job.pk)).status == "done"


def test_progress_is_seen_while_it_runs_and_never_goes_back() -> None:
    steps, is_seen = (10, 50, 20, 60), threading.Semaphore(0)

    def work(job: JobContext) -> dict[str, Any]:
        for done in steps:
            job.report("drawing", done, 100)
            assert is_seen.acquire(timeout=60)
        return {}

    thread = in_thread(a_job(work))
    seen = []
    for done in steps:
        until(lambda done=done: Job.objects.get().progress.get("done") == done)
        seen.append(Job.objects.get().progress["percentage"])
        is_seen.release()
    thread.join(60)
    assert seen == [10.0, 50.0, 50.0, 60.0]


def test_the_work_of_a_dead_worker_is_queued_again_and_then_given_up() -> None:
    job = a_job(lambda job: {})
    for attempt in (1, 2, 3):
        Job.objects.update(status="running", owner="dead", attempts=attempt, lease_until=timezone.now() - timedelta(1))
        assert running.reap() == 1
    job.refresh_from_db()
    assert job.status == "failed"
    assert "three times" in job.error
    assert DBTaskResult.objects.count() == 3
    assert ended == ["failed"]


def test_a_worker_of_this_machine_that_died_need_not_be_waited_for() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    a_job(lambda job: {})
    owner = f"{socket.gethostname()}:{child.pid}:1"
    Job.objects.update(status="running", owner=owner, attempts=1, lease_until=timezone.now() + timedelta(minutes=1))
    assert running.reap() == 1
    assert Job.objects.get().status == "queued"


def test_a_living_workers_job_is_left_alone() -> None:
    a_job(lambda job: {})
    Job.objects.update(status="running", owner="alive", lease_until=timezone.now() + timedelta(seconds=5))
    assert running.reap() == 0


def test_a_worker_that_was_overtaken_changes_nothing_any_more() -> None:
    def overtaken(job: JobContext) -> dict[str, Any]:
        Job.objects.update(owner="another", attempts=2)
        until(job.is_stopped)
        return {"mine": True}

    job = a_job(overtaken)
    assert running.run(str(job.pk)) == "overtaken"
    job.refresh_from_db()
    assert (job.status, job.owner, job.result) == ("running", "another", {})


def test_shutting_down_puts_work_back_without_counting_it() -> None:
    job = a_job(waiting)
    thread = in_thread(job)
    until(lambda: Job.objects.get().status == "running")
    running.shutting_down.set()
    thread.join(60)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("queued", 0)
    assert DBTaskResult.objects.count() == 2


def test_the_lease_is_renewed_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 0.3)

    def work(job: JobContext) -> dict[str, Any]:
        time.sleep(1.0)
        assert not running.reap()
        return {}

    thread = in_thread(a_job(work))
    thread.join(60)
    assert Job.objects.get().status == "done"


@pytest.mark.parametrize("job_id", ["", "1", "not-a-uuid", "00000000-0000-0000-0000-000000000000", "9" * 400])
def test_an_id_that_is_none_is_not_found(job_id: str) -> None:
    with pytest.raises(NoSuchJob):
        queue.get_job(job_id)


def test_old_rows_are_forgotten() -> None:
    job = a_job(lambda job: {})
    running.run(str(job.pk))
    Job.objects.update(finished_at=timezone.now() - timedelta(days=31))
    assert queue.delete_old() == 1


def claimed(**columns: Any) -> Job:
    """A job whose worker, a process that has ended, claimed it and will not be heard of again."""
    job = a_job(lambda job: {})
    Job.objects.update(status="running", attempts=1, **columns)
    job.refresh_from_db()
    return job


def test_an_attempt_that_was_overtaken_by_the_same_workers_next_one_changes_nothing_any_more() -> None:
    def overtaken(job: JobContext) -> dict[str, Any]:
        Job.objects.update(attempts=2)
        until(job.is_stopped)
        return {"mine": True}

    job = a_job(overtaken)
    assert running.run(str(job.pk)) == "overtaken"
    job.refresh_from_db()
    assert (job.status, job.attempts, job.result) == ("running", 2, {})


def test_a_cancel_of_a_dead_workers_job_ends_it() -> None:
    job = claimed(owner="dead", lease_until=timezone.now() - timedelta(1))
    queue.cancel(str(job.pk))
    assert running.reap() == 1
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert ended == ["cancelled"]
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize("days", [60, 300, 4000])
def test_a_lease_from_a_clock_that_was_ahead_holds_no_job(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 0.2)
    job = claimed(owner="another host:1:1", lease_until=timezone.now() + timedelta(days))
    assert running.reap() == 0
    time.sleep(0.3)
    assert running.reap() == 1
    job.refresh_from_db()
    assert job.status == "queued"


def test_a_cancel_of_such_a_job_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 0.2)
    job = claimed(owner="another host:1:1", lease_until=timezone.now() + timedelta(300))
    running.reap()
    queue.cancel(str(job.pk))
    time.sleep(0.3)
    running.reap()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_process_that_was_given_the_dead_workers_number_is_not_taken_for_it() -> None:
    host, process, thread, began = leases.this_worker().rsplit(":", 3)
    claimed(owner=f"{host}:{process}:{thread}:{int(began) - 1}", lease_until=timezone.now() + timedelta(300))
    assert running.reap() == 1


@pytest.mark.parametrize("days", [-60, 60])
def test_a_living_worker_keeps_its_job_when_the_clock_jumps(days: int) -> None:
    claimed(owner=leases.this_worker(), lease_until=timezone.now() + timedelta(days))
    assert running.reap() == 0


def test_a_worker_that_lives_but_does_not_beat_loses_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 0.2)
    claimed(owner=leases.this_worker(), lease_until=timezone.now() + timedelta(300))
    running.reap()
    time.sleep(0.3)
    assert running.reap() == 1


def test_a_lease_that_is_renewed_now_and_then_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 0.2)
    claimed(owner="another host:1:1", lease_until=timezone.now() + timedelta(300))
    for seconds in range(4):
        assert running.reap() == 0
        time.sleep(0.15)
        Job.objects.update(lease_until=timezone.now() + timedelta(300, seconds=seconds))
