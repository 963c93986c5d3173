from __future__ import annotations

import re
import unicodedata

import pytest

from media_store.errors import InvalidPicture
from media_store.names import safe_picture_name, with_suffix_token

SAFE = re.compile(r"[A-Za-z0-9._-]{1,60}\.(jpe?g|png|webp)")


@pytest.mark.parametrize(
    ("original", "stored"),
    [
        ("landscape.jpg", "landscape.jpg"),
        ("a.php.png", "a.php.png"),
        ("_DSC1234.JPG", "_DSC1234.jpg"),
        ("my photo (1).jpeg", "my_photo_1_.jpeg"),
        ("UPPER.WebP", "UPPER.webp"),
        ("a__b--c..d.png", "a__b--c..d.png"),
        (".png", "image.png"),
        ("..png", "image.png"),
        ("-_-.png", "image.png"),
        ("日本.png", "image.png"),
        ("日本_01.png", "_01.png"),
        ("Café №1.JPG", "Cafe_No1.jpg"),
        ("C:\\Users\\me\\forest.jpg", "forest.jpg"),
        ("../../etc/forest.jpg", "forest.jpg"),
    ],
)
def test_a_name_becomes_safe_and_stays_recognisable(original, stored):
    assert safe_picture_name(original) == stored


HOSTILE = [
    "../x.png",
    "../../../../etc/passwd.png",
    "..\\x.png",
    "..\\..\\windows\\system32\\x.png",
    "/etc/passwd.png",
    "//server/share/x.png",
    "\\\\server\\share\\x.png",
    "C:\\x.png",
    "C:x.png",
    "file:///etc/x.png",
    "http://evil.example/x.png",
    "a\0b.png",
    "\0.png",
    "a\r\nSet-Cookie: x=1.png",
    "a\rb.png",
    "a\nb.png",
    "a\tb.png",
    "\x1b[31mred.png",
    "\x7f.png",
    "x" * 300 + ".png",
    "." * 300 + ".png",
    "-" * 300 + "a.png",
    "é" * 300 + ".webp",
    "日" * 300 + ".jpeg",
    "ﷺ" * 100 + ".png",
    "_" * 300 + "a.png",
    "CON.png",
    "NUL.jpg",
    "COM1.webp",
    "aux.jpeg",
    "photo..png",
    "photo .png",
    "photo. .png",
    " photo.png",
    " .png",
    ".png",
    "..png",
    "...png",
    ".htaccess.png",
    ".sf.png",
    "-rf.png",
    "--help.jpg",
    "a.php.png",
    "a.php;.png",
    "a.php%00.png",
    "a.svg.png",
    "a.html.jpg",
    "photo\u202egnp.exe.png",
    "\u200bzero\u200bwidth.png",
    "\ufeffbom.png",
    unicodedata.normalize("NFC", "naïve café.png"),
    unicodedata.normalize("NFD", "naïve café.png"),
    "\N{GRINNING FACE}.png",
    "fox \N{FOX FACE}\N{ZERO WIDTH JOINER}.jpg",
    "%2e%2e%2fx.png",
    "..%5cx.png",
    "a%0d%0ab.png",
    "\N{FULLWIDTH SOLIDUS}etc\N{FULLWIDTH SOLIDUS}x.png",
    "\N{ONE DOT LEADER}\N{ONE DOT LEADER}\N{FULLWIDTH REVERSE SOLIDUS}x.png",
    "\N{ACCOUNT OF}.png",
    "<script>alert(1)</script>.png",
    "a'; DROP TABLE segment;--.png",
    '"quoted".png',
    "$(reboot).png",
    "`id`.png",
    "a|b&c;d.png",
    "a:stream.png",
    "x.png::$DATA.png",
    "~root.png",
    "*?.png",
    "\udcff\udcfe.png",
]


@pytest.mark.parametrize("original", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_becomes_a_harmless_one(original):
    stored = safe_picture_name(original)
    assert SAFE.fullmatch(stored)
    assert len(stored) <= 60
    assert not stored.startswith((".", "-"))


@pytest.mark.parametrize(
    "original",
    [
        "",
        "png",
        "photo",
        "photo.gif",
        "photo.svg",
        "a.png.",
        "a.png ",
        "a.png\0",
        "a.png/",
        "a.png::$DATA",
        "x.jpg.php",
    ],
)
def test_a_name_without_a_picture_ending_is_refused_with_the_endings_that_can_be_used(original):
    with pytest.raises(InvalidPicture) as refused:
        safe_picture_name(original)
    assert refused.value.details == "The file's name must end in one of .jpg, .jpeg, .png, .webp."


def test_composed_and_decomposed_accents_give_the_same_name():
    nfc, nfd = (unicodedata.normalize(form, "naïve café.png") for form in ("NFC", "NFD"))
    assert nfc != nfd
    assert safe_picture_name(nfc) == safe_picture_name(nfd) == "naive_cafe.png"


@pytest.mark.parametrize("max_length", [5, 10, 30, 60, 64, 65, 80])
def test_a_long_name_keeps_its_ending_and_fits(max_length):
    stored = safe_picture_name("y" * 300 + ".png", max_length=max_length)
    assert stored == "y" * min(60, max_length - 4) + ".png"


def test_a_stem_that_loses_its_only_letter_by_shortening_is_named_image():
    assert safe_picture_name("_" * 80 + "a.png") == "image.png"


def test_a_length_without_room_for_a_stem_is_the_callers_mistake():
    with pytest.raises(ValueError, match="no room"):
        safe_picture_name("a.jpeg", max_length=5)


@pytest.mark.parametrize(
    ("name", "max_length", "expected"),
    [
        ("forest.jpg", 60, "forest_1a2b3c4d.jpg"),
        ("forest.jpg", 16, "for_1a2b3c4d.jpg"),
        ("a.php.png", 60, "a.php_1a2b3c4d.png"),
        ("projects/1/images/5_forest.jpg", 100, "projects/1/images/5_forest_1a2b3c4d.jpg"),
        ("projects/1/images/5_forest.jpg", 36, "projects/1/images/5_for_1a2b3c4d.jpg"),
        ("/projects/v1.5/5_forest.jpg", 100, "/projects/v1.5/5_forest_1a2b3c4d.jpg"),
    ],
)
def test_a_token_goes_between_stem_and_ending(name, max_length, expected):
    result = with_suffix_token(name, "1a2b3c4d", max_length=max_length)
    assert result == expected
    assert len(result) <= max_length


def test_a_token_never_makes_a_stem_longer_than_the_store_allows():
    result = with_suffix_token("projects/1/images/5_" + "z" * 60 + ".jpg", "1a2b3c4d", max_length=200)
    assert re.fullmatch(r"projects/1/images/\d+_[A-Za-z0-9._-]{1,60}\.jpg", result)
