"""The errors that only the items API has."""

from __future__ import annotations

from core.errors import InvalidInput, NotFound


class ItemNotFound(NotFound):
    """No item has this id, or the id is not a UUID."""

    code = "ITEM_NOT_FOUND"

    def __init__(self, item_id: object) -> None:
        super().__init__(f"Item with ID {item_id} not found")


class MissingFile(InvalidInput):
    """A form without a file in its field ``image``."""

    code = "MISSING_FILE"
    message = "No image file was sent; use the multipart field “image”"
