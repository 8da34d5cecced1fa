"""Text and tables that run over as many A4 pages as they need."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from bot.pictures.blocks import Block, wrap
from bot.pictures.fonts import Weight, clean, width
from bot.pictures.paper import Column, Table
from bot.pictures.shapes import HAIRLINE, INK, SOFT, WHITE, Box, Page, Shape, Text, lines

WIDTH, HEIGHT = 2100, 2970  # tenths of a millimetre: A4 portrait
MARGIN = 150
ROOM = WIDTH - 2 * MARGIN
_BOTTOM = HEIGHT - 200  # where a page ends; its number stands below
BODY = 33  # 9.4 points
_CELL = 30  # 8.5 points
_GAP = 30  # between the columns of a table
_NUMBER = 110  # the narrowest column of numbers
_LINE = 10  # over and under a row


def paragraph(text: str, weight: Weight = Weight.REGULAR, size: int = BODY, room: float = ROOM) -> Block:
    """``text`` on as many lines as it needs."""
    words = " ".join(map(clean, text.split()))  # word by word: a whole text would be cut at some length
    return Block(wrap(words, weight, size, room), weight, size)


class Flow:
    """``y``: where the next thing goes; what has no room left begins a new page."""

    def __init__(self) -> None:
        self._pages: list[list[Shape]] = [[]]
        self.y: float = MARGIN

    def need(self, height: float) -> None:
        """Begin a new page when less than ``height`` is left."""
        if self.y + height > _BOTTOM and self.y > MARGIN:
            self._pages.append([])
            self.y = MARGIN

    def add(self, shapes: Iterable[Shape]) -> None:
        self._pages[-1].extend(shapes)

    def put(self, part: Block, colour: str = INK, x: float = MARGIN, gap: float = 0) -> None:
        """A block at the next place, broken between lines where a page ends; ``gap`` follows it."""
        for line in part.lines:
            one = Block((line,), part.weight, part.size)
            self.need(one.height)
            self.add(lines(one, x, self.y, colour))
            self.y += one.height
        self.y += gap

    def labelled(self, label: str, text: str, room: float = 400, colour: str = INK) -> None:
        """A label with its text beside it."""
        name = paragraph(label, Weight.REGULAR, BODY, room - 20)
        said = paragraph(text, Weight.REGULAR, BODY, ROOM - room)
        self.need(min(max(name.height, said.height), 400))
        top, page = self.y, self._pages[-1]
        page.extend(lines(name, MARGIN, top, SOFT))
        self.put(said, colour, MARGIN + room)
        if page is self._pages[-1]:
            self.y = max(self.y, top + name.height)
        self.y += 6

    def table(self, table: Table) -> None:
        """The head stands again on each page; a row is never broken."""
        widths = _widths(table)
        head = [paragraph(c.name, Weight.BOLD, _CELL, w - _GAP) for c, w in zip(table.columns, widths, strict=True)]
        self.need(_tall(head) + 200)
        self._row(head, table.columns, widths, SOFT, 3)
        for place, row in enumerate(table.rows):
            cells = [paragraph(c.text, Weight.REGULAR, _CELL, w - _GAP) for c, w in zip(row, widths, strict=True)]
            together = 2 if place == len(table.rows) - 2 else 1  # the last row does not stand alone
            if self.y + together * _tall(cells) > _BOTTOM:
                self.need(HEIGHT)
                self._row(head, table.columns, widths, SOFT, 3)
            self._row(cells, table.columns, widths, INK, 1)

    def pages(self, number: str) -> list[Page]:
        """``number``: what stands at the foot, with ``{page}`` and ``{pages}``."""
        found = []
        for place, shapes in enumerate(self._pages, 1):
            text = number.format(page=place, pages=len(self._pages))
            foot = Text(text, WIDTH - MARGIN, HEIGHT - 110, Weight.REGULAR, _CELL, SOFT, "right")
            found.append(Page(WIDTH, HEIGHT, WHITE, (*shapes, foot)))
        return found

    def _row(
        self, cells: Sequence[Block], columns: Sequence[Column], widths: Sequence[float], colour: str, rule: int
    ) -> None:
        x, top = float(MARGIN), self.y + _LINE
        for cell, column, wide in zip(cells, columns, widths, strict=True):
            if column.kind == "text":
                self.add(lines(cell, x, top, colour))
            else:
                self.add(lines(cell, x + wide - _GAP, top, colour, "right"))
            x += wide
        self.y += _tall(cells)
        self.add([Box(MARGIN, self.y - rule, ROOM, rule, fill=HAIRLINE)])


def _tall(cells: Sequence[Block]) -> float:
    return max(cell.height for cell in cells) + 2 * _LINE


def _widths(table: Table) -> list[float]:
    """Numbers take what they need; columns of text share the rest by what they hold."""
    wanted: list[float] = []
    for place, column in enumerate(table.columns):
        texts = [clean(row[place].text) for row in table.rows]
        words = [width(word, Weight.BOLD, _CELL) for word in clean(column.name).split()]
        least = max([_NUMBER if column.kind != "text" else 0.0, *words]) + _GAP
        wanted.append(max([least, *(width(text, Weight.REGULAR, _CELL) + _GAP + 1 for text in texts)]))
    texts_at = [place for place, column in enumerate(table.columns) if column.kind == "text"]
    spare = ROOM - sum(wanted)
    if spare >= 0:
        return [each + spare / len(wanted) for each in wanted]
    room = ROOM - sum(each for place, each in enumerate(wanted) if place not in texts_at)
    for place in sorted(texts_at, key=lambda place: wanted[place]):
        # The narrow ones first: what they leave is for the wide. Root: twice the text gets less than twice the room.
        share = math.sqrt(wanted[place]) / sum(math.sqrt(wanted[other]) for other in texts_at)
        wanted[place] = min(wanted[place], room * share)
        room -= wanted[place]
        texts_at = [other for other in texts_at if other != place]
    return wanted
