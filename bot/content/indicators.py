"""Indicators as content: what is counted, against which total, towards which target, and by which legal text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.content.denominators import Denominator as Denominator
from bot.content.denominators import Key, read_denominators
from bot.content.models import Audience, Frozen, Source
from bot.documents import DocumentError, Problem, load, read

Age = Literal["0_14", "15_24", "25_34", "35_44", "45_54", "55_59", "60_99"]
"""First and last year of life of each band; 15 to 59 is close to the working age of the statistics."""

Counted = Literal["persons", "turns", "assisted", "teams", "members", "questions"]
"""persons: with an account, once each; turns: completions, those of people without an account included; assisted: only
the latter; teams and members: of community groups as they are today; questions: asked, whatever became of them.
"""


class Numerator(Frozen):
    """Who counts: whoever completed one of ``courses``, or a lesson of ``competences`` (each one by itself), and is of
    one of ``audience`` and ``age``; empty: any. ``kind`` lesson: whoever passed one lesson of these courses.
    """

    courses: tuple[str, ...] = ()
    kind: Literal["course", "lesson"] = "course"
    competences: Literal["", "each"] = ""
    audience: tuple[Audience, ...] = ()
    age: tuple[Age, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Numerator:
        if self.courses and self.competences:
            raise ValueError("counts courses and competences at once → make two indicators of it")
        return self


class Target(Frozen):
    """To be reached at the end of ``year``; per cent where the indicator has a denominator. ``source``: who set it."""

    year: Annotated[int, Field(ge=2020, le=2100)]
    value: Annotated[float, Field(gt=0)]
    source: Source | None = None


class Reference(Frozen):
    """A figure that others published; shown beside one's own and never added to it."""

    value: Annotated[str, Field(min_length=1)]
    year: int
    meaning: Annotated[str, Field(min_length=5)]
    source: Source


class FrameworkSet(Frozen):
    """A set of official indicators. ``replaced_by``: the key of the set that came after it; ``unread``: of its text."""

    title: str
    version: str
    source: Source
    replaced_by: str = ""
    unread: str = ""


class Total(Frozen):
    """What a denominator stands for. ``ask``: whom to ask for its value; shares wait until a row gives it."""

    title: Annotated[str, Field(min_length=5)]
    ask: Annotated[str, Field(min_length=10)]


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
    unit: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=3)]
    headline: bool = False
    limits: Annotated[str, Field(min_length=10)]
    unread: str = ""
    references: tuple[Reference, ...] = ()

    @model_validator(mode="after")
    def _countable(self) -> Indicator:
        if self.counts in ("teams", "members", "questions") and self.numerator != Numerator():
            raise ValueError(f"numerator says nothing about {self.counts} → remove it")
        if self.counts == "assisted" and (self.numerator.audience or self.numerator.age):
            raise ValueError("nobody knows audience or age of assisted people → remove both from numerator")
        if self.counts != "persons" and self.numerator.competences:
            raise ValueError(f"competences are not counted by {self.counts} → write counts: persons")
        return self

    def target(self, year: int) -> Target | None:
        """The next one from ``year`` on; the last one when all are past."""
        ordered = sorted(self.targets, key=lambda target: target.year)
        return next((target for target in ordered if target.year >= year), ordered[-1] if ordered else None)


class _File(Frozen):
    sets: dict[str, FrameworkSet]
    totals: Mapping[Key, Total] = {}
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Indicators:
    sets: Mapping[str, FrameworkSet]
    all: tuple[Indicator, ...]
    denominators: tuple[Denominator, ...]
    totals: Mapping[str, Total] = field(default_factory=dict)

    def denominator(self, key: str, area: str, year: int) -> Denominator | None:
        """The newest value that is not of a later year; none is made up where there is none."""
        fit = [row for row in self.denominators if row.key == key and row.area == area and row.year <= year]
        return max(fit, key=lambda row: row.year, default=None)

    def of_set(self, name: str) -> tuple[Indicator, ...]:
        return tuple(indicator for indicator in self.all if name in indicator.sets)

    def wanted(self) -> dict[str, Total]:
        """The totals that no row gives a value for the whole site yet."""
        known = {row.key for row in self.denominators if not row.area}
        return {key: total for key, total in self.totals.items() if key not in known}


def load_indicators(root: Path, denominators: Path | None = None) -> Indicators:
    """``root/indicators.yaml`` with ``denominators`` (else ``root/denominators.csv``); none without such a file.

    Raises DocumentError.
    """
    path = root / "indicators.yaml"
    if not path.exists():
        return Indicators({}, (), ())
    found = load(path, _File)
    own = root / "denominators.csv"
    rows = read_denominators(denominators or own) if denominators or own.exists() else ()
    problems = list(_crossed(path, found, {row.key for row in rows}))
    if problems:
        raise DocumentError(problems)
    return Indicators(found.sets, found.indicators, rows, found.totals)


def _crossed(path: Path, found: _File, known: set[str]) -> Iterator[Problem]:
    """Names that lead nowhere, and ids that stand twice."""
    document = read(path)
    if not found.indicators:
        yield document.problem(("indicators",), "lists no indicator", "write one, or remove the file")
    ids = [indicator.id for indicator in found.indicators]
    for place, indicator in enumerate(found.indicators):
        at = ("indicators", place)
        if indicator.id in ids[:place]:
            yield document.problem((*at, "id"), f"{indicator.id!r} stands twice", "give one of them another id")
        for name in indicator.sets:
            if name not in found.sets:
                yield document.problem((*at, "sets"), f"{name!r} is no set", "name it under sets first")
        key = indicator.denominator
        if key and key not in known and key not in found.totals:
            message = f"{key!r} has neither a row in denominators.csv nor a place under totals"
            remedy = "add its value with source and date, or say under totals whom to ask for it"
            yield document.problem((*at, "denominator"), message, remedy)
    for name, each in found.sets.items():
        if each.replaced_by and each.replaced_by not in found.sets:
            message = f"{each.replaced_by!r} is no set"
            yield document.problem(("sets", name, "replaced_by"), message, "name it under sets first")
