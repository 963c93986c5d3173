"""The story for the tests of disks, the acts through the real APIs, and the checks after each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image
from rest_framework.test import APIClient

from media_store.ballast import BALLAST_BYTES
from media_store.layout import current_layout
from media_store.recovery import recover
from proof.crash.acts import entry_of, item_id, make_story, state, violations

# What the trash holds of the story, asked while the database could still be read.
ENTRIES: dict[str, int] = {}
GOOD = frozenset({200, 201, 204})
DATABASE_FAILED = frozenset({500, 503})


def lay_story(template: Path) -> None:
    """Make the story where the settings point, and keep a copy."""
    from storyflow.start_up import open_store

    open_store()
    make_story()
    for kind, record in (("image", 2), ("segment", 6), ("project", 3)):
        ENTRIES[kind] = entry_of(kind, record)
    connection.close()
    shutil.copytree(settings.DATA_DIR, template / "data")
    shutil.copytree(settings.MEDIA_ROOT, template / "media", dirs_exist_ok=True)
    shutil.copytree(settings.UPLOADS_ROOT, template / "uploads", dirs_exist_ok=True)


def lay_again(template: Path) -> None:
    """Write the story again, with the same bytes; the database's log of the previous run is removed."""
    connection.close()
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.UPLOADS_ROOT):
        for path in Path(folder).iterdir() if Path(folder).exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(template / "data", settings.DATA_DIR, dirs_exist_ok=True)
    shutil.copytree(template / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    shutil.copytree(template / "uploads", settings.UPLOADS_ROOT, dirs_exist_ok=True)


def lay_in_ballast() -> None:
    """Create the ballast file, as recovery does on a disk with enough space."""
    ballast = current_layout().ballast
    if not ballast.exists():
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)


def client() -> APIClient:
    return APIClient(raise_request_exception=False, SERVER_NAME="localhost")


def a_picture(name: str = "new.jpg") -> SimpleUploadedFile:
    content = BytesIO()
    Image.effect_noise((200, 150), 60).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue())


def _story_upload(segment_id: int) -> Any:
    return client().post(f"/api/segments/{segment_id}/upload-image/", {"image": a_picture()}, format="multipart")


def _item_upload(word: str) -> Any:
    return client().post(f"/api/v1/items/{item_id(word)}/image", {"image": a_picture()}, format="multipart")


def _restore(kind: str) -> Any:
    return client().post(f"/api/trash/{ENTRIES[kind]}/restore/", {}, format="json")


UPLOADS: dict[str, Callable[[], Any]] = {
    "upload": lambda: _story_upload(2),
    "replace": lambda: _story_upload(1),
    "upload item image": lambda: _item_upload("drill"),
    "replace item image": lambda: _item_upload("lamp"),
}
REMOVALS: dict[str, Callable[[], Any]] = {
    "remove": lambda: client().delete("/api/segments/1/remove-image/"),
    "delete item image": lambda: client().delete(f"/api/v1/items/{item_id('lamp')}/image"),
    "delete segment": lambda: client().delete("/api/segments/3/"),
    "delete item": lambda: client().delete(f"/api/v1/items/{item_id('drill')}"),
    "delete project": lambda: client().delete("/api/projects/2/"),
}
RESTORES: dict[str, Callable[[], Any]] = {
    "restore image": lambda: _restore("image"),
    "restore segment": lambda: _restore("segment"),
    "restore project": lambda: _restore("project"),
}
ACTS = UPLOADS | RESTORES | REMOVALS


def judged(act: str, during: AbstractContextManager[object] | None = None) -> tuple[int, dict[str, Any], list[str]]:
    """Run an act and return (status, body, violations): done after a success, and otherwise without any effect.

    ``during`` is the context manager that causes the failure; it encloses only the act.
    """
    before = state()
    with during or nullcontext():
        response = ACTS[act]()
    after, found = state(), violations()
    if response.status_code in DATABASE_FAILED:
        # A commit that failed may be believed after a restart; until then the bytes it needs are kept.
        found = [violation for violation in found if not violation.startswith("left in `in`")]
    if response.status_code in GOOD and act in RESTORES:
        # A second name that could not be dropped is recovery's.
        found = [violation for violation in found if not violation.startswith("trash bytes without row")]
    if response.status_code in GOOD and after == before:
        found.append("it was acknowledged, but nothing changed")
    if response.status_code not in GOOD and after != before:
        found.append("it was refused, but something changed")
    if lost := digests(before) - digests(after):
        found.append(f"bytes are lost: {lost}")
    body = response.json() if response.content else {}
    if response.status_code not in GOOD and not is_sentence(body):
        found.append(f"no sentence in {body}")
    return response.status_code, body, [f"{act} ({response.status_code}): {violation}" for violation in found]


def code_of(body: dict[str, Any]) -> str:
    """Return the code in a response of the items API; the story API has only sentences."""
    error = body.get("error")
    return str(error["code"]) if isinstance(error, dict) else ""


def is_sentence(body: dict[str, Any]) -> bool:
    error = body.get("error")
    text = error.get("message") if isinstance(error, dict) else error
    # The words of an error that nobody planned for are no answer here.
    return isinstance(text, str) and " " in text and "Something went wrong" not in text


def digests(of: dict[str, Any]) -> set[str]:
    rows = [row[-1] for row in (*of["segments"].values(), *of["items"].values()) if row[-1]]
    folders = [digest for _, _, kept in of["trash"] for digest in kept]
    # A folder's digest names the digests of its files.
    words = " ".join([*rows, *folders])
    return {word.strip("'\"[](),") for word in words.split() if len(word.strip("'\"[](),")) == 12}


def recovered() -> list[str]:
    """Recover twice: clean, and the second time changes nothing."""
    recover()
    first, found = state(), violations()
    recover()
    if state() != first:
        found.append("the second recovery changed something")
    return [f"after recovery: {violation}" for violation in found]
