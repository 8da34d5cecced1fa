"""Bars and columns, in whatever unit the page has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.pictures.blocks import block
from bot.pictures.fonts import Weight
from bot.pictures.shapes import ACCENT, HAIRLINE, INK, SOFT, TRACK, Box, Shape, lines


def bar(share: float, x: float, y: float, width: float, thickness: float) -> Iterator[Shape]:
    """A track filled to ``share``, 1 being all of it: nothing looks full before it is, and what has begun shows."""
    yield Box(x, y, width, thickness, fill=TRACK, radius=thickness / 2)
    if share > 0.0:
        filled = width if share >= 1.0 else min(max(width * share, thickness), width - thickness)
        yield Box(x, y, filled, thickness, fill=ACCENT, radius=thickness / 2)


def columns(
    names: Sequence[str], values: Sequence[tuple[int, str]], x: float, y: float, width: float, height: float, size: int
) -> Iterator[Shape]:
    """A column for each of ``values``, its number above and its name below, in type of ``size``; the highest takes
    ``height``, all of it ``height_of(height, size)``.
    """
    step = width / len(values)
    most = max(value for value, _ in values) or 1
    base = round(y + size * 1.6 + height)
    for place, ((value, text), name) in enumerate(zip(values, names, strict=True)):
        middle = x + (place + 0.5) * step
        tall = max(round(height * value / most), 3 if value else 0)
        if tall:
            yield Box(round(middle - step * 0.34), base - tall, round(step * 0.68), tall, fill=ACCENT)
        for label, top, colour in ((text, base - tall - size * 1.4, INK), (name, base + size * 0.2, SOFT)):
            yield from lines(
                block(label, Weight.REGULAR, size, step - 4, least=size // 2), middle, top, colour, "middle"
            )
    yield Box(x, base, width, 2, fill=HAIRLINE)


def height_of(height: float, size: int) -> float:
    """Of a chart of columns, with its numbers and names."""
    return height + size * 3.2
