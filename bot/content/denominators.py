"""Totals that figures are divided by: one row of a CSV for each total, area and year, with where it stands."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from bot.content.models import Frozen
from bot.documents import DocumentError, Problem

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class Denominator(Frozen):
    """One row. ``area``: a ward's code, or empty for the whole site. ``line``: where it stands in its file."""

    key: Key
    area: Annotated[str, Field(pattern=r"^(\d{5})?$")]
    year: Annotated[int, Field(ge=2000, le=2100)]
    value: Annotated[int, Field(gt=0)]
    source: Annotated[str, Field(min_length=5)]
    date: dt.date
    note: str = ""
    line: int = 1


COLUMNS = ("key", "area", "year", "value", "source", "date", "note")
_REMEDIES = {
    "key": "write the name that stands under totals in indicators.yaml, in a-z, 0-9 and _",
    "area": "write a ward's code of five digits, or nothing for the whole site",
    "year": "write a year such as 2026",
    "value": "write digits alone, as in 1200000",
    "source": "say who published the number and where",
    "date": "write the day of the source as in 2026-06-30",
}


def read_denominators(path: Path) -> tuple[Denominator, ...]:
    """The rows of a CSV with COLUMNS, separated by commas or semicolons. Raises DocumentError with every mistake."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        problem = Problem(path, 1, "", f"cannot be read: {error.strerror}", "create the file or fix its rights")
        raise DocumentError([problem]) from None
    except UnicodeDecodeError:
        raise DocumentError([Problem(path, 1, "", "is not UTF-8", "save it as CSV UTF-8")]) from None
    semicolons = bool(lines) and ";" in lines[0]  # as spreadsheets write where the comma is the decimal sign
    table = csv.DictReader(lines, delimiter=";" if semicolons else ",")
    problems = list(_heading(path, table.fieldnames or ()))
    if problems:
        raise DocumentError(problems)
    rows: list[Denominator] = []
    for cells in table:
        try:
            rows.append(_row(cells, table.line_num))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                name = str(detail["loc"][0])
                message = f"{detail['msg']} (found {detail['input']!r})"
                problems.append(Problem(path, table.line_num, name, message, _REMEDIES.get(name, "correct this cell")))
        except ValueError as error:
            problems.append(Problem(path, table.line_num, "", str(error), "put a cell that holds a comma in quotes"))
    problems += _repeated(path, rows)
    if problems:
        raise DocumentError(problems)
    return tuple(rows)


def _row(cells: dict[str | None, str | list[str]], line: int) -> Denominator:
    """Raises ValueError for a row longer than the heading: a cut number would otherwise pass for a whole one."""
    if None in cells:
        raise ValueError("has more cells than the heading")
    return Denominator.model_validate({name: str(cells[name] or "").strip() for name in COLUMNS} | {"line": line})


def _heading(path: Path, names: object) -> Iterator[Problem]:
    found = [str(name).strip() for name in names] if isinstance(names, list) else []
    for name in COLUMNS:
        if name not in found:
            yield Problem(path, 1, name, "is missing in the heading", f"begin the file with {','.join(COLUMNS)}")
    for name in found:
        if name not in COLUMNS:
            yield Problem(path, 1, name, "is no column", "remove it or fix its name")


def _repeated(path: Path, rows: list[Denominator]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, int], int] = {}
    for row in rows:
        same = row.key, row.area, row.year
        if same in seen:
            where = f" of area {row.area}" if row.area else ""
            message = f"{row.key}{where} of {row.year} stands on line {seen[same]} too"
            yield Problem(path, row.line, "key", message, "keep one of the two")
        seen[same] = row.line
