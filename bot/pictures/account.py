"""A plain table as a spreadsheet: the account of an announcement, copy by copy of its fates and reasons."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

WIDTHS = (34, 44, 14)  # signs


@dataclass(frozen=True, slots=True)
class Account:
    """``head``: names of the columns; the last column of ``rows`` is a number, which is summed under them."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    total: str


def as_xlsx(account: Account) -> bytes:
    """Text is written as text, whatever sign it begins with."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        number = book.add_format({"num_format": "#,##0"})
        sheet = book.add_worksheet()
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, account.title, bold)
        _row(sheet, 2, account.head, bold)
        for place, row in enumerate(account.rows):
            _row(sheet, 3 + place, row, number)
        last = len(account.head) - 1
        end = 3 + len(account.rows)
        sheet.write_string(end, 0, account.total, bold)
        whole = sum(int(row[-1]) for row in account.rows)
        letter = chr(ord("A") + last)
        sheet.write_formula(end, last, f"=SUM({letter}4:{letter}{end})", number, whole)
        sheet.freeze_panes(3, 0)
    return into.getvalue()


def _row(sheet: Any, at: int, cells: Sequence[str | int], style: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(at, column, cell, style)
        else:
            sheet.write_string(at, column, cell)
