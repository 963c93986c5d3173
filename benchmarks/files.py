"""Files: pictures come and go by four clients at once, and a video of a gigabyte begins."""

from __future__ import annotations

import os
import random
import statistics
import time
from io import BytesIO

from PIL import Image

from benchmarks.clients import Connection, Request, send_all, upload
from benchmarks.contest import Figure
from benchmarks.figures import round_of
from benchmarks.servers import Server
from benchmarks.stories import a_story

PICTURES = 200
CLIENTS = 4
VIDEO = "projects/1/film.mp4"
VIDEO_BYTES = 1024**3
BEGINNINGS = 200

FIGURES = (
    Figure("upload of 700 kB", "/s", target=1, is_more_better=True),
    Figure("removal of a picture", "/s", target=1, is_more_better=True),
    Figure("first byte of a 1 GB video", "ms", target=1),
    Figure("1 MB from its middle (Range)", "ms"),
)


def a_large_photo() -> bytes:
    """About 700 kB of JPEG, of the size that cameras make for the web."""
    size = (1600, 1067)
    noise = Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))
    content = BytesIO()
    Image.blend(Image.radial_gradient("L").resize(size), noise, 0.14).convert("RGB").save(content, "JPEG", quality=92)
    return content.getvalue()


def a_video(server: Server) -> str:
    """The path of a sparse file; of what it holds nobody asks."""
    file = server.data_dir / "media" / VIDEO
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as video:
        os.truncate(video.fileno(), VIDEO_BYTES)
    return f"/media/{VIDEO}"


def prepare(server: Server) -> tuple[list[int], bytes, str]:
    _, segment_ids = a_story(server, PICTURES)
    return segment_ids, a_large_photo(), a_video(server)


def measure(server: Server, prepared: tuple[list[int], bytes, str]) -> dict[str, float | None]:
    segment_ids, photo, video = prepared
    uploads = [upload(f"/api/segments/{one}/upload-image/", "photo.jpg", photo) for one in segment_ids]
    removals = [Request("DELETE", f"/api/segments/{one}/remove-image/") for one in segment_ids]
    middle = f"bytes={VIDEO_BYTES // 2}-{VIDEO_BYTES // 2 + 1024**2 - 1}"
    return {
        "upload of 700 kB": round_of(send_all(server.port, uploads, clients=CLIENTS), 200)["per_second"],
        "removal of a picture": round_of(send_all(server.port, removals, clients=CLIENTS), 200)["per_second"],
        "first byte of a 1 GB video": _first_byte_ms(server.port, Request("GET", video)),
        "1 MB from its middle (Range)": _range_ms(server.port, Request("GET", video, headers={"Range": middle})),
    }


def _first_byte_ms(port: int, request: Request) -> float:
    return statistics.median(_beginning_ms(port, request) for _ in range(BEGINNINGS))


def _beginning_ms(port: int, request: Request) -> float:
    connection = Connection(port, receive_bytes=65536)
    begun = time.perf_counter()
    connection.send(request.as_sent())
    connection.head()
    taken = time.perf_counter() - begun
    connection.close()
    return taken * 1000


def _range_ms(port: int, request: Request) -> float | None:
    """None for a server that knows no ranges and begins to send everything."""
    connection = Connection(port)
    begun = time.perf_counter()
    connection.send(request.as_sent())
    status, _, received = connection.head()
    while status == 206 and len(received) < 1024**2:
        received += connection.more()
    connection.close()
    return (time.perf_counter() - begun) * 1000 if status == 206 else None
