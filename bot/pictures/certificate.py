"""The certificate of a finished course, as a picture to share and as a paper to print.

It carries no emblem, no seal and no signature: it is not an official paper, and must not look like one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures import pdf, png, qr
from bot.pictures.blocks import Block, balanced, block
from bot.pictures.fonts import Weight, clean
from bot.pictures.shapes import ACCENT, HAIRLINE, INK, SOFT, WARM_WHITE, Box, Code, Page, Shape, lines

WIDTH, HEIGHT = 1600, 1131  # pixels: A4 landscape
_BORDERS = ((40, 4), (54, 1))  # pixels: inset, thickness
_MARGIN = 120  # pixels, left and right of all text
_TOP, _RULE = 86, 826  # pixels: the words of honour stand between them, centred; proof stands under the rule
_QUIET = 56  # pixels beside the QR code: more than the quiet zone of the coarsest one


@dataclass(frozen=True, slots=True)
class Certificate:
    """``check`` is what the QR code holds; every other field is shown as it is.

    Names up to 60 signs and courses up to 80 stand in full; longer ones shrink before they end with an ellipsis.
    """

    site: str
    heading: str
    lead: str
    name: str
    statement: str
    course: str
    dated: str
    code: str
    check: str
    how_to_check: str
    note: str


def as_png(certificate: Certificate) -> bytes:
    """A picture of 1600 × 1131 pixels."""
    return png.draw(_page(certificate))


def as_pdf(certificate: Certificate) -> bytes:
    """One page A4 landscape, with the heading and the name as its title."""
    title = " – ".join(filter(None, (clean(certificate.heading), clean(certificate.name))))
    return pdf.draw(_page(certificate), title, pdf.A4_LONG, pdf.A4_SHORT)


def _page(certificate: Certificate) -> Page:
    shapes = (*_borders(), *_honour(certificate), *_proof(certificate))
    return Page(WIDTH, HEIGHT, WARM_WHITE, shapes)


def _borders() -> Iterator[Shape]:
    for inset, thickness in _BORDERS:
        yield Box(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset, line=ACCENT, thickness=thickness)


def _honour(certificate: Certificate) -> Iterator[Shape]:
    """Who did what, centred; the name is the largest text."""
    room = WIDTH - 2 * _MARGIN
    regular, bold = Weight.REGULAR, Weight.BOLD
    # Each with the gap above it, in pixels, when there is room enough.
    stack: list[tuple[float, Block, str]] = [
        (0, block(certificate.site, bold, 30, room, least=20), ACCENT),
        (22, block(certificate.heading, bold, 56, room, least=28), ACCENT),
        (56, block(certificate.lead, regular, 32, room, least=20), SOFT),
        (8, block(certificate.name, bold, 88, room - 80, lines=2, least=30), INK),
        (20, block(certificate.statement, regular, 32, room, least=20), SOFT),
        (8, block(certificate.course, bold, 48, room - 160, lines=2, least=26), ACCENT),
        (26, block(certificate.dated, regular, 30, room, least=20), SOFT),
    ]
    gaps = sum(gap for gap, _, _ in stack)
    spare = _RULE - 30 - _TOP - sum(part.height for _, part, _ in stack)
    stretch = max(0.0, min(1.3, spare / gaps))
    y = _TOP + max(0.0, spare - stretch * gaps) / 2
    for index, (gap, part, colour) in enumerate(stack):
        y += gap * stretch
        if index == 2:
            yield Box(WIDTH / 2 - 60, round(y - gap * stretch * 0.6), 120, 3, fill=ACCENT)
        yield from lines(balanced(part), WIDTH / 2, y, colour, "middle")
        y += part.height


def _proof(certificate: Certificate) -> Iterator[Shape]:
    """How to check the certificate, and what it is not."""
    bottom = HEIGHT - _BORDERS[-1][0]
    middle = (_RULE + bottom) / 2
    yield Box(_MARGIN, _RULE, WIDTH - 2 * _MARGIN, 1, fill=HAIRLINE)
    left = _MARGIN
    rows = qr.modules(certificate.check)
    if rows:
        # As large as the height allows with its quiet zone, in whole pixels a module.
        module = max(1, (bottom - _RULE - 2) // (len(rows) + 2 * qr.QUIET))
        side = module * len(rows)
        yield Code(rows, left, round(middle - side / 2), side)
        left += side + _QUIET
    room = WIDTH - _MARGIN - left
    parts = (
        (0, block(certificate.code, Weight.BOLD, 36, room, least=18), INK),
        (4, block(certificate.how_to_check, Weight.REGULAR, 26, room, lines=2, least=18), INK),
        (8, block(certificate.note, Weight.REGULAR, 24, room, lines=3, least=16), SOFT),
    )
    y = middle - sum(gap + part.height for gap, part, _ in parts) / 2
    for gap, part, colour in parts:
        y += gap
        yield from lines(part, left, y, colour)
        y += part.height
