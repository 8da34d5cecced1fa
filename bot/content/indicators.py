"""Indicators as content: what is counted, against which total, towards which target, and by which legal text."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from bot.content.models import Audience, Frozen, Source
from bot.documents import DocumentError, Problem, load, read

Age = Literal["0_14", "15_24", "25_34", "35_44", "45_54", "55_59", "60_99"]
"""First and last year of life of each band; 15 to 59 is close to the working age of the statistics."""

Counted = Literal["persons", "turns", "assisted", "teams", "members", "questions"]
"""persons: with an account, once each; turns: completions, those of people without an account included; assisted: only
the latter; teams and members: of community groups as they are today; questions: asked, whatever became of them.
"""
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class Numerator(Frozen):
    """Who counts: whoever completed one of ``courses``, or a lesson of ``competences`` (each one by itself), and is of
    one of ``audience`` and ``age``; empty: any.
    """

    courses: tuple[str, ...] = ()
    competences: Literal["", "each"] = ""
    audience: tuple[Audience, ...] = ()
    age: tuple[Age, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Numerator:
        if self.courses and self.competences:
            raise ValueError("counts courses and competences at once → make two indicators of it")
        return self


class Target(Frozen):
    """To be reached at the end of ``year``; per cent where the indicator has a denominator."""

    year: Annotated[int, Field(ge=2020, le=2100)]
    value: Annotated[float, Field(gt=0)]


class Reference(Frozen):
    """A figure that others published; shown beside one's own and never added to it."""

    value: Annotated[str, Field(min_length=1)]
    year: int
    meaning: str
    source: Source


class FrameworkSet(Frozen):
    """A set of official indicators. ``replaced_by``: the key of the set that came after it."""

    title: str
    version: str
    source: Source
    replaced_by: str = ""
    unread: str = ""


class Indicator(Frozen):
    """``sets``: the official sets it feeds; ``headline``: stands on the first page and on the public one.

    ``unit``: what one of the counted is called. ``owner``: the agency that reports it. ``limits``: what the figure does
    not say. ``unread``: which official definition nobody here could read yet.
    """

    id: Key
    name: Annotated[str, Field(min_length=5, max_length=110)]
    label: Annotated[str, Field(min_length=3, max_length=44)]
    definition: Annotated[str, Field(min_length=20)]
    sets: Annotated[tuple[str, ...], Field(min_length=1)]
    basis: Annotated[tuple[Source, ...], Field(min_length=1)]
    counts: Counted
    numerator: Numerator = Numerator()
    denominator: Key | None = None
    targets: tuple[Target, ...] = ()
    direction: Literal["up", "down"] = "up"
    unit: str
    owner: str
    headline: bool = False
    limits: Annotated[str, Field(min_length=10)]
    unread: str = ""
    references: tuple[Reference, ...] = ()

    def target(self, year: int) -> Target | None:
        """The next one from ``year`` on; the last one when all are past."""
        ordered = sorted(self.targets, key=lambda target: target.year)
        return next((target for target in ordered if target.year >= year), ordered[-1] if ordered else None)


class Denominator(Frozen):
    """One row of denominators.csv. ``area``: a ward's code, or empty for the whole site."""

    key: Key
    area: Annotated[str, Field(pattern=r"^(\d{5})?$")]
    year: Annotated[int, Field(ge=2000, le=2100)]
    value: Annotated[int, Field(gt=0)]
    source: Annotated[str, Field(min_length=5)]
    date: dt.date
    note: str = ""


class _File(Frozen):
    sets: dict[str, FrameworkSet]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Indicators:
    sets: Mapping[str, FrameworkSet]
    all: tuple[Indicator, ...]
    denominators: tuple[Denominator, ...]

    def denominator(self, key: str, area: str, year: int) -> Denominator | None:
        """The newest value that is not of a later year; none is made up where there is none."""
        fit = [row for row in self.denominators if row.key == key and row.area == area and row.year <= year]
        return max(fit, key=lambda row: row.year, default=None)

    def of_set(self, name: str) -> tuple[Indicator, ...]:
        return tuple(indicator for indicator in self.all if name in indicator.sets)


def load_indicators(root: Path, denominators: Path | None = None) -> Indicators:
    """``root/indicators.yaml`` with ``denominators`` (else ``root/denominators.csv``); none without such a file.

    Raises DocumentError.
    """
    path = root / "indicators.yaml"
    if not path.exists():
        return Indicators({}, (), ())
    found = load(path, _File)
    rows = read_denominators(denominators or root / "denominators.csv")
    problems = list(_crossed(path, found, {row.key for row in rows}))
    if problems:
        raise DocumentError(problems)
    return Indicators(found.sets, found.indicators, rows)


def read_denominators(path: Path) -> tuple[Denominator, ...]:
    """The rows of a CSV with the columns of Denominator; none where there is no such file. Raises DocumentError."""
    if not path.exists():
        return ()
    rows: list[Denominator] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, int], int] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                new = Denominator.model_validate({name: (value or "").strip() for name, value in row.items() if name})
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    field = ".".join(map(str, detail["loc"]))
                    problems.append(Problem(path, number, field, detail["msg"], "correct this cell"))
                continue
            key = (new.key, new.area, new.year)
            if key in seen:
                message = f"{new.key} of {new.year} stands on line {seen[key]} too"
                problems.append(Problem(path, number, "key", message, "keep one of the two"))
            seen[key] = number
            rows.append(new)
    if problems:
        raise DocumentError(problems)
    return tuple(rows)


def _crossed(path: Path, found: _File, known: set[str]) -> Iterator[Problem]:
    """Names that lead nowhere, and ids that stand twice."""
    document = read(path)
    ids = [indicator.id for indicator in found.indicators]
    for place, indicator in enumerate(found.indicators):
        at = ("indicators", place)
        if indicator.id in ids[:place]:
            yield document.problem((*at, "id"), f"{indicator.id!r} stands twice", "give one of them another id")
        for name in indicator.sets:
            if name not in found.sets:
                yield document.problem((*at, "sets"), f"{name!r} is no set", "name it under sets first")
        if indicator.denominator and indicator.denominator not in known:
            message = f"{indicator.denominator!r} has no row in denominators.csv"
            yield document.problem((*at, "denominator"), message, "add its value with source and date, or leave it out")
    for name, each in found.sets.items():
        if each.replaced_by and each.replaced_by not in found.sets:
            message = f"{each.replaced_by!r} is no set"
            yield document.problem(("sets", name, "replaced_by"), message, "name it under sets first")
