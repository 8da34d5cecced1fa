"""A sheet to hang on a wall: whoever scans its code starts to learn with their group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures import pdf, qr
from bot.pictures.blocks import ASCENT, CAPITAL, Block, balanced, block
from bot.pictures.fonts import Weight, clean
from bot.pictures.shapes import ACCENT, HAIRLINE, INK, SOFT, WHITE, Box, Code, Page, Shape, Text, lines

WIDTH, HEIGHT = 2100, 2970  # tenths of a millimetre: A4 portrait
_MARGIN = 150
_ROOM = WIDTH - 2 * _MARGIN
_LARGE = 64  # size of the smallest large type, 18 points: it reads from two steps away
# Side of the QR code and size of the steps, best first. The code is never under 90 mm, and steps are smaller than
# large type only when there are so many that they would run off the page.
_CHOICES = ((1120, 80), (1040, 80), (980, 76), (920, 72), *((900, size) for size in (_LARGE, 56, 48, 40, 32, 24)))
_DISC = 1.35  # of a step's size: across the disc with its number
_INDENT = 40  # between the disc and its step
_GAPS = (12, 30, 20, 36, 44)  # under title, name, code, link and steps
_LEAST_AIR, _AIR = 160, 100  # room to spare that a good page has, and the most that one gap takes of it


@dataclass(frozen=True, slots=True)
class Sheet:
    """``link`` is what the QR code holds, and stands in small print under it.

    Five steps of two lines, or eight of one, stand in large type; more make it smaller, and in the end drop out.
    """

    title: str
    name: str
    steps: tuple[str, ...]
    link: str
    footer: str


def as_pdf(sheet: Sheet) -> bytes:
    """One page A4 portrait, with the title and the group's name as its title."""
    title = " – ".join(filter(None, (clean(sheet.title), clean(sheet.name))))
    return pdf.draw(_page(sheet), title, pdf.A4_SHORT, pdf.A4_LONG)


def _page(sheet: Sheet) -> Page:
    return Page(WIDTH, HEIGHT, WHITE, tuple(_shapes(sheet)))


def _shapes(sheet: Sheet) -> Iterator[Shape]:
    title = balanced(block(sheet.title, Weight.BOLD, 148, _ROOM, lines=2, least=60))
    name = balanced(block(sheet.name, Weight.BOLD, 80, _ROOM, lines=2, least=44))
    link = balanced(block(sheet.link, Weight.REGULAR, 38, _ROOM, lines=2, least=26))
    footer = balanced(block(sheet.footer, Weight.REGULAR, 42, _ROOM, lines=2, least=26))
    rows = qr.modules(sheet.link)
    foot = HEIGHT - _MARGIN - footer.height
    end = foot - _GAPS[-1]
    room = end - _MARGIN - sum(part.height for part in (title, name, link)) - sum(_GAPS[:-1])
    side, steps, spare = _choice(sheet.steps, len(rows), room)
    air = min(_AIR, spare / (2 + len(steps) / 2))

    y = float(_MARGIN)
    yield from lines(title, WIDTH / 2, y, ACCENT, "middle")
    y += title.height + _GAPS[0]
    yield from lines(name, WIDTH / 2, y, INK, "middle")
    y += name.height + _GAPS[1] + air
    if rows:
        # The frame runs round the quiet zone, so nothing can come nearer to the code.
        frame = _framed(side, len(rows))
        yield Box((WIDTH - frame) / 2, y, frame, frame, line=ACCENT, thickness=6, radius=36)
        yield Code(rows, (WIDTH - side) / 2, y + (frame - side) / 2, side)
        y += frame + _GAPS[2]
    yield from lines(link, WIDTH / 2, y, SOFT, "middle")
    y += link.height + _GAPS[3] + air
    for number, step in enumerate(steps, 1):
        if y + step.height > end:
            break
        yield from _step(number, step, y)
        y += _height(step) + air / 2
    yield Box(_MARGIN, foot - 24, _ROOM, 3, fill=HAIRLINE)
    yield from lines(footer, WIDTH / 2, foot, SOFT, "middle")


def _choice(texts: tuple[str, ...], modules: int, room: float) -> tuple[int, tuple[Block, ...], float]:
    """The best side of the code and setting of the steps that ``room`` has height for, and what they leave of it."""
    for side, size in _CHOICES:
        steps = _steps(texts, size)
        spare = room - _framed(side, modules) - sum(_height(step) for step in steps)
        if spare >= (_LEAST_AIR if size > _LARGE else 0.0):
            break
    return side, steps, max(0.0, spare)


def _framed(side: int, modules: int) -> float:
    """Side of the frame around a code of ``side``; 0 without a code."""
    return side * (1 + 2 * qr.QUIET / modules) if modules else 0.0


def _steps(steps: tuple[str, ...], size: int) -> tuple[Block, ...]:
    room = _ROOM - _DISC * size - _INDENT
    return tuple(block(step, Weight.REGULAR, size, room, lines=6, least=size) for step in steps)


def _height(step: Block) -> float:
    """What a step takes, the gap under it included."""
    return step.height + step.size * 0.35


def _step(number: int, step: Block, y: float) -> Iterator[Shape]:
    disc = _DISC * step.size
    # The disc's centre lies at half the height of the first line's capitals.
    centre = y + step.size * (ASCENT - CAPITAL / 2)
    yield Box(_MARGIN, centre - disc / 2, disc, disc, fill=ACCENT, radius=disc / 2)
    size = round(step.size * 0.75)
    baseline = centre + size * CAPITAL / 2
    yield Text(str(number), _MARGIN + disc / 2, baseline, Weight.BOLD, size, WHITE, "middle")
    yield from lines(step, _MARGIN + disc + _INDENT, y, INK)
