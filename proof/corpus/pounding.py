"""A process with little memory that checks mutated pictures directly, or uploads them through both APIs.

``python -m proof.corpus.pounding check|apis FIRST COUNT`` prints its results as JSON.
"""

from __future__ import annotations

import collections
import json
import os
import re
import resource
import sys
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

ADDRESS_SPACE_BYTES = 1536 * 1024 * 1024

Outcomes = collections.Counter[str]


def check(numbers: range) -> tuple[Outcomes, list[str]]:
    """Check each picture: it is refused, or what is stored of it is complete, has no trailing data and looks alike."""
    from media_store.errors import InvalidPicture
    from media_store.metadata import without_metadata
    from media_store.pictures import check_picture
    from proof.corpus.ends import end_of_picture
    from proof.corpus.mutations import pounded

    outcomes, violations = Outcomes(), []
    for number in numbers:
        content = pounded(number)
        try:
            facts = check_picture(BytesIO(content))
        except InvalidPicture as exc:
            outcomes["refused"] += 1
            if not str(exc.details).endswith("."):
                violations.append(f"{number}: refused without a sentence")
            continue
        outcomes["used"] += 1
        stored = without_metadata(content)
        try:
            if check_picture(BytesIO(stored)) != facts or pixels(stored) != pixels(content):
                violations.append(f"{number}: what is stored is another picture")
            if end_of_picture(stored) != len(stored):
                violations.append(f"{number}: something follows the end of what is stored")
        except (InvalidPicture, ValueError, IndexError) as exc:
            violations.append(f"{number}: what is stored is no sound picture: {exc!r} {getattr(exc, 'details', '')}")
    return outcomes, violations


def pixels(content: bytes) -> bytes:
    from PIL import Image

    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
        return image.convert("RGBA").tobytes()


def apis(numbers: range) -> tuple[Outcomes, list[str]]:
    """Upload each picture to a segment and to an item: it is used or refused, and a refused one leaves nothing."""
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from rest_framework.test import APIClient

    from api.models import Project, Segment
    from items.models import Item
    from media_store.layout import current_layout, live_files
    from media_store.recovery import recover
    from proof.corpus.mutations import pounded
    from proof.crash.acts import violations as violations_on_disk

    call_command("migrate", verbosity=0)
    recover()
    segment = Segment.objects.create(project=Project.objects.create(), sequence_index=0, text_content="Text")
    item = Item.objects.create(name="Lamp", category="Light")
    client = APIClient(raise_request_exception=False, SERVER_NAME="localhost")
    urls = {f"/api/segments/{segment.pk}/upload-image/": 200, f"/api/v1/items/{item.pk}/image": 201}
    layout, outcomes, found, used = current_layout(), Outcomes(), [], set()
    for number in numbers:
        name = f"{number}{('.jpg', '.png', '.webp')[number % 3]}"
        for url, good in urls.items():
            response = client.post(url, {"image": SimpleUploadedFile(name, pounded(number))}, format="multipart")
            outcomes[str(response.status_code)] += 1
            used |= {url} if response.status_code == good else set()
            if response.status_code not in (good, 400) or not json.loads(response.content):
                found.append(f"{number}: {url} answered {response.status_code}")
        if os.listdir(layout.incoming) or len(list(live_files(layout))) != len(used):
            found.append(f"{number}: something was left behind")
    return outcomes, [*found, *violations_on_disk()]


def peak_mib() -> int:
    # ru_maxrss would count the process that started this one.
    found: Any = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    warnings.simplefilter("ignore")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    act, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    outcomes, violations = {"check": check, "apis": apis}[act](range(first, first + count))
    print(json.dumps({"outcomes": outcomes, "violations": violations, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
