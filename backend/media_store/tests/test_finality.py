"""A missing row is acted upon only after a commit that keeps it missing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import OperationalError, connection

from media_store import finality, recovery
from media_store.finality import final_transaction
from media_store.layout import Layout
from media_store.models import Settlement
from media_store.operations import Operation
from media_store.recovery import recover
from media_store.statements import insert
from media_store.tests.conftest import a_segment_owning, an_operation, everything, write

pytestmark = pytest.mark.django_db(transaction=True)
OWNED = "media/projects/1/images/1_a.jpg"


@pytest.fixture
def store(transactional_db: None, store: Layout) -> Layout:
    Settlement.objects.all().delete()
    return store


def settlements() -> int:
    return sum(Settlement.objects.values_list("number", flat=True))


def an_operation_that_commits() -> None:
    with Operation("test", by="test") as operation, operation.transaction():
        pass


def test_operations_that_end_in_order_commit_nothing_for_each_other(store: Layout) -> None:
    an_operation_that_commits()
    with pytest.raises(ZeroDivisionError), Operation("test", by="test") as operation, operation.transaction():
        raise ZeroDivisionError
    an_operation_that_commits()
    assert settlements() == 0


def test_after_a_writer_without_a_row_an_operation_commits_a_write_before_its_own(store: Layout) -> None:
    store.writer_file.write_text(uuid.uuid4().hex)
    an_operation_that_commits()
    an_operation_that_commits()
    assert settlements() == 1


def test_the_write_stays_when_the_operation_is_then_taken_back(store: Layout) -> None:
    store.writer_file.write_text(uuid.uuid4().hex)
    with pytest.raises(ZeroDivisionError), Operation("test", by="test") as operation, operation.transaction():
        raise ZeroDivisionError
    assert settlements() == 1


def test_a_writer_that_appears_between_the_two_is_settled_too(store: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    real, killed = finality._count_settlement, [uuid.uuid4().hex]

    def settle_and_meet_another() -> None:
        real()
        if killed:
            store.writer_file.write_text(killed.pop())

    store.writer_file.write_text(uuid.uuid4().hex)
    monkeypatch.setattr(finality, "_count_settlement", settle_and_meet_another)
    an_operation_that_commits()
    assert settlements() == 2


def test_every_recovery_commits_a_write_before_it_looks(store: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = recovery.is_committed, []
    monkeypatch.setattr(recovery, "is_committed", lambda op_id: seen.append(settlements()) or real(op_id))
    write(store.trashed(an_operation(is_committed=False), OWNED))
    recover()
    assert seen == [1]
    recover()
    assert settlements() == 2


def test_a_recovery_that_dies_leaves_word_for_the_next_operation(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recovery, "_survey", die)
    with pytest.raises(KeyboardInterrupt):
        recover()
    an_operation_that_commits()
    assert settlements() == 2


def test_without_the_write_nothing_is_undone(store: Layout) -> None:
    a_segment_owning(OWNED)
    write(store.trashed(an_operation(is_committed=False), OWNED))
    before = everything(store)

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if "media_store_settlement" in sql:
            raise OperationalError("disk I/O error")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        recover()
    assert everything(store) == before


def test_a_transaction_that_begins_again_runs_its_body_once(store: Layout) -> None:
    from media_store.models import MediaOperation

    store.writer_file.write_text(uuid.uuid4().hex)
    runs = 0
    with final_transaction(store, "0" * 32):
        insert(MediaOperation(op_id="0" * 32, act="test"))
        runs += 1
    assert (runs, settlements()) == (1, 1)
