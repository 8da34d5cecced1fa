"""The figures that lead, at a glance: a tall picture for a chat, to be read on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.pictures import chart, png
from bot.pictures.blocks import block
from bot.pictures.fonts import Weight
from bot.pictures.shapes import ACCENT, FALL, HAIRLINE, INK, NOTICE, SOFT, WARM_WHITE, Box, Page, Shape, lines

WIDTH = 1080  # pixels
MOST = 8  # bars
_MARGIN = 64  # pixels on every side
_ROOM = WIDTH - 2 * _MARGIN
_TRACK = 22  # pixels, height of a bar
_SMALL = 30  # pixels: the smallest type, 10 pixels on a phone 360 wide
_GAP = 28  # pixels between what stands side by side
_CHART = 200  # pixels, height of the highest column


@dataclass(frozen=True, slots=True)
class Line:
    """``reached``: of the target, 1 being all of it; None: no bar. ``change`` begins with its sign."""

    label: str
    value: str
    note: str
    change: str
    reached: float | None


@dataclass(frozen=True, slots=True)
class Rank:
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """``months`` and ``values`` of the trend are of one length; ``ranks`` stand side by side under their title."""

    notice: str
    title: str
    subtitle: str
    lines: tuple[Line, ...]
    trend: str
    months: tuple[str, ...]
    values: tuple[tuple[int, str], ...]
    ranking: str
    ranks: tuple[Rank, ...]
    footer: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Glance:
        ranks = tuple(
            Rank(each["title"], tuple((name, value) for name, value in each["rows"])) for each in data["ranks"]
        )
        parts = {
            "lines": tuple(Line(**each) for each in data["lines"]),
            "months": tuple(data["months"]),
            "values": tuple((value, text) for value, text in data["values"]),
            "ranks": ranks,
        }
        return cls(**data | parts)


def as_png(glance: Glance) -> bytes:
    """A picture 1080 pixels wide and as high as it needs."""
    shapes: list[Shape] = []
    y = _notice(glance.notice, shapes)
    for text, weight, size, colour in (
        (glance.title, Weight.BOLD, 58, ACCENT),
        (glance.subtitle, Weight.REGULAR, 36, SOFT),
    ):
        part = block(text, weight, size, _ROOM, lines=3, least=32)
        shapes += lines(part, _MARGIN, y, colour)
        y += part.height + 6
    y += 14
    for line in glance.lines[:MOST]:
        y = _line(line, y + 24, shapes)
    if glance.values:
        y = _heading(glance.trend, y + 52, shapes)
        shapes += chart.columns(glance.months, glance.values, _MARGIN, y, _ROOM, _CHART, _SMALL)
        y += chart.height_of(_CHART, _SMALL)
    if any(rank.rows for rank in glance.ranks):
        y = _heading(glance.ranking, y + 52, shapes)
        y = _ranks(glance.ranks, y + 8, shapes)
    part = block(glance.footer, Weight.REGULAR, _SMALL, _ROOM, lines=5, least=_SMALL)
    y += 56
    shapes.append(Box(_MARGIN, y - 20, _ROOM, 2, fill=HAIRLINE))
    shapes += lines(part, _MARGIN, y, SOFT)
    return png.draw(Page(WIDTH, round(y + part.height) + _MARGIN, WARM_WHITE, tuple(shapes)))


def _notice(text: str, shapes: list[Shape]) -> float:
    """A band across the top; where the rest begins."""
    if not text:
        return _MARGIN
    part = block(text, Weight.BOLD, 34, _ROOM, lines=3, least=_SMALL)
    height = round(part.height) + 44
    shapes.append(Box(0, 0, WIDTH, height, fill=NOTICE))
    shapes += lines(part, _MARGIN, 18, INK)
    return height + 40


def _heading(text: str, y: float, shapes: list[Shape]) -> float:
    part = block(text, Weight.BOLD, 40, _ROOM, lines=2, least=32)
    shapes += lines(part, _MARGIN, y, INK)
    return y + part.height


def _line(line: Line, y: float, shapes: list[Shape]) -> float:
    """Label and value over a bar, target and change under it; return where it ends."""
    value = block(line.value, Weight.BOLD, 36, _ROOM * 0.5, least=_SMALL)
    label = block(line.label, Weight.REGULAR, 34, _ROOM - value.width - _GAP, lines=2, least=32)
    shapes += lines(label, _MARGIN, y, INK)
    shapes += lines(value, WIDTH - _MARGIN, y, INK, "right")
    y = round(y + max(label.height, value.height) + 6)  # a bar's long edges fall on pixels, and stay sharp
    if line.reached is not None:
        shapes += chart.bar(line.reached, _MARGIN, y, _ROOM, _TRACK)
        y += _TRACK + 6
    change = block(line.change, Weight.BOLD, _SMALL, _ROOM * 0.5, least=_SMALL)
    note = block(line.note, Weight.REGULAR, _SMALL, _ROOM - change.width - _GAP, lines=2, least=_SMALL)
    shapes += lines(note, _MARGIN, y, SOFT)
    colour = ACCENT if line.change.startswith("+") else FALL if line.change.startswith("\N{MINUS SIGN}") else SOFT
    shapes += lines(change, WIDTH - _MARGIN, y, colour, "right")
    return y + max(note.height, change.height)


def _ranks(ranks: Sequence[Rank], y: float, shapes: list[Shape]) -> float:
    room = (_ROOM - _GAP * 2 * (len(ranks) - 1)) / len(ranks)
    ends = []
    for place, rank in enumerate(ranks):
        left, top = _MARGIN + place * (room + 2 * _GAP), y
        part = block(rank.title, Weight.BOLD, 32, room, lines=2, least=_SMALL)
        shapes += lines(part, left, top, SOFT)
        top += part.height + 6
        for name, value in rank.rows:
            amount = block(value, Weight.BOLD, 32, room * 0.5, least=24)
            label = block(name, Weight.REGULAR, 32, room - amount.width - 16, lines=2, least=28)
            shapes += lines(label, left, top, INK)
            shapes += lines(amount, left + room, top, INK, "right")
            top += max(label.height, amount.height) + 6
        ends.append(top)
    return max(ends)
