"""A report as a spreadsheet: a sheet for each figure and table, quotients as formulas, every text a text.

Number formats are the file's own (``#,##0``); a spreadsheet set to Vietnamese shows them as 812.422 and 89,74 %.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell  # type: ignore[import-untyped]

from bot.pictures.paper import Cell, Column, Figure, Kind, Paper, Passage, Table, Trend

FACTS = 4  # the row of a figure's sheet on which its facts begin, from 0
_LONGEST = 31  # signs of a sheet's name
_ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMATS = {"text": "@", "number": "#,##0", "change": "+#,##0;-#,##0;0", "percent": "0.00%", "fine": "0.000%"}
_FIRST, _OTHER = 44, 15  # widths of columns, in signs
_TEXTS = 6  # columns that a passage runs over


def as_xlsx(paper: Paper) -> bytes:
    """The bytes of an .xlsx; a row is written and forgotten, so memory does not grow with the report."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": paper.title, "subject": paper.subtitle, "author": paper.site})
        writer = _Writer(book)
        tables = ((paper.trend.table,) if paper.trend else ()) + paper.tables
        titles = [paper.overview, *(f"{number} {figure.label}" for number, figure in enumerate(paper.figures, 1))]
        names = sheet_names([*titles, *(table.tab or table.title for table in tables)])
        writer.overview(paper, names)
        for name, figure in zip(names[1:], paper.figures, strict=False):
            writer.figure(name, figure, paper)
        for name, table in zip(names[len(titles) :], tables, strict=True):
            writer.sheet(name, table, paper)
    return out.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Legal names for sheets, no two alike, whatever the titles hold."""
    found: list[str] = []
    for title in wanted:
        legal = " ".join(_ILLEGAL.sub(" ", title).split()).strip("'")[:_LONGEST].rstrip(" '") or "-"
        name, number = legal, 1
        while name.casefold() in {other.casefold() for other in found} or name.casefold() == "history":
            number += 1
            ending = f" ({number})"
            name = legal[: _LONGEST - len(ending)] + ending
        found.append(name)
    return found


class _Writer:
    """Formats are the workbook's: they are made once. ``y`` of each method is the next free row, from 0."""

    def __init__(self, book: Any) -> None:
        self._book = book
        cell = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        box = cell | {"border": 1, "border_color": "#c9d3ca"}
        self._title = book.add_format(cell | {"bold": True, "font_size": 16, "font_color": "#0b6b4f"})
        self._head = book.add_format(box | {"bold": True, "text_wrap": True, "bg_color": "#dde4db"})
        self._bold = book.add_format(cell | {"bold": True, "text_wrap": True})
        self._plain = book.add_format(cell | {"text_wrap": True})
        self._notice = book.add_format(cell | {"bold": True, "bg_color": "#fbe3b5", "text_wrap": True})
        self._cells = {
            kind: book.add_format(box | {"num_format": format, "text_wrap": kind == "text"})
            for kind, format in _FORMATS.items()
        }

    def overview(self, paper: Paper, names: Sequence[str]) -> None:
        sheet = self._sheet(names[0], paper, landscape=True)
        y = self._top(sheet, paper.title, paper)
        y = self._passages(sheet, y + 1, paper.about)
        for sentence in paper.summary:
            y = self._wide(sheet, y, sentence, self._plain)
        y += 1
        keys = list(paper.columns)
        for x, text in enumerate([paper.figures_title, *paper.columns.values()]):
            sheet.write_string(y, x, text, self._head)
        y += 1
        for name, figure in zip(names[1:], paper.figures, strict=False):
            sheet.write_string(y, 0, figure.name, self._cells["text"])
            places = {fact.key: (FACTS + number, fact) for number, fact in enumerate(figure.facts)}
            for x, key in enumerate(keys, 1):
                if key not in places:
                    sheet.write_blank(y, x, None, self._cells["text"])
                    continue
                row, fact = places[key]
                if fact.cell.value is None:
                    sheet.write_string(y, x, fact.cell.text, self._cells["text"])
                    continue
                formula = f"={quote_sheetname(name)}!{xl_rowcol_to_cell(row, 1)}"
                sheet.write_formula(y, x, formula, self._format(fact.kind, fact.cell.value), fact.cell.value)
            y += 1
        y = self._wide(sheet, y + 1, paper.notes_title, self._bold)
        for note in paper.notes:
            y = self._wide(sheet, y, note, self._plain)

    def figure(self, name: str, figure: Figure, paper: Paper) -> None:
        sheet = self._sheet(name, paper, landscape=False)
        self._top(sheet, figure.name, paper)
        sheet.write_string(FACTS - 1, 0, paper.figures_title, self._head)
        sheet.write_string(FACTS - 1, 1, paper.number, self._head)
        places = {fact.key: xl_rowcol_to_cell(FACTS + number, 1) for number, fact in enumerate(figure.facts)}
        for y, fact in enumerate(figure.facts, FACTS):
            sheet.write_string(y, 0, fact.label, self._cells["text"])
            self._cell(sheet, y, 1, fact.cell, fact.kind, fact.formula, places)
        y = self._passages(sheet, FACTS + len(figure.facts) + 1, figure.passages)
        for table in filter(None, (figure.references, figure.wards)):
            y = self._wide(sheet, y + 1, table.title, self._bold)
            y = self._table(sheet, y, table)

    def sheet(self, name: str, table: Table, paper: Paper) -> None:
        sheet = self._sheet(name, paper, landscape=len(table.columns) > 5)
        y = self._top(sheet, table.title, paper)
        if table.note:
            y = self._wide(sheet, y, table.note, self._plain)
        y += 1
        sheet.freeze_panes(y + 1, 1)
        sheet.repeat_rows(y)
        end = self._table(sheet, y, table)
        if paper.trend and table is paper.trend.table:
            self._chart(sheet, name, paper.trend, y, end)

    def _sheet(self, name: str, paper: Paper, *, landscape: bool) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(9)  # A4
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        page = paper.page.format(page="&P", pages="&N")
        sheet.set_footer(f"&L{paper.site.replace('&', '&&')}&R{page}")
        sheet.set_column(0, 0, _FIRST)
        sheet.set_column(1, 11, _OTHER)
        return sheet

    def _top(self, sheet: Any, title: str, paper: Paper) -> int:
        sheet.write_string(0, 0, title, self._title)
        sheet.write_string(1, 0, paper.subtitle)
        if paper.notice:
            return self._wide(sheet, 2, paper.notice, self._notice)
        return 2

    def _passages(self, sheet: Any, y: int, passages: Iterable[Passage]) -> int:
        for passage in passages:
            sheet.set_row(y, 14 * math.ceil(len(passage.text) / (_OTHER * _TEXTS * 0.95)))
            sheet.merge_range(y, 1, y, _TEXTS, "", self._plain)
            sheet.write_string(y, 0, passage.label, self._bold)
            sheet.write_string(y, 1, passage.text, self._plain)
            y += 1
        return y

    def _wide(self, sheet: Any, y: int, text: str, format: Any) -> int:
        """A text over all columns that a page has."""
        sheet.set_row(y, 14 * math.ceil(len(text) / ((_FIRST + _OTHER * _TEXTS) * 0.95)))
        sheet.merge_range(y, 0, y, _TEXTS, "", format)
        sheet.write_string(y, 0, text, format)
        return y + 1

    def _table(self, sheet: Any, y: int, table: Table) -> int:
        sheet.set_row(y, 42 if any(len(column.name) > _OTHER for column in table.columns) else 15)
        for x, column in enumerate(table.columns):
            sheet.write_string(y, x, column.name, self._head)
        for row in table.rows:
            y += 1
            sheet.set_row(y, 14 * _height(row, table.columns))
            places = {column.key: xl_rowcol_to_cell(y, x) for x, column in enumerate(table.columns)}
            for x, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                self._cell(sheet, y, x, cell, column.kind, column.formula, places)
        return y + 1

    def _cell(
        self, sheet: Any, y: int, x: int, cell: Cell, kind: Kind, formula: str, places: Mapping[str, str]
    ) -> None:
        """A formula with its value known, a number, or a text: never what a text would be taken for."""
        if cell.value is None:
            sheet.write_string(y, x, cell.text, self._cells["text"])
        elif formula:
            sheet.write_formula(y, x, "=" + formula.format_map(places), self._format(kind, cell.value), cell.value)
        else:
            sheet.write_number(y, x, cell.value, self._format(kind, cell.value))

    def _format(self, kind: Kind, value: float) -> Any:
        return self._cells["fine" if kind == "percent" and 0 < value < 0.001 else kind]

    def _chart(self, sheet: Any, name: str, trend: Trend, head: int, end: int) -> None:
        chart = self._book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": [name, head, 1],
                "categories": [name, head + 1, 0, end - 1, 0],
                "values": [name, head + 1, 1, end - 1, 1],
                "fill": {"color": "#0b6b4f"},
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": trend.title})
        chart.set_legend({"none": True})
        chart.set_size({"width": 760, "height": 340})
        sheet.insert_chart(end + 1, 0, chart)


def _height(row: Sequence[Cell], columns: Sequence[Column]) -> int:
    """Lines of text that the highest cell takes."""
    widths = (_FIRST if x == 0 else _OTHER for x in range(len(row)))
    cells = zip(row, columns, widths, strict=True)
    return max(
        math.ceil(len(cell.text) / (width * 0.9)) if column.kind == "text" else 1 for cell, column, width in cells
    )
