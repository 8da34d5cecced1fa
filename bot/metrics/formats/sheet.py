"""A report as one CSV for pivot tables: one number a line, named by table, row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from bot.pictures.paper import Cell, Paper, Table

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet begins a formula
Row = tuple[str, str, str, str]


def written(paper: Paper) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it. A share is a fraction of 1, with a decimal point."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("table", "row", "column", "value"))
    for row in _rows(paper):
        writer.writerow((*map(_safe, row[:3]), row[3]))
    return out.getvalue().encode("utf-8-sig")


def _rows(paper: Paper) -> Iterator[Row]:
    if paper.notice:
        yield paper.title, paper.notice, "", ""
    for passage in paper.about:
        yield paper.title, passage.label, "", _safe(passage.text)
    for figure in paper.figures:
        for fact in figure.facts:
            yield paper.figures_title, figure.name, fact.label, _value(fact.cell)
        for text in figure.passages:
            yield paper.figures_title, figure.name, text.label, _safe(text.text)
        for table in filter(None, (figure.references, figure.wards)):
            yield from _table(table, f"{figure.name}: ")
    for table in ((paper.trend.table,) if paper.trend else ()) + paper.tables:
        yield from _table(table)


def _table(table: Table, of: str = "") -> Iterator[Row]:
    for row in table.rows:
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            yield of + table.title, row[0].text, column.name, _value(cell)


def _value(cell: Cell) -> str:
    if cell.value is None:
        return _safe(cell.text)
    whole = int(cell.value)
    return str(whole) if whole == cell.value else repr(cell.value)


def _safe(text: str) -> str:
    """An apostrophe before what would begin a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
