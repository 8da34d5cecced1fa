"""How far a person has come, as bars grouped by area: a tall picture that reads well on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures import png
from bot.pictures.blocks import block
from bot.pictures.fonts import Weight
from bot.pictures.shapes import ACCENT, HAIRLINE, INK, SOFT, TRACK, WARM_WHITE, Box, Page, Shape, Stroke, lines

WIDTH = 1080  # pixels
_MARGIN = 64  # pixels on every side
_ROOM = WIDTH - 2 * _MARGIN
_TRACK = 22  # pixels, height of a bar
_TICK = 34  # pixels, width of a check mark
_GAP = 28  # pixels between a label and its note


@dataclass(frozen=True, slots=True)
class Bar:
    """``share`` runs from 0 to 1; a full bar gets a check mark."""

    label: str
    share: float
    note: str


@dataclass(frozen=True, slots=True)
class Area:
    """``note`` stands at the end of the title's line."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    title: str
    subtitle: str
    areas: tuple[Area, ...]
    footer: str


def as_png(progress: Progress) -> bytes:
    """A picture 1080 pixels wide and as high as it needs."""
    shapes: list[Shape] = []
    y: float = _MARGIN
    for text, weight, size, colour in (
        (progress.title, Weight.BOLD, 58, ACCENT),
        (progress.subtitle, Weight.REGULAR, 36, SOFT),
    ):
        part = block(text, weight, size, _ROOM, lines=2, least=32)
        shapes += lines(part, _MARGIN, y, colour)
        y += part.height + 6
    for area in progress.areas:
        y = _area(area, y + 44, shapes)
    part = block(progress.footer, Weight.REGULAR, 30, _ROOM, lines=4, least=30)
    if part.lines:
        y += 56
        shapes.append(Box(_MARGIN, y - 20, _ROOM, 2, fill=HAIRLINE))
        shapes += lines(part, _MARGIN, y, SOFT)
        y += part.height
    return png.draw(Page(WIDTH, round(y) + _MARGIN, WARM_WHITE, tuple(shapes)))


def _area(area: Area, y: float, shapes: list[Shape]) -> float:
    """Put ``area`` under ``y``; return where it ends."""
    note = block(area.note, Weight.REGULAR, 32, _ROOM * 0.4, least=30)
    part = block(area.title, Weight.BOLD, 40, _ROOM - note.width - _GAP, lines=2, least=32)
    shapes += lines(part, _MARGIN, y, INK)
    shapes += lines(note, WIDTH - _MARGIN, y + 8, SOFT, "right")
    y += max(part.height, note.height)
    for bar in area.bars:
        y = _bar(bar, y + 20, shapes)
    return y


def _bar(bar: Bar, y: float, shapes: list[Shape]) -> float:
    """Label and note over a track; return where it ends."""
    full = bar.share >= 1.0
    note = block(bar.note, Weight.BOLD if full else Weight.REGULAR, 32, _ROOM * 0.4, least=30)
    right = WIDTH - _MARGIN - note.width
    taken = note.width + _GAP
    if full:
        taken += _TICK + 14
        shapes.append(_tick(right - (14 if note.lines else 0) - _TICK, y + 12))
    label = block(bar.label, Weight.REGULAR, 32, _ROOM - taken, lines=2, least=32)
    shapes += lines(label, _MARGIN, y, INK)
    shapes += lines(note, WIDTH - _MARGIN, y, ACCENT if full else SOFT, "right")
    y = round(y + max(label.height, note.height, 32.0) + 8)  # a bar's long edges fall on pixels, and stay sharp
    shapes += _track(bar.share, y)
    return y + _TRACK + 8


def _track(share: float, y: float) -> Iterator[Shape]:
    yield Box(_MARGIN, y, _ROOM, _TRACK, fill=TRACK, radius=_TRACK / 2)
    if share >= 1.0:
        filled: float = _ROOM
    elif share > 0.0:
        # Whoever began sees a beginning, and nobody sees a full bar before the end.
        filled = min(max(_ROOM * share, _TRACK), _ROOM - _TRACK)
    else:
        return
    yield Box(_MARGIN, y, filled, _TRACK, fill=ACCENT, radius=_TRACK / 2)


def _tick(x: float, y: float) -> Stroke:
    points = ((x + 3, y + 13), (x + 12, y + 22), (x + _TICK - 3, y + 2))
    return Stroke(points, 6, ACCENT)
