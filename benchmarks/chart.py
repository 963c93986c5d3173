"""A chart for the docs: how many times better each figure is than the reference's."""

from __future__ import annotations

import math
from typing import Any
from xml.sax.saxutils import escape

ROW = 26
LABELS = 300
BARS = 320
TOP = 34
WIDTH = LABELS + BARS + 90
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#3b3f46}.bar{fill:#3f6fb5}.less{fill:#b5653f}.one{stroke:#8b9099}"
    "@media(prefers-color-scheme:dark){text{fill:#d5d8dd}}"
)


def svg(figures: list[dict[str, Any]]) -> str:
    """Return an SVG with bars on a logarithmic scale that begin at 1: to the right if faster, to the left if slower."""
    compared = [figure for figure in figures if figure["ratio"]]
    logarithms = [math.log2(figure["ratio"]) for figure in compared]
    low, high = min([0.0, *logarithms]), max([1.0, *logarithms])
    scale = BARS / (high - low)
    zero = LABELS - low * scale
    height = TOP + ROW * len(compared) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f"<style>{_STYLE}</style>",
        '<text x="0" y="18">StoryFlow against the plain reference, times faster (logarithmic)</text>',
        f'<line class="one" x1="{zero:.0f}" y1="{TOP - 6}" x2="{zero:.0f}" y2="{height}"/>',
    ]
    for number, (figure, logarithm) in enumerate(zip(compared, logarithms, strict=True)):
        y, end = TOP + ROW * number, zero + logarithm * scale
        kind = "bar" if logarithm >= 0 else "less"
        parts += [
            f'<text x="{LABELS - 10}" y="{y + 13}" text-anchor="end">{escape(figure["name"])}</text>',
            f'<rect class="{kind}" x="{min(zero, end):.0f}" y="{y}" width="{abs(end - zero):.0f}" height="17"/>',
            f'<text x="{max(zero, end) + 6:.0f}" y="{y + 13}">{figure["ratio"]:.3g}×</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])
