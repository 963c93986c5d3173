"""Files that are no JPEG, PNG or WebP, by the name that the error sentence gives them."""

from __future__ import annotations

from PIL import Image

from proof.corpus.samples import encoded

FOREIGN = {
    "a GIF": lambda: encoded(Image.new("P", (4, 4)), "GIF"),
    "a TIFF": lambda: encoded(Image.new("RGB", (4, 4)), "TIFF"),
    "a BMP": lambda: encoded(Image.new("RGB", (4, 4)), "BMP"),
    "an SVG": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a FITS image": lambda: b"SIMPLE  =                    T / conforms".ljust(80) + b"END".ljust(2800),
    "an EPS": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n%%EOF\n",
    "an AVIF": lambda: encoded(Image.new("RGB", (4, 4)), "AVIF"),
    "a HEIC photo": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "a web page": lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "an icon": lambda: encoded(Image.new("RGB", (16, 16)), "ICO"),
    "no picture that is known here": lambda: b"just words, and not even many",
}
