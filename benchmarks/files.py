"""Files: pictures come and go by four clients at once, and then a video begins."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image

from benchmarks.clients import Request, send_all, upload
from benchmarks.comparison import Figure
from benchmarks.figures import round_of
from benchmarks.servers import Server
from benchmarks.stories import a_story
from benchmarks.videos import a_video, first_byte_ms

PICTURES = 200
CLIENTS = 4

FIGURES = (
    Figure("upload of 700 kB", "/s", target=1, is_more_better=True),
    Figure("removal of a picture", "/s", target=1, is_more_better=True),
    Figure("first byte of a video, right after that", "ms"),
)


def a_large_photo() -> bytes:
    """Return a JPEG of about 700 kB, 1600 by 1067 pixels."""
    size = (1600, 1067)
    noise = Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))
    content = BytesIO()
    Image.blend(Image.radial_gradient("L").resize(size), noise, 0.14).convert("RGB").save(content, "JPEG", quality=92)
    return content.getvalue()


def prepare(server: Server) -> tuple[list[int], bytes, str]:
    _, segment_ids = a_story(server, PICTURES)
    return segment_ids, a_large_photo(), a_video(server)


def measure(server: Server, prepared: tuple[list[int], bytes, str]) -> dict[str, float | None]:
    segment_ids, photo, video = prepared
    uploads = [upload(f"/api/segments/{one}/upload-image/", "photo.jpg", photo) for one in segment_ids]
    removals = [Request("DELETE", f"/api/segments/{one}/remove-image/") for one in segment_ids]
    return {
        "upload of 700 kB": round_of(send_all(server.port, uploads, clients=CLIENTS), 200)["per_second"],
        "removal of a picture": round_of(send_all(server.port, removals, clients=CLIENTS), 200)["per_second"],
        "first byte of a video, right after that": first_byte_ms(server.port, video),
    }
