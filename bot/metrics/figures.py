"""Figures from tallies. Pure: sums, denominators and targets in, what a leader reads out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.content.indicators import Denominator, Indicator, Indicators, Target
from bot.metrics.period import Period
from bot.storage.tallies import Scope, Sum

NOTHING = Sum("", "person", "", 0, 0, 0)


@dataclass(frozen=True)
class Sums:
    """Sums of one dimension, found by measure, scope and value."""

    found: Mapping[tuple[str, str, str], Sum]

    @classmethod
    def of(cls, sums: Iterable[Sum], today: Callable[[str], str] = lambda value: value) -> Sums:
        """``today``: by which name a value goes now; what goes by one name is added up."""
        found: dict[tuple[str, str, str], Sum] = {}
        for each in sums:
            key = each.measure, each.scope, today(each.value)
            old = found.get(key, NOTHING)
            found[key] = Sum(*key, each.ever + old.ever, each.new + old.new, each.year + old.year)
        return cls(found)

    def __call__(self, measure: str, scope: Scope, value: str = "") -> Sum:
        return self.found.get((measure, scope, value), NOTHING)

    def values(self, measure: str, scope: Scope) -> dict[str, Sum]:
        return {value: each for (of, kind, value), each in self.found.items() if (of, kind) == (measure, scope)}


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one area at the end of a period.

    ``value``: reached so far, ``new``: within the period, ``year``: within its year (a person counts anew each year);
    ``turns``, ``assisted``, ``unknown``: see ``tallies.Scope``; ``before``: ``new`` of the period before.
    """

    indicator: Indicator
    value: int
    new: int
    year: int
    before: int = 0
    turns: int = 0
    assisted: int = 0
    unknown: int = 0
    denominator: Denominator | None = None
    target: Target | None = None

    @property
    def share(self) -> float | None:
        """Per cent; None without a denominator."""
        return 100 * self.value / self.denominator.value if self.denominator else None

    @property
    def reached(self) -> float | None:
        """How much of the target is reached, 1 being all of it; None without a target or a denominator it needs."""
        if self.indicator.denominator and not self.denominator:
            return None  # the target is a per cent of nobody knows what
        measured = self.share if self.denominator else self.value
        return measured / self.target.value if self.target and measured is not None else None

    @property
    def missing(self) -> int | None:
        """How many more it takes to reach the target; None where that cannot be said."""
        if self.target is None:
            return None
        wanted = self.target.value
        if self.denominator:
            wanted = self.target.value / 100 * self.denominator.value
        elif self.indicator.denominator:
            return None
        return max(0, math.ceil(wanted - 1e-9) - self.value)


def figure(
    indicator: Indicator, sums: Sums, value: str, before: Sums, indicators: Indicators, area: str | None, period: Period
) -> Figure:
    """``value``: of the dimension that ``sums`` are of; ``area``: of the denominator, None: without one."""
    measure = f"indicator:{indicator.id}"
    scope: Scope = indicator.counts if indicator.counts == "assisted" else _MAIN[indicator.counts]
    main, turns, assisted = (sums(measure, name, value) for name in (scope, "turn", "assisted"))
    with_assisted = indicator.counts == "turns"
    denominator = (
        indicators.denominator(indicator.denominator, area, period.year)
        if indicator.denominator is not None and area is not None
        else None
    )
    earlier = before(measure, scope, value).new + (before(measure, "assisted", value).new if with_assisted else 0)
    year = sums(measure, "year", value).year if scope == "person" else main.year
    return Figure(
        indicator=indicator,
        value=main.ever + (assisted.ever if with_assisted else 0),
        new=main.new + (assisted.new if with_assisted else 0),
        year=year + (assisted.year if with_assisted else 0),
        before=earlier,
        turns=turns.ever,
        assisted=assisted.ever,
        unknown=sums(measure, "unknown", value).ever,
        denominator=denominator,
        target=indicator.target(period.year),
    )


_MAIN: Mapping[str, Scope] = {"persons": "person", "turns": "turn"}


@dataclass(frozen=True, slots=True)
class CourseRow:
    """``begun``: persons who passed a lesson of it; ``finished``: of these, who completed the course."""

    id: str
    title: str
    begun: int
    finished: int
    new: int
    assisted: int

    @property
    def open(self) -> int:
        """Begun and not finished: still learning, or dropped out."""
        return max(0, self.begun - self.finished)


@dataclass(frozen=True, slots=True)
class CompetenceRow:
    """``reached``: persons by first level of a band (1 basic, 3 intermediate, 5 advanced), each band and above."""

    code: str
    name: str
    area: str
    reached: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class TopicRow:
    topic: str
    title: str
    answered: int
    asked_back: int
    unanswered: int

    @property
    def asked(self) -> int:
        return self.answered + self.asked_back + self.unanswered


@dataclass(frozen=True, slots=True)
class Share:
    """How many people with a completed course are of one audience, age or kind of group; empty ``value``: not known."""

    value: str
    persons: int
    new: int


@dataclass(frozen=True, slots=True)
class AreaRow:
    """``code`` empty: people whose ward is not known."""

    code: str
    name: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
