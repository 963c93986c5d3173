"""Sound pictures of every usual kind, and the parts they are made of."""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO

from PIL import Image


@cache
def a_scene(size=(160, 120), seed=1):
    noise = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    shape = Image.blend(Image.radial_gradient("L").resize(size), noise, 0.3)
    return Image.merge("RGB", (shape, shape.transpose(Image.Transpose.FLIP_LEFT_RIGHT), shape))


def encoded(image, image_format, **options):
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def animated(image_format):
    frames = [a_scene(seed=seed) for seed in range(4)]
    return encoded(frames[0], image_format, save_all=True, append_images=frames[1:])


SAMPLES = {
    "JPEG baseline": lambda: encoded(a_scene(), "JPEG"),
    "JPEG progressive": lambda: encoded(a_scene(), "JPEG", progressive=True),
    "JPEG of odd size": lambda: encoded(a_scene((157, 113)), "JPEG"),
    "JPEG with restarts": lambda: encoded(a_scene(), "JPEG", restart_marker_rows=1),
    "JPEG, CMYK": lambda: encoded(a_scene().convert("CMYK"), "JPEG"),
    "PNG": lambda: encoded(a_scene(), "PNG"),
    "PNG, palette": lambda: encoded(a_scene().quantize(64), "PNG"),
    "PNG, animated": lambda: animated("PNG"),
    "WebP lossy": lambda: encoded(a_scene(), "WEBP"),
    "WebP lossless": lambda: encoded(a_scene(), "WEBP", lossless=True),
    "WebP with alpha": lambda: encoded(a_scene().convert("RGBA"), "WEBP", xmp=b"odd"),
    "WebP, animated": lambda: animated("WEBP"),
}


@cache
def sample(name):
    return SAMPLES[name]()


def mpo(**options):
    return encoded(a_scene(), "MPO", save_all=True, append_images=[a_scene((80, 60))], **options)
