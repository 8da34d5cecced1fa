"""A report as plain data: every word is said already, every number stands beside its words.

What draws it (a PDF, a workbook, a terminal) needs to know nothing of indicators or languages, and it can wait as JSON
until it is sent.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "change", "percent"]


@dataclass(frozen=True, slots=True)
class Cell:
    """``value``: the number behind ``text``, a share as a fraction of 1; None: there is none, and ``text`` says so."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of a figure. ``formula`` names the facts it follows from: ``{numerator}/{denominator}``."""

    key: str
    label: str
    cell: Cell
    kind: Kind = "number"
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """``formula`` names the columns of the same row that this one follows from."""

    key: str
    name: str
    kind: Kind = "number"
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``note`` stands under the title; ``tab``: the title where there is little room.

    Without rows only the note shows.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """``value``, ``target`` and ``change`` in words; ``reached``: of the target, 1 being all; None: without target."""

    name: str
    label: str
    headline: bool
    value: str
    target: str
    reached: float | None
    change: str
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    references: Table | None = None
    wards: Table | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """New persons by month, and what else is known by month in ``table``, whose first two columns are these."""

    title: str
    months: tuple[str, ...]
    name: str
    values: tuple[int, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Paper:
    """``notice``: that people are made up; empty: they are not. ``about``: whom, when and from what.

    ``number``: the name of a column of numbers; ``columns``: facts to compare side by side, key → name. ``page``: what
    stands at the foot of a page, with ``{page}`` and ``{pages}``.
    """

    site: str
    title: str
    subtitle: str
    notice: str
    overview: str
    about: tuple[Passage, ...]
    summary: tuple[str, ...]
    figures_title: str
    figures: tuple[Figure, ...]
    trend: Trend | None
    tables: tuple[Table, ...]
    notes_title: str
    notes: tuple[str, ...]
    number: str
    columns: dict[str, str]
    page: str

    @property
    def headline(self) -> tuple[Figure, ...]:
        """What leads; all, where nothing is marked to."""
        return tuple(figure for figure in self.figures if figure.headline) or self.figures

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Paper:
        parts = data | {
            "about": tuple(Passage(**each) for each in data["about"]),
            "summary": tuple(data["summary"]),
            "figures": tuple(map(_figure, data["figures"])),
            "trend": _trend(data["trend"]) if data["trend"] else None,
            "tables": tuple(map(_table, data["tables"])),
            "notes": tuple(data["notes"]),
        }
        return cls(**parts)


def _figure(data: dict[str, Any]) -> Figure:
    parts = data | {
        "facts": tuple(Fact(**each | {"cell": Cell(**each["cell"])}) for each in data["facts"]),
        "passages": tuple(Passage(**each) for each in data["passages"]),
        "references": _table(data["references"]) if data["references"] else None,
        "wards": _table(data["wards"]) if data["wards"] else None,
    }
    return Figure(**parts)


def _trend(data: dict[str, Any]) -> Trend:
    lists = {name: tuple(data[name]) for name in ("months", "values")}
    return Trend(**data | lists | {"table": _table(data["table"])})


def _table(data: dict[str, Any]) -> Table:
    columns = tuple(Column(**each) for each in data["columns"])
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in data["rows"])
    return Table(**data | {"columns": columns, "rows": rows})
