"""Draw pages as a PDF: text stays text, and the same pages give the same bytes."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from fpdf import FPDF, ViewerPreferences

from bot.pictures.fonts import clean
from bot.pictures.qr import runs
from bot.pictures.shapes import Box, Code, Page, Shape, Stroke, Text

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every sign it embeds

A4_LONG, A4_SHORT = 297.0, 210.0  # mm

_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # a fixed day: the real one would make every copy a different file
_POINTS = 72 / 25.4  # of a millimetre
_OVERLAP = 0.02  # of a module: without it, viewers that smooth edges show hairlines between the rows of a code


def draw(page: Page, title: str, width: float, height: float) -> bytes:
    """``width`` and ``height`` of the paper in mm; the page is scaled to its width."""
    return draw_all([page], title, width, height)


def draw_all(pages: Sequence[Page], title: str, width: float, height: float) -> bytes:
    """All ``pages`` in one document."""
    pdf = FPDF(unit="pt", format=(width * _POINTS, height * _POINTS))
    pdf.set_creation_date(_MADE)
    pdf.set_title(clean(title))
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_auto_page_break(False)
    # Only a weight that is used: a font without text would be embedded all the same.
    for weight in sorted({shape.weight for page in pages for shape in page.shapes if isinstance(shape, Text)}):
        pdf.add_font(weight, fname=weight.path)
    for page in pages:
        pdf.add_page()
        pdf.set_fill_color(page.paper)
        pdf.rect(0, 0, pdf.w, pdf.h, style="F")
        for shape in page.shapes:
            _draw(shape, pdf, pdf.w / page.width)
    return bytes(pdf.output())


def _draw(shape: Shape, pdf: FPDF, scale: float) -> None:
    match shape:
        case Text():
            _text(shape, pdf, scale)
        case Box():
            _box(shape, pdf, scale)
        case Stroke():
            pdf.set_draw_color(shape.colour)
            pdf.set_line_width(shape.thickness * scale)
            pdf.polyline([(x * scale, y * scale) for x, y in shape.points])
        case Code():
            _code(shape, pdf, scale)


def _text(text: Text, pdf: FPDF, scale: float) -> None:
    pdf.set_font(text.weight, size=text.size * scale)
    pdf.set_text_color(text.colour)
    share = {"left": 0.0, "middle": 0.5, "right": 1.0}[text.anchor]
    pdf.text(text.x * scale - share * pdf.get_string_width(text.text), text.y * scale, text.text)


def _box(box: Box, pdf: FPDF, scale: float) -> None:
    inset = box.thickness / 2 if box.line else 0.0
    if box.fill:
        pdf.set_fill_color(box.fill)
    if box.line:
        pdf.set_draw_color(box.line)
        pdf.set_line_width(box.thickness * scale)
    x, y = (box.x + inset) * scale, (box.y + inset) * scale
    width, height = (box.width - 2 * inset) * scale, (box.height - 2 * inset) * scale
    radius = (box.radius - inset) * scale
    style = ("D" if box.line else "") + ("F" if box.fill else "")
    if 2 * box.radius >= max(box.width, box.height):  # a rectangle cannot be rounded off completely here
        pdf.ellipse(x, y, width, height, style)
    else:
        pdf.rect(x, y, width, height, style, round_corners=radius > 0, corner_radius=max(0.0, radius))


def _code(code: Code, pdf: FPDF, scale: float) -> None:
    pdf.set_fill_color(code.colour)
    for number, row in enumerate(code.rows):
        module = code.side / len(code.rows) * scale
        y = code.y * scale + number * module
        for column, count in runs(row):
            x = code.x * scale + column * module
            pdf.rect(x, y, (count + _OVERLAP) * module, (1 + _OVERLAP) * module, style="F")
