"""A week in figures: tiles, one bar of what became of the questions, and what nobody could answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures import png
from bot.pictures.blocks import block
from bot.pictures.fonts import Weight
from bot.pictures.shapes import ACCENT, HAIRLINE, INK, SOFT, TRACK, WARM_WHITE, WHITE, Box, Page, Shape, lines

WIDTH = 1080  # pixels
SHADES = (ACCENT, "#7fb59f", "#b9b3a2", "#c2571a")  # of the bar's parts, in their order
_MARGIN = 64  # pixels on every side
_ROOM = WIDTH - 2 * _MARGIN
_GAP = 28  # pixels between two tiles
_PAD = 30  # pixels inside a tile
_BAR = 44  # pixels, height of the bar
_SQUARE = 30  # pixels, of a colour in the legend


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure as written; ``note`` says what it is compared with."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """Of a whole; ``figure`` is ``count`` as written."""

    label: str
    count: int
    figure: str


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    figure: str


@dataclass(frozen=True, slots=True)
class Digest:
    """``parts``: at most four. ``rows``: under ``rows_title``; ``none`` stands there when there are none."""

    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    parts_title: str
    parts: tuple[Part, ...]
    rows_title: str
    rows: tuple[Row, ...]
    none: str
    footer: str


def as_png(digest: Digest) -> bytes:
    """A picture 1080 pixels wide and as high as it needs."""
    shapes: list[Shape] = []
    y: float = _MARGIN
    y = _text(digest.title, y, shapes, Weight.BOLD, 58, ACCENT) + 6
    y = _text(digest.subtitle, y, shapes, Weight.REGULAR, 36, SOFT) + 36
    for start in range(0, len(digest.tiles), 2):
        y = _tiles(digest.tiles[start : start + 2], y, shapes) + _GAP
    y = _text(digest.parts_title, y + 20, shapes, Weight.BOLD, 40, INK) + 16
    y = _bar(digest.parts, y, shapes) + 18
    for part, shade in zip(digest.parts, SHADES, strict=False):
        y = _legend(part, shade, y, shapes)
    y = _text(digest.rows_title, y + 40, shapes, Weight.BOLD, 40, INK)
    for number, row in enumerate(digest.rows, 1):
        y = _row(f"{number}. {row.text}", row.figure, y + 12, shapes)
    if not digest.rows:
        y = _text(digest.none, y + 12, shapes, Weight.REGULAR, 34, SOFT)
    shapes.append(Box(_MARGIN, round(y) + 36, _ROOM, 2, fill=HAIRLINE))
    y = _text(digest.footer, y + 56, shapes, Weight.REGULAR, 30, SOFT)
    return png.draw(Page(WIDTH, round(y) + _MARGIN, WARM_WHITE, tuple(shapes)))


def _text(text: str, y: float, shapes: list[Shape], weight: Weight, size: int, colour: str) -> float:
    part = block(text, weight, size, _ROOM, lines=3, least=30)
    shapes += lines(part, _MARGIN, y, colour)
    return y + part.height


def _tiles(tiles: Sequence[Tile], y: float, shapes: list[Shape]) -> float:
    """Two tiles side by side, of one height."""
    width = (_ROOM - _GAP) / 2
    room = width - 2 * _PAD
    top, bottom = round(y), 0.0
    inside: list[Shape] = []
    for place, tile in enumerate(tiles):
        x, down = _MARGIN + place * (width + _GAP) + _PAD, top + 22.0
        for text, weight, size, colour, most in (
            (tile.label, Weight.REGULAR, 34, SOFT, 1),
            (tile.figure, Weight.BOLD, 72, ACCENT, 1),
            (tile.note, Weight.REGULAR, 30, SOFT, 2),
        ):
            part = block(text, weight, size, room, lines=most, least=28)
            inside += lines(part, x, down, colour)
            down += part.height
        bottom = max(bottom, down + 22)
    for place in range(len(tiles)):
        x = _MARGIN + place * (width + _GAP)
        shapes.append(Box(x, top, width, round(bottom) - top, fill=WHITE, line=HAIRLINE, thickness=2, radius=20))
    shapes += inside
    return round(bottom)


def _bar(parts: Sequence[Part], y: float, shapes: list[Shape]) -> float:
    """One bar, divided as the parts are; what is there at all can be seen."""
    top, x = round(y), float(_MARGIN)
    whole = sum(part.count for part in parts)
    if not whole:
        shapes.append(Box(_MARGIN, top, _ROOM, _BAR, fill=TRACK))
    least = 6.0
    spare = _ROOM - least * sum(1 for part in parts if part.count)
    for part, shade in zip(parts, SHADES, strict=False):
        if part.count:
            width = least + spare * part.count / whole
            shapes.append(Box(x, top, width, _BAR, fill=shade))
            x += width
    return top + _BAR


def _legend(part: Part, shade: str, y: float, shapes: list[Shape]) -> float:
    label = block(part.label, Weight.REGULAR, 34, _ROOM * 0.62, least=30)
    figure = block(part.figure, Weight.BOLD, 34, _ROOM * 0.3, least=30)
    shapes.append(Box(_MARGIN, round(y) + 10, _SQUARE, _SQUARE, fill=shade))
    shapes.extend(lines(label, _MARGIN + _SQUARE + 18, y, INK))
    shapes.extend(lines(figure, WIDTH - _MARGIN, y, INK, "right"))
    return y + label.leading + 4


def _row(text: str, figure: str, y: float, shapes: list[Shape]) -> float:
    right = block(figure, Weight.BOLD, 34, _ROOM * 0.25, least=30)
    left = block(text, Weight.REGULAR, 34, _ROOM - right.width - 30, lines=2, least=34)
    shapes.extend(lines(left, _MARGIN, y, INK))
    shapes.extend(lines(right, WIDTH - _MARGIN, y, INK, "right"))
    return y + max(left.height, right.height)
