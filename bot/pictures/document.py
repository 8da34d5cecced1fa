"""A report on A4 pages to print and to file: what leads first, then every figure with its proof."""

from __future__ import annotations

from bot.pictures import chart, pdf
from bot.pictures.flow import BODY, MARGIN, ROOM, Flow, paragraph
from bot.pictures.fonts import Weight
from bot.pictures.paper import Figure, Paper, Table, Trend
from bot.pictures.shapes import ACCENT, HAIRLINE, INK, NOTICE, SOFT, Box, lines

_HEADING = 50  # 14 points
_BAR = 24
_CHART = 300  # height of the highest column
_FACT = 1200  # where the number of a fact ends


def as_pdf(paper: Paper) -> bytes:
    flow = Flow()
    _cover(flow, paper)
    for figure in paper.headline:
        _leading(flow, figure)
    if paper.trend:
        _trend(flow, paper.trend)
    _heading(flow, paper.figures_title, 500)
    for figure in paper.figures:
        _proof(flow, figure)
    for table in paper.tables:
        _table(flow, table)
    _heading(flow, paper.notes_title, 200)
    for note in paper.notes:
        flow.put(paragraph(note), gap=10)
    number = f"{paper.site} · {paper.page}"
    return pdf.draw_all(flow.pages(number), f"{paper.title} – {paper.subtitle}", pdf.A4_SHORT, pdf.A4_LONG)


def _cover(flow: Flow, paper: Paper) -> None:
    if paper.notice:
        part = paragraph(paper.notice, Weight.BOLD, 36, ROOM - 60)
        flow.add([Box(MARGIN, flow.y, ROOM, part.height + 40, fill=NOTICE)])
        flow.add(lines(part, MARGIN + 30, flow.y + 20, INK))
        flow.y += part.height + 80
    flow.put(paragraph(paper.title, Weight.BOLD, 84), ACCENT)
    flow.put(paragraph(paper.subtitle, Weight.REGULAR, 42), SOFT, gap=40)
    for passage in paper.about:
        flow.labelled(passage.label, passage.text)
    flow.y += 24
    for sentence in paper.summary:
        flow.put(paragraph(sentence, Weight.BOLD, BODY), gap=10)
    flow.y += 20


def _leading(flow: Flow, figure: Figure) -> None:
    """Name and value over a bar, target and change under it."""
    value = paragraph(figure.value, Weight.BOLD, 38)
    label = paragraph(figure.label, Weight.REGULAR, 38, ROOM - value.width - 40)
    height = max(label.height, value.height)
    flow.need(height + 120)
    flow.add(lines(label, MARGIN, flow.y, INK))
    flow.add(lines(value, MARGIN + ROOM, flow.y, INK, "right"))
    flow.y += height + 6
    if figure.reached is not None:
        flow.add(chart.bar(figure.reached, MARGIN, flow.y, ROOM, _BAR))
        flow.y += _BAR + 8
    change = paragraph(figure.change)
    target = paragraph(figure.target, room=ROOM - change.width - 40)
    flow.add(lines(target, MARGIN, flow.y, SOFT))
    flow.add(lines(change, MARGIN + ROOM, flow.y, SOFT, "right"))
    flow.y += max(target.height, change.height) + 26


def _trend(flow: Flow, trend: Trend) -> None:
    tall = chart.height_of(_CHART, 30)
    _heading(flow, trend.title, tall + 100)
    flow.put(paragraph(trend.name), SOFT)
    texts = [row[1].text for row in trend.table.rows]
    values = list(zip(trend.values, texts, strict=True))
    flow.add(chart.columns(trend.months, values, MARGIN, flow.y, ROOM, _CHART, 30))
    flow.y += tall + 10
    if len(trend.table.columns) > 2:
        flow.need(400)
        flow.put(paragraph(trend.table.note), SOFT, gap=6)
        flow.table(trend.table)


def _proof(flow: Flow, figure: Figure) -> None:
    """All that it takes to judge one figure."""
    flow.need(420)
    flow.put(paragraph(figure.name, Weight.BOLD, 38), gap=6)
    for fact in figure.facts:
        label = paragraph(fact.label, room=_FACT - 300)
        flow.need(label.height)
        flow.add(lines(label, MARGIN, flow.y, SOFT))
        flow.add(lines(paragraph(fact.cell.text, Weight.BOLD), _FACT, flow.y, INK, "right"))
        flow.y += label.height
    flow.y += 12
    for passage in figure.passages:
        flow.labelled(passage.label, passage.text)
    if figure.references:
        flow.need(260)
        flow.put(paragraph(figure.references.title), SOFT, gap=4)
        flow.table(figure.references)
    flow.y += 30
    if figure.wards and _has_shares(figure.wards):
        # Numbers alone stand side by side in the common table of wards.
        flow.put(paragraph(figure.wards.title, Weight.BOLD, BODY), gap=4)
        flow.table(figure.wards)
        flow.y += 30


def _has_shares(table: Table) -> bool:
    places = [place for place, column in enumerate(table.columns) if column.kind == "percent"]
    return any(row[place].value is not None for row in table.rows for place in places)


def _table(flow: Flow, table: Table) -> None:
    _heading(flow, table.title, 400)
    if table.note:
        flow.put(paragraph(table.note), SOFT, gap=8)
    if table.rows:
        flow.table(table)


def _heading(flow: Flow, text: str, room: float) -> None:
    """A heading with ``room`` for what it heads."""
    flow.y += 50
    flow.need(room + 100)
    part = paragraph(text, Weight.BOLD, _HEADING)
    flow.put(part, ACCENT)
    flow.add([Box(MARGIN, flow.y + 4, ROOM, 3, fill=HAIRLINE)])
    flow.y += 22
