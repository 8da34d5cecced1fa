"""Small charts as inline SVG. Pure: numbers in, markup out; colours are classes that the stylesheet gives meaning.

``Markup.format`` escapes whatever text comes in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

Written = Callable[[float], str]
"""A number as people here write it."""

WIDTH, HEIGHT = 320, 180  # of the column chart, drawn for the width of a phone
LEFT, BOTTOM, TOP = 34, 22, 16
_BAR = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>')
_TEXT = Markup('<text class="{}" x="{}" y="{}">{}</text>')


def bar(share: float, target: float | None, label: str) -> Markup:
    """A bar from 0 to 1 (longer is cut off), with a mark at ``target`` of the same scale.

    Empty ``label``: it stands beside the number it shows, and is not read out.
    """
    parts = [_BAR.format("track", 0, 0, 100, 8, 0), _BAR.format("fill", 0, 0, _cut(share * 100), 8, 0)]
    if target is not None:
        parts.append(_BAR.format("mark", _cut(target * 100 - 0.4, 99.2), 0, 0.8, 8, 0))
    return _svg("bar", 100, 8, label, parts, stretched=True)


def nested(shares: Sequence[float], label: str) -> Markup:
    """Bars in one another, the widest first: each share (0 to 1) is part of the one before."""
    parts = [_BAR.format("track", 0, 0, 100, 8, 0)]
    parts += [_BAR.format(f"level{n}", 0, 0, _cut(share * 100), 8, 0) for n, share in enumerate(shares, 1)]
    return _svg("bar", 100, 8, label, parts, stretched=True)


def spark(values: Sequence[int], label: str) -> Markup:
    """A line without axes; its last point is marked."""
    top = max(*values, 1)
    step = 112 / max(1, len(values) - 1)
    points = [(4 + n * step, 30 - 24 * value / top) for n, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    parts = [
        Markup('<polygon class="area" points="4,32 {} {},32"/>').format(line, f"{x:.1f}"),
        Markup('<polyline class="line" points="{}"/>').format(line),
        Markup('<circle class="dot" cx="{}" cy="{}" r="3"/>').format(f"{x:.1f}", f"{y:.1f}"),
    ]
    return _svg("spark", 120, 36, label, parts)


def columns(values: Sequence[int], names: Sequence[str], label: str, written: Written) -> Markup:
    """A column for each value with its name below; the highest and the last one say how many."""
    top = _round(max(values, default=0))
    height = HEIGHT - BOTTOM - TOP
    wide = (WIDTH - LEFT - 4) / max(1, len(values))
    parts = []
    for part in range(3):
        y = TOP + height * (1 - part / 2)
        parts.append(Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH, y, y))
        parts.append(_TEXT.format("axis end", LEFT - 5, y + 4, written(top * part / 2)))
    said = {len(values) - 1, max(range(len(values)), key=values.__getitem__)} if values else set()
    for n, (value, name) in enumerate(zip(values, names, strict=True)):
        x, tall = LEFT + n * wide, height * value / top
        y = TOP + height - tall
        column = _BAR.format("fill", f"{x + wide * 0.16:.1f}", f"{y:.1f}", f"{wide * 0.68:.1f}", f"{tall:.1f}", 2)
        parts.append(Markup("<g><title>{}: {}</title>{}</g>").format(name, written(value), column))
        parts.append(_TEXT.format("axis", f"{x + wide / 2:.1f}", HEIGHT - 7, name.partition("/")[0]))
        if n in said and value:
            parts.append(_TEXT.format("value", f"{x + wide / 2:.1f}", f"{y - 4:.1f}", written(value)))
    return _svg("columns", WIDTH, HEIGHT, label, parts)


def _svg(name: str, width: int, height: int, label: str, parts: Sequence[Markup], stretched: bool = False) -> Markup:
    said = Markup('role="img" aria-label="{}"><title>{}</title>').format(label, label)
    return Markup('<svg class="{}" viewBox="0 0 {} {}" {}{}{}</svg>').format(
        name,
        width,
        height,
        Markup('preserveAspectRatio="none" ') if stretched else "",
        said if label else Markup('aria-hidden="true">'),
        Markup("").join(parts),
    )


def _cut(value: float, most: float = 100) -> str:
    return f"{min(most, max(0.0, value)):.1f}"


def _round(value: int) -> int:
    """An even, round number at or above ``value``, for the top of a scale."""
    if value <= 4:
        return 4
    unit = 10 ** int(math.log10(value))
    return next(int(step * unit) for step in (1, 2, 3, 4, 6, 8, 10) if step * unit >= value and step * unit % 2 == 0)
