"""Every request of both APIs that changes something, on the story of acts.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from proof.crash.acts import a_bundle, entry_of, item_id, revised_script


@cache
def jpeg(color: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8), color=color).save(content, format="JPEG")
    return content.getvalue()


class ApiClient:
    """A client of both APIs; an exception in the server becomes a 500, as it does in production."""

    def __init__(self, *, when_sending: Callable[[], object] = bool) -> None:
        self.client = Client(raise_request_exception=False, headers={"host": "localhost"})
        self.when_sending = when_sending

    def send(self, method: str, path: str, body: Any = None) -> Any:
        self.when_sending()
        return self.client.generic(method, f"/api/{path}", json.dumps(body), content_type="application/json")

    def upload(self, path: str, name: str, content: bytes, *, field: str = "image") -> Any:
        file = SimpleUploadedFile(name, content, content_type="image/jpeg")
        self.when_sending()
        return self.client.post(f"/api/{path}", {field: file})


STORY = {"format": "json", "title": "New", "segments": [{"text_content": "First"}, {"text_content": "Second"}]}
CHANGES = {"changes": [{"id": pk, "text_content": "New", "motion": "still"} for pk in (1, 2, 3)]}
REQUESTS: dict[str, Callable[[ApiClient], Any]] = {
    "create project": lambda to: to.send("POST", "projects/", {"title": "New"}),
    "rename project": lambda to: to.send("PATCH", "projects/1/", {"title": "New"}),
    "delete project": lambda to: to.send("DELETE", "projects/1/"),
    "import project": lambda to: to.send("POST", "projects/import/", STORY),
    "import segments": lambda to: to.send("POST", "projects/2/import-segments/", STORY),
    "import revised script": lambda to: to.send("POST", "projects/1/reimport/", revised_script()),
    "import bundle": lambda to: to.upload("projects/import-bundle/", "b.zip", a_bundle().read(), field="bundle"),
    "edit segment": lambda to: to.send("PATCH", "segments/1/", {"text_content": "New"}),
    "lock segment": lambda to: to.send("PATCH", "segments/1/", {"is_locked": True}),
    "delete segment": lambda to: to.send("DELETE", "segments/1/"),
    "split segment": lambda to: to.send("POST", "segments/1/split/", {"at": 4}),
    "merge segment": lambda to: to.send("POST", "segments/8/merge/", {}),
    "merge segment, the picture moves": lambda to: to.send("POST", "segments/3/merge/", {}),
    "restore a merge": lambda to: to.send("POST", f"trash/{entry_of('segment', 10)}/restore/", {}),
    "duplicate segment": lambda to: to.send("POST", "segments/7/duplicate/", {}),
    "change many segments": lambda to: to.send("PATCH", "projects/1/segments/", CHANGES),
    "choose for a segment": lambda to: to.send("PATCH", "segments/1/settings/", {"pause_s": 2}),
    "reorder": lambda to: to.send("POST", "segments/reorder/", {"project_id": 1, "segment_order": [3, 1, 2]}),
    "upload": lambda to: to.upload("segments/2/upload-image/", "new.jpg", jpeg("teal")),
    "replace": lambda to: to.upload("segments/1/upload-image/", "new.jpg", jpeg("teal")),
    "replace by the same name": lambda to: to.upload("segments/1/upload-image/", "one.jpg", jpeg("teal")),
    "use item image": lambda to: to.send("POST", "segments/2/use-item-image/", {"item_id": str(item_id("lamp"))}),
    "swap": lambda to: to.send("POST", "segments/1/swap-image/", {"segment": 3}),
    "swap with none": lambda to: to.send("POST", "segments/2/swap-image/", {"segment": 1}),
    "remove": lambda to: to.send("DELETE", "segments/1/remove-image/"),
    "restore image": lambda to: to.send("POST", f"trash/{entry_of('image', 2)}/restore/", {}),
    "restore over another": lambda to: to.send("POST", f"trash/{entry_of('image', 3)}/restore/", {}),
    "restore elsewhere": lambda to: to.send("POST", f"trash/{entry_of('image', 2)}/restore/", {"segment": 4}),
    "restore segment": lambda to: to.send("POST", f"trash/{entry_of('segment', 6)}/restore/", {}),
    "restore project": lambda to: to.send("POST", f"trash/{entry_of('project', 3)}/restore/", {}),
    "restore item image": lambda to: to.send("POST", f"trash/{entry_of('item-image', item_id('drill'))}/restore/", {}),
    "restore item": lambda to: to.send("POST", f"trash/{entry_of('item', item_id('tent'))}/restore/", {}),
    "purge image": lambda to: to.send("DELETE", f"trash/{entry_of('image', 2)}/"),
    "purge project": lambda to: to.send("DELETE", f"trash/{entry_of('project', 3)}/"),
    "create item": lambda to: to.send("POST", "v1/items", {"name": "Saw", "category": "Things"}),
    "edit item": lambda to: to.send("PATCH", f"v1/items/{item_id('lamp')}", {"name": "Lantern"}),
    "delete item": lambda to: to.send("DELETE", f"v1/items/{item_id('lamp')}"),
    "upload item image": lambda to: to.upload(f"v1/items/{item_id('drill')}/image", "new.jpg", jpeg("teal")),
    "replace item image": lambda to: to.upload(f"v1/items/{item_id('lamp')}/image", "new.jpg", jpeg("teal")),
    "delete item image": lambda to: to.send("DELETE", f"v1/items/{item_id('lamp')}/image"),
}


def sentence_of(response: Any) -> str:
    """Return the error sentence of a response, or ""."""
    try:
        error = json.loads(response.content)["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(error["message"] if isinstance(error, dict) else error)
