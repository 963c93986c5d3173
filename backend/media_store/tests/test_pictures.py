from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from media_store import pictures
from media_store.errors import InvalidPicture
from media_store.metadata import without_metadata
from media_store.pictures import PictureFacts, check_picture, content_type_of
from proof.corpus.bombs import BOMBS, DEFUSED, png
from proof.corpus.foreign import FOREIGN
from proof.corpus.mutations import mutated, pounded_jpeg
from proof.corpus.samples import SAMPLES, a_scene, encoded, mpo, sample

BACKEND = Path(__file__).parents[2]
MIB = 1024 * 1024


def named(content, name):
    file = BytesIO(content)
    file.name = name
    return file


def refusal_of(content, name=""):
    file = named(content, name)
    file.seek(0, 2)
    with pytest.raises(InvalidPicture) as refused:
        check_picture(file)
    assert file.tell() == 0
    return refused.value.details


# What counts as a picture


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_content_decides_and_not_the_ending(image_format, ending):
    file = named(encoded(a_scene(), image_format), f"picture{ending}")
    assert check_picture(file) == PictureFacts(image_format, 160, 120)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_usual_kind_is_accepted_and_left_at_its_start(name):
    file = BytesIO(sample(name))
    file.seek(7)
    assert check_picture(file).format == name[:4].strip(" ,").upper()
    assert file.tell() == 0


def without_second_image():
    content = mpo()
    return content[: content.index(b"\xff\xd9\xff\xd8") + 2]


@pytest.mark.parametrize("content", [mpo, without_second_image])
def test_a_phones_jpeg_with_a_second_picture_counts_as_jpeg(content):
    assert check_picture(BytesIO(content())) == PictureFacts("JPEG", 160, 120)


@pytest.mark.parametrize("name", ["JPEG baseline", "PNG", "WebP lossy"])
@pytest.mark.parametrize("tail", [b"\0", b"\n", bytes(4096), b"PK\3\4 not a zip", b"\xff\xd8\xff\xe0", b"\xff" * 99])
def test_bytes_behind_the_end_of_a_picture_do_not_matter(name, tail):
    assert check_picture(BytesIO(sample(name) + tail)).width == 160


def test_fill_bytes_and_stray_bytes_between_jpeg_segments_do_not_matter():
    jpeg = sample("JPEG baseline")
    assert check_picture(BytesIO(jpeg[:2] + b"\xff\xff\xff" + jpeg[2:20] + bytes(9) + jpeg[20:])).format == "JPEG"


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\xff\xd8\xff\xe1" + bytes(8), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "image/png"),
        (b"RIFF\x10\0\0\0WEBP", "image/webp"),
        (b"RIFF\x10\0\0\0WAVE", None),
        (b"GIF89a", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_the_first_twelve_bytes_tell_the_content_type(head, content_type):
    assert content_type_of(head) == content_type


# What does not


@pytest.fixture
def foreign_decoders_that_ran(monkeypatch):
    Image.init()
    ran = []
    for name, (_, accept) in Image.OPEN.items():
        if name not in ("JPEG", "PNG", "WEBP"):
            monkeypatch.setitem(Image.OPEN, name, (lambda *_, name=name: ran.append(name), accept))
    return ran


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_kind_named_png_is_refused_by_its_name_and_its_decoder_never_runs(kind, foreign_decoders_that_ran):
    content = FOREIGN[kind]()
    assert refusal_of(content, "a.png") == (
        f"This file is {kind}, although it is named .png; JPEG, PNG and WebP pictures can be used."
    )
    assert foreign_decoders_that_ran == []


def test_an_empty_file_is_refused_as_empty():
    assert refusal_of(b"") == "This file is empty; JPEG, PNG and WebP pictures can be used."


def cuts_of(content):
    """About a hundred lengths over the whole file, with each of the last dozen bytes."""
    return sorted({len(content) * i // 90 for i in range(90)} | set(range(len(content) - 12, len(content))))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_picture_cut_off_anywhere_is_refused(name):
    content = sample(name)
    cuts = cuts_of(content)
    assert len(cuts) >= 100
    details = {refusal_of(content[:cut]) for cut in cuts[10:]}
    assert details == {"The picture is cut off: its end is missing. Copy or download it again."}
    for cut in cuts[:10]:
        refusal_of(content[:cut])


@pytest.mark.parametrize("name", ["JPEG baseline", "JPEG progressive", "PNG"])
def test_a_download_whose_second_half_stayed_zero_is_refused(name):
    content = sample(name)
    refusal_of(content[: len(content) // 2] + bytes(len(content) // 2))


def is_loaded_by_pillow(content):
    """Return whether Pillow decodes the whole file, after the same check of its structure."""
    try:
        with pictures.decodable(BytesIO(content)) as picture:
            with pictures.open_picture(picture.data) as image:
                image.verify()
            with pictures.open_picture(picture.data) as image:
                image.load()
    except InvalidPicture:
        return False
    return True


def is_accepted(content):
    try:
        check_picture(BytesIO(content))
    except InvalidPicture:
        return False
    return True


def is_abridged(content):
    try:
        with pictures.decodable(BytesIO(content)) as picture:
            return picture.header is not picture.data
    except InvalidPicture:
        return False


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("batch", range(8))
def test_a_jpeg_is_accepted_exactly_when_pillow_can_load_all_of_it(batch):
    verdicts = set()
    for number in range(batch * 250, (batch + 1) * 250):
        content = pounded_jpeg(number)
        assert is_accepted(content) == is_loaded_by_pillow(content), number
        verdicts.add((is_abridged(content), is_accepted(content)))
    # Of each kind there were some, or nothing was compared.
    assert verdicts == {(True, True), (True, False), (False, True), (False, False)}


@pytest.mark.parametrize(
    ("name", "is_read_whole"),
    [("JPEG baseline", False), ("JPEG progressive", True), ("PNG", True), ("WebP lossy", True)],
)
def test_of_a_sequential_jpeg_only_the_head_is_given_to_the_decoder(name, is_read_whole):
    content = sample(name)
    assert is_abridged(content) is not is_read_whole


def with_byte(content, marker, offset, value):
    at = content.index(marker) + offset
    return content[:at] + bytes([value]) + content[at + 1 :]


def head_of(content):
    """Up to the first coded bit."""
    at = content.index(b"\xff\xda") + 2
    return content[: at + int.from_bytes(content[at : at + 2], "big")]


def with_a_second_frame(content):
    frame = content[(at := content.index(b"\xff\xc0")) : at + 19]
    return content.replace(frame, frame + frame)


@pytest.mark.parametrize(
    "unusual",
    [
        lambda content: with_byte(content, b"\xff\xc0", 1, 0xC2),
        lambda content: with_byte(content, b"\xff\xda", 4, 1),
        with_a_second_frame,
        lambda content: content.replace(b"\xff\xd9", b"\xff\xdd\0\4\0\0\xff\xd9"),
    ],
    ids=["progressive in one scan", "not all colours in the scan", "two frames", "a segment behind the scan"],
)
def test_of_an_unusual_jpeg_all_is_given_to_the_decoder(unusual):
    content = sample("JPEG baseline")
    assert is_abridged(content)
    changed = unusual(content)
    with pictures.decodable(BytesIO(changed)) as picture:
        assert picture.header == changed


@pytest.mark.filterwarnings("ignore")
def test_a_picture_that_is_known_to_be_bare_has_nothing_to_be_taken_out():
    outcomes = set()
    for content in [
        *map(sample, SAMPLES),
        *map(pounded_jpeg, range(1500)),
        mpo(),
        encoded(a_scene(), "JPEG", comment=b"where I live"),
        encoded(a_scene(), "JPEG", icc_profile=b"profile" * 20),
        encoded(a_scene(), "JPEG") + b"tail",
        # An empty scan, a segment, and what has no name behind it.
        head_of(encoded(a_scene(), "JPEG")) + b"\xff\xdd\0\4\0\0where I live\xff\xd9",
    ]:
        try:
            has_no_metadata = check_picture(BytesIO(content)).has_no_metadata
        except InvalidPicture:
            continue
        is_unchanged = without_metadata(content) == content
        assert is_unchanged or not has_no_metadata
        outcomes.add((has_no_metadata, is_unchanged, content_type_of(content) == "image/jpeg"))
    # Nearly always it is known of a JPEG that there is nothing; of other kinds it is looked up again.
    assert outcomes == {
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, True, False),
        (False, False, False),
    }


def test_what_a_decoder_says_is_kept_for_the_log_and_not_shown(monkeypatch):
    def fail(*_, **__):
        raise MemoryError("secret words")

    monkeypatch.setattr(pictures.Image, "open", fail)
    with pytest.raises(InvalidPicture) as refused:
        check_picture(BytesIO(sample("PNG")))
    assert isinstance(refused.value.__cause__, MemoryError)
    assert "secret" not in refused.value.details
    assert (refused.value.code, refused.value.message) == ("INVALID_PICTURE", "Invalid image file")


def test_a_disk_that_cannot_be_read_is_not_the_pictures_fault():
    class Broken(BytesIO):
        def read(self, *_):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        check_picture(Broken(b"x"))


def test_truncated_pictures_are_never_completed_by_pillow():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_at_most_two_pictures_are_decoded_at_once(monkeypatch):
    running, most, counting, open_picture = 0, 0, threading.Lock(), pictures.open_picture

    def slowly(data):
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with counting:
            running -= 1
        return open_picture(data)

    monkeypatch.setattr(pictures, "open_picture", slowly)
    threads = [threading.Thread(target=check_picture, args=(BytesIO(sample("PNG")),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


# Sizes and bombs


MEASURE = """
import json, re, sys, time
from pathlib import Path
from media_store.errors import InvalidPicture
from media_store.pictures import check_picture
from media_store.thumbnails import upright_size
for path in sys.argv[1:]:
    start = time.process_time()
    with open(path, "rb") as file:
        try:
            outcome = check_picture(file).format
            upright_size(file)
        except InvalidPicture as exc:
            outcome = exc.details
    # ru_maxrss would count the process that started this one.
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps([outcome, time.process_time() - start, peak]))
"""


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """(outcome, seconds, peak MiB up to then) of each bomb, in a process of its own."""
    folder, bombs = tmp_path_factory.mktemp("bombs"), BOMBS | DEFUSED
    paths = [folder / str(number) for number in range(len(bombs))]
    for path, content in zip(paths, bombs.values(), strict=True):
        path.write_bytes(content())
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, paths)], cwd=BACKEND, capture_output=True, check=True, timeout=120
    )
    return dict(zip(bombs, map(json.loads, run.stdout.splitlines()), strict=True))


@needs_proc
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_without_going_off(name, measured):
    outcome, seconds, peak_mib = measured[name]
    assert outcome not in ("JPEG", "PNG", "WEBP")
    assert seconds < 5
    assert peak_mib < 300


@needs_proc
@pytest.mark.parametrize("name", DEFUSED)
def test_a_picture_whose_extras_would_fill_the_memory_is_used_without_them(name, measured):
    outcome, seconds, peak_mib = measured[name]
    assert outcome == name.split(maxsplit=1)[0].upper()
    assert seconds < 5
    assert peak_mib < 300


def test_the_sentence_about_size_has_the_numbers():
    assert refusal_of(png(8_000, 8_000)) == "64,000,000 pixels; up to 50 megapixels can be used."
    assert refusal_of(png(16_385, 10)) == "The picture is 16,385 by 10 pixels; each side can have up to 16,384."


@pytest.mark.parametrize("size", [(16_384, 1), (1, 16_384), (16_384, 3_051)])
def test_the_largest_allowed_sides_are_accepted(size):
    assert check_picture(BytesIO(encoded(Image.new("1", size), "PNG"))).width == size[0]


# Anything at all


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*SAMPLES, "MPO"])
def test_a_mutated_picture_is_used_or_refused_and_nothing_else_happens(name):
    content, chance, outcomes = mpo() if name == "MPO" else sample(name), random.Random(name), set()
    for _ in range(120):
        file = BytesIO(mutated(content, chance))
        try:
            check_picture(file)
            outcomes.add("used")
        except InvalidPicture as exc:
            assert exc.details.endswith(".")
            outcomes.add("refused")
        assert file.tell() == 0
    assert "refused" in outcomes
