"""What can stand on a page, and the colours it stands in.

Lengths are in the page's own unit, x to the right and y down from the top left corner. A colour is ``#rrggbb``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.pictures.blocks import ASCENT, Block
from bot.pictures.fonts import Weight

ACCENT = "#0b6b4f"
INK = "#1b2a25"
SOFT = "#51605a"  # second-rank text: 6.3 to 1 on warm white
HAIRLINE = "#c9d3ca"
TRACK = "#dde4db"
WARM_WHITE = "#fdfbf6"
WHITE = "#ffffff"
NOTICE = "#fbe3b5"  # behind a warning
FALL = "#9a3412"  # of what fell, whose sign says so too: 6.9 to 1 on warm white

Anchor = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class Text:
    """One line; ``y`` is its baseline, ``x`` the place of its ``anchor``."""

    text: str
    x: float
    y: float
    weight: Weight
    size: int
    colour: str
    anchor: Anchor = "left"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; its outline, ``thickness`` wide, lies inside it. An empty ``fill`` leaves it open."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    line: str = ""
    thickness: float = 0.0
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through ``points`` with round ends and joints."""

    points: tuple[tuple[float, float], ...]
    thickness: float
    colour: str


@dataclass(frozen=True, slots=True)
class Code:
    """The dark modules of a QR code in a square of ``side``; the quiet zone around it is the layout's to keep."""

    rows: tuple[bytes, ...]
    x: float
    y: float
    side: float
    colour: str = INK


Shape = Text | Box | Stroke | Code


@dataclass(frozen=True, slots=True)
class Page:
    width: int
    height: int
    paper: str
    shapes: tuple[Shape, ...]


def lines(block: Block, x: float, top: float, colour: str, anchor: Anchor = "left") -> Iterator[Text]:
    """The lines of ``block`` under ``top``."""
    for index, line in enumerate(block.lines):
        y = top + block.size * ASCENT + index * block.leading
        yield Text(line, x, y, block.weight, block.size, colour, anchor)
