"""Read with another library; formulas are computed here again, from the cells they name."""

from __future__ import annotations

import io
import math
import re

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from bot.i18n import Texts
from bot.metrics import wording
from bot.metrics.formats import render
from bot.metrics.report import Metrics, Report
from bot.pictures.paper import Paper
from bot.pictures.workbook import sheet_names
from bot.storage.database import Database
from tests.metrics_formats.conftest import hostile, report_of


def opened(data: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def cells(book: Workbook, name: str) -> dict[str, object]:
    """First column → second."""
    return {str(row[0].value): row[1].value for row in book[name].iter_rows(max_col=2)}


def computed(book: Workbook, sheet: str, place: str) -> float:
    """The value of a cell, its formula and those it names worked out."""
    value = book[sheet][place].value
    if not (isinstance(value, str) and value.startswith("=")):
        assert isinstance(value, int | float), (sheet, place, value)
        return value
    names: dict[str, float] = {}

    def named(found: re.Match[str]) -> str:
        other = found[1].replace("''", "'") if found[1] else found[2] or sheet
        names[f"v{len(names)}"] = computed(book, other, found[3])
        return f"v{len(names) - 1}"

    expression = re.sub(r"(?:(?:'((?:[^']|'')+)'|(\w+))!)?\b([A-Z]{1,2}[1-9]\d*)\b(?!\()", named, value[1:])
    rounded = {"MAX": max, "ROUNDUP": lambda number, digits: math.ceil(number)}
    return float(eval(expression, {"__builtins__": {}}, names | rounded))  # noqa: S307  of our own making


@pytest.fixture
def book(report: Report, paper: Paper) -> bytes:
    return render("xlsx", report, paper)


def test_each_indicator_and_each_table_has_a_sheet(book: bytes) -> None:
    names = opened(book).sheetnames
    assert names[:3] == ["Tổng quan", "1 Công nhân đã học", "2 Lượt học"]
    assert {"Theo phường, xã", "Khóa học", "Năng lực số", "Câu hỏi chưa trả lời", "Diễn biến"} <= set(names)


def test_a_quotient_is_a_formula_over_numerator_and_denominator(book: bytes) -> None:
    found = cells(opened(book), "1 Công nhân đã học")
    assert found["Tỷ lệ"] == "=B5/B6"
    assert cells(opened(book, values=True), "1 Công nhân đã học")["Tỷ lệ"] == 0.02


def test_every_formula_computes_to_the_value_that_is_kept_beside_it(book: bytes) -> None:
    formulas, values = opened(book), opened(book, values=True)
    count = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    kept = values[sheet.title][cell.coordinate].value
                    assert computed(formulas, sheet.title, cell.coordinate) == pytest.approx(kept), cell.coordinate
    assert count > 80


async def test_names_like_formulas_stay_text(filled: Database, metrics: Metrics, say: Texts) -> None:
    bad = hostile(metrics)
    made = await report_of(filled, bad)
    found = opened(render("xlsx", made, wording.paper(made, bad.indicators, say)))
    types = {}
    for sheet in found.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(("=1+1", "=2*", "+cmd", "@SUM")):
                    types[cell.value] = cell.data_type
    assert {"=1+1", "=2*[3]", "+cmd|' /C calc'!A0", "@SUM(A1)"} <= types.keys()
    assert set(types.values()) == {"s"}


def test_sheets_have_frozen_heads_and_print_on_a4(book: bytes) -> None:
    for sheet in opened(book).worksheets:
        assert sheet.page_setup.paperSize == 9 and sheet.page_setup.fitToHeight == 0
    wards = opened(book)["Theo phường, xã"]
    head = next(row[0].row for row in wards.iter_rows() if row[0].value == "Phường, xã" and row[0].row > 1)
    assert wards.freeze_panes == f"B{head + 1}"


def test_the_trend_has_a_chart(book: bytes) -> None:
    assert len(opened(book)["Diễn biến"]._charts) == 1


def test_numbers_are_numbers_with_a_format(book: bytes) -> None:
    sheet = opened(book)["1 Công nhân đã học"]
    assert (sheet["B6"].value, sheet["B6"].number_format) == (200, "#,##0")
    assert sheet["B7"].number_format == "0.00%"


def test_names_of_sheets_are_legal_and_no_two_alike() -> None:
    long = "Một cái tên rất dài của một chỉ số nào đó"
    found = sheet_names(["a/b:c*?[d]", "'", "History", long, long, "", long.upper()])
    assert found[0] == "a b c d"
    assert len({name.casefold() for name in found}) == len(found)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)
    assert not [name for name in found if name[0] == "'" or name[-1] == "'" or name.casefold() == "history"]
