"""The health checks of `storyflow doctor`."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from media_store import disk, identity
from media_store.layout import current_layout
from media_store.models import StoreIdentity, TrashEntry
from media_store.recovery import recover
from media_store.trash import retention_days
from media_store.trash_clock import delayed_purge_sentence
from storyflow import database_checks, start_up
from storyflow.exposure import describe_exposure

LOW_SPACE_BYTES = 1024**3


@dataclass
class Finding:
    """The result of one check: its name, whether it is good, a sentence, and the places it concerns."""

    what: str
    is_ok: bool
    found: str
    places: list[str] = field(default_factory=list)


def run_checks(*, adopt: bool = False) -> list[Finding]:
    """Run all checks. Also recovers from a crash, if there was one.

    Raises ``StoreMismatch`` if data folder and database do not belong together; with ``adopt`` they are declared to
    belong together instead.
    """
    start_up.prepare_database()
    start_up.verify_one_filesystem()
    database_checks.check_integrity()
    layout = current_layout()
    if adopt:
        identity.mark(layout)
    report = recover(layout)
    store_id = StoreIdentity.objects.values_list("store_id", flat=True).get(pk=1)
    waits = delayed_purge_sentence()
    waiting = TrashEntry.objects.filter(state=TrashEntry.State.TRASHED)
    free = disk.free_bytes(layout.private)
    pragmas = ", ".join(f"{name}={value}" for name, value in start_up.pragmas().items())
    left = report.undone + report.finished
    return [
        Finding("Data folder", True, str(settings.DATA_DIR)),
        Finding("Exposure", True, describe_exposure(settings.ENVIRONMENT)),
        Finding("Store identity", True, f"{store_id}, the same in folder and database"),
        Finding("Database", True, f"whole; {pragmas}"),
        Finding("Files", not report.warning, report.warning or f"{report.files} in their places"),
        Finding("Missing files", not report.missing, _count(report.missing, "no row misses its file"), report.missing),
        Finding(
            "Orphans",
            not report.unowned,
            _count(report.unowned, f"{len(report.quarantined)} put into the trash" if report.quarantined else "none"),
            report.unowned or report.quarantined,
        ),
        Finding(
            "Left by a crash",
            True,
            f"{len(report.undone)} undone, {len(report.finished)} finished" if left else "nothing",
            left,
        ),
        Finding("Not settled", not report.failed, _count(report.failed, "nothing"), report.failed),
        Finding("Trash", not waits, waits or f"{waiting.count()} things wait, kept for {retention_days()} days"),
        Finding("Free space", free > LOW_SPACE_BYTES, f"{free / 1024**3:.1f} GB"),
    ]


def _count(places: list[str], none: str) -> str:
    return str(len(places)) if places else none
