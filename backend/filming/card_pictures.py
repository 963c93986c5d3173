"""Title cards of segments as pictures, as the renderer draws them."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from api.services.projects import project_group
from api.services.rows import segment_row
from core.errors import InvalidInput
from filming.film_settings import check_sizes, format_of
from narration.script import Sentence, parse_script
from preferences.setting_values import effective_settings
from rendering.cards import card_of, title_card
from rendering.film import CARD_LOOKS, Scene

_QUALITY = 85


def plain_text(text: str) -> str:
    """Return the text's words without markup."""
    return " ".join(word.text for part in parse_script(text) if isinstance(part, Sentence) for word in part.words)


def open_card(segment_id: int, width: int, *, size: str | None, look: str | None) -> tuple[BinaryIO, str]:
    """Return the card as WebP, at most ``width`` pixels wide, and its version.

    ``size`` and ``look`` are by default those of the story. Raises ``NotFound`` and ``InvalidInput``.
    """
    row = segment_row(segment_id)
    values = effective_settings(project_group(row["project"]))
    if size is not None:
        (values["size"],) = check_sizes([size])
    if look is not None:
        if look not in CARD_LOOKS:
            raise InvalidInput(f"look must be one of {', '.join(CARD_LOOKS)}.")
        values["card_look"] = look
    fmt = format_of(values)
    scene = Scene(str(row["id"]), row["text_content"], plain_text=plain_text(row["text_content"]))
    card = card_of(scene, row["sequence_index"] + 1, fmt)
    width = min(width, fmt.width)
    pixels = title_card(card, (width, max(1, round(fmt.height * width / fmt.width))))
    picture = BytesIO()
    Image.fromarray(pixels).save(picture, "WEBP", quality=_QUALITY)
    content = picture.getvalue()
    picture.seek(0)
    return picture, hashlib.sha256(content).hexdigest()[:24]
