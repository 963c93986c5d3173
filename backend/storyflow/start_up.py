"""The checks and preparations before the server or a command changes anything."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from core.errors import ConfigurationError
from media_store import ballast, locks
from media_store.identity import verify_identity
from media_store.layout import Layout, current_layout
from media_store.purging import purge_expired
from media_store.recovery import RecoveryReport, recover
from media_store.trash_clock import delayed_purge_sentence
from storyflow import database_checks

log = logging.getLogger(__name__)

# Pragma → the value that SQLite must report. 2 is FULL: a commit is on disk before the response is sent.
EXPECTED_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def prepare_database() -> None:
    """Create or upgrade the database, and check its pragmas and tables. Raises ``ConfigurationError``."""
    # SQLite creates files when the first connection opens, which fails on a completely full disk.
    layout = _folders()
    ballast.release_when_full(layout)
    with _translate_database_errors():
        if _has_migrations_to_run():
            # Two commands can start on a new data folder: the second one waits and finds the work done.
            with locks.exclusive(layout):
                if _has_migrations_to_run():
                    database_checks.check_integrity()
                    call_command("migrate", interactive=False, verbosity=0)
        verify_pragmas()
        database_checks.check_tables()


@contextmanager
def _translate_database_errors() -> Iterator[None]:
    """Turn a ``DatabaseError`` into a ``ConfigurationError``."""
    try:
        yield
    except DatabaseError as exc:
        name = settings.DATABASES["default"]["NAME"]
        raise ConfigurationError(
            f"The database {name} cannot be used. Is its folder writable, the file whole, room on its disk?"
        ) from exc


def _has_migrations_to_run() -> bool:
    executor = MigrationExecutor(connection)
    database_checks.check_history(executor)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def pragmas() -> dict[str, object]:
    """Return the pragmas of this connection, as SQLite reports them."""
    with connection.cursor() as cursor:
        return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in EXPECTED_PRAGMAS}


def verify_pragmas() -> None:
    """Check the effective pragmas: Django ignores database options at the wrong level without an error.

    Raises ``ConfigurationError``.
    """
    found = pragmas() | {"transaction_mode": getattr(connection, "transaction_mode", None)}
    expected = EXPECTED_PRAGMAS | {"transaction_mode": "IMMEDIATE"}
    for name, value in expected.items():
        if found[name] != value:
            raise ConfigurationError(
                f"The database runs with {name}={found[name]} and not {value}; StoryFlow could lose pictures like "
                "that. Is the data folder on a network drive? Put it on a local disk."
            )


def verify_one_filesystem() -> None:
    """Check that all folders of the store are on one file system.

    A rename across file systems is a copy, which a crash can interrupt. Raises ``ConfigurationError``.
    """
    layout = _folders()
    devices = {folder: Path(folder).stat().st_dev for folder in (layout.private, *layout.areas.values())}
    if len(set(devices.values())) > 1:
        raise ConfigurationError(
            f"{', '.join(map(str, devices))} must lie on one filesystem. Move the data folder as a whole instead."
        )


def _folders() -> Layout:
    """Create the store's folders if missing. Raises ``ConfigurationError``, also for a folder that is read-only."""
    layout = current_layout()
    with _translate_disk_errors():
        layout.ensure()
        read_only = [path for path in _writable_paths(layout) if path.exists() and not os.access(path, os.W_OK)]
    if read_only:
        raise ConfigurationError(
            f"The data folder cannot be used: {read_only[0]} is read-only. Let StoryFlow write to it and to all below "
            "it; nothing was changed."
        )
    return layout


def _writable_paths(layout: Layout) -> Iterator[Path]:
    """Yield the files and folders that must be writable."""
    yield settings.DATA_DIR
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    yield from (database, database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm"))
    yield from (layout.private, layout.incoming, layout.trash, layout.cache, layout.writer_file)
    for area in layout.areas.values():
        yield area
        yield from (folder for folder in area.iterdir() if folder.is_dir() and not folder.is_symlink())


@contextmanager
def _translate_disk_errors() -> Iterator[None]:
    """Turn an ``OSError`` into a ``ConfigurationError``, except the ``BlockingIOError`` of a lock that is held."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as exc:
        raise ConfigurationError(
            f"The data folder cannot be used: {exc.filename} must be there for StoryFlow to read and write "
            f"({exc.strerror})."
        ) from exc


def open_store() -> RecoveryReport:
    """Prepare database and folders, recover from a crash, and delete expired trash. Called before the first request."""
    prepare_database()
    verify_one_filesystem()
    database_checks.check_integrity()
    with _translate_disk_errors(), _translate_database_errors():
        report = recover()
        purge_expired()
    return report


def close_store() -> None:
    """Write the WAL into the database file at a clean stop, so that a copy of this one file is complete."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError:
        log.warning("The database's log was not folded in; the next start reads it.", exc_info=True)
    finally:
        connection.close()


def open_store_beside_server() -> None:
    """Prepare database and folders and recover from a crash, for a command that can run beside a server.

    Recovery is skipped if another process holds the store's lock.
    """
    prepare_database()
    verify_one_filesystem()
    try:
        with _translate_disk_errors(), _translate_database_errors():
            verify_identity(current_layout())
            recover(wait=False)
    except BlockingIOError:
        log.debug("A server is changing pictures right now; it looks after recovery.")


def report_lines(report: RecoveryReport) -> list[str]:
    """Return lines for the terminal about what recovery did; empty if it had nothing to do."""
    lines = []
    if report.undone or report.finished:
        lines.append(f"After an interruption: {len(report.undone)} undone, {len(report.finished)} finished.")
    if report.quarantined:
        lines.append(f"{len(report.quarantined)} files belonged to no record; they wait in the trash.")
    if waits := delayed_purge_sentence():
        lines.append(waits)
    if not report.is_clean:
        lines.append("Something needs a look: run `storyflow doctor`.")
    return lines
