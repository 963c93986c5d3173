"""The metadata of a camera is removed from pictures; everything else stays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from media_store.metadata import exif_orientation, without_metadata
from media_store.pictures import check_picture
from media_store.thumbnails import upright_size

KINDS = ("JPEG", "PNG", "WEBP")
SECRETS = (b"SECRETCAMERA", b"SECRETPLACE", b"SECRETNOTE", b"SN-12345")
PHOTOGRAPHS = Path(__file__).parents[3] / "examples" / "half-a-fig" / "pictures"


def pixels() -> Image.Image:
    image = Image.effect_mandelbrot((96, 64), (-2, -1.5, 1, 1.5), 60)
    return Image.merge("RGB", (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image))


def encoded(kind: str, *, orientation: int | None = None, with_secrets: bool = True, **options: Any) -> bytes:
    exif = Image.Exif()
    if with_secrets:
        exif[ExifTags.Base.Make] = "SECRETCAMERA"
        exif[ExifTags.Base.BodySerialNumber] = "SN-12345"
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (48.0, 51.0, 29.0)
        notes: dict[str, Any] = {
            "JPEG": {"comment": b"SECRETNOTE", "xmp": b"<x:xmpmeta>SECRETPLACE</x:xmpmeta>"},
            "PNG": {"pnginfo": _text_chunks()},
            "WEBP": {"xmp": b"<x:xmpmeta>SECRETPLACE</x:xmpmeta>"},
        }
        options |= notes[kind]
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    if len(exif):
        options["exif"] = exif
    content = BytesIO()
    pixels().save(content, kind, **options)
    return content.getvalue()


def _text_chunks() -> PngImagePlugin.PngInfo:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRETNOTE")
    notes.add_itxt("XML:com.adobe.xmp", "SECRETPLACE", zip=True)
    return notes


def decoded(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_place_serial_number_and_notes_are_gone_and_the_pixels_the_same(kind: str) -> None:
    data = encoded(kind)
    cleaned = without_metadata(data)
    assert any(secret in data for secret in SECRETS)
    assert not [secret for secret in SECRETS if secret in cleaned]
    assert decoded(cleaned) == decoded(data)
    with Image.open(BytesIO(cleaned)) as image:
        assert not image.getexif()
        assert not {"xmp", "comment", "Comment", "XML:com.adobe.xmp"} & set(image.info)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_stays_and_nothing_else_of_the_exif(kind: str, orientation: int) -> None:
    cleaned = without_metadata(encoded(kind, orientation=orientation))
    with Image.open(BytesIO(cleaned)) as image:
        assert dict(image.getexif()) == ({ExifTags.Base.Orientation: orientation} if orientation > 1 else {})
    assert upright_size(BytesIO(cleaned)) == ((64, 96) if orientation > 4 else (96, 64))


@pytest.mark.parametrize("kind", KINDS)
def test_the_colour_profile_stays(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with Image.open(BytesIO(without_metadata(encoded(kind, icc_profile=profile)))) as image:
        assert image.info["icc_profile"] == profile


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\3\4 an archive", b"\0" * 5000])
def test_what_follows_the_end_is_gone(kind: str, tail: bytes) -> None:
    data = encoded(kind, with_secrets=False)
    assert without_metadata(data + tail) == data


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_without_metadata_is_the_same_bytes(kind: str) -> None:
    data = encoded(kind, with_secrets=False)
    assert without_metadata(data) == data


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 2}, {"subsampling": 0}], ids=str)
def test_every_way_of_writing_a_jpeg_keeps_its_pixels(options: dict[str, Any]) -> None:
    data = encoded("JPEG", **options)
    assert decoded(without_metadata(data)) == decoded(data)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_keeps_its_frames(kind: str) -> None:
    content = BytesIO()
    pixels().save(content, kind, save_all=True, append_images=[pixels().rotate(90), pixels().rotate(180)], duration=50)
    with Image.open(BytesIO(without_metadata(content.getvalue()))) as image:
        assert image.n_frames == 3


def test_a_phones_second_picture_goes_and_the_first_stays_whole() -> None:
    content = BytesIO()
    pixels().save(content, "MPO", save_all=True, append_images=[pixels()])
    cleaned = without_metadata(content.getvalue())
    assert len(cleaned) < 0.7 * len(content.getvalue())
    assert check_picture(BytesIO(cleaned)).format == "JPEG"
    with Image.open(BytesIO(cleaned)) as image:
        assert image.format == "JPEG"


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    content = BytesIO()
    pixels().convert("CMYK").save(content, "JPEG", comment=b"SECRETNOTE")
    cleaned = without_metadata(content.getvalue())
    assert b"SECRETNOTE" not in cleaned
    assert decoded(cleaned) == decoded(content.getvalue())


@pytest.mark.parametrize("path", sorted(PHOTOGRAPHS.glob("*.jpg")), ids=lambda path: path.name)
def test_real_photographs_keep_their_pixels(path: Path) -> None:
    data = path.read_bytes()
    cleaned = without_metadata(data)
    assert len(cleaned) <= len(data)
    assert decoded(cleaned) == decoded(data)


@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_whole_picture_does_no_harm(data: bytes) -> None:
    without_metadata(data)


@pytest.mark.parametrize("exif", [b"", b"Exif\0\0", b"II*\0\xff\xff\xff\xff", b"MM\0*" + b"\xff" * 100])
def test_broken_exif_means_upright(exif: bytes) -> None:
    assert exif_orientation(exif) == 1
