"""One report: every figure of a period, with what it takes to judge it. Reads tallies only, so its cost does not grow
with the number of people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config import Site
from bot.content.articles import Library
from bot.content.competences import Area
from bot.content.courses import Catalogue
from bot.content.indicators import Indicator, Indicators
from bot.content.places import Places
from bot.metrics.counting import LEVELS, Measures
from bot.metrics.figures import (
    AreaRow,
    CompetenceRow,
    CourseRow,
    Figure,
    Share,
    Sums,
    TopicRow,
    figure,
)
from bot.metrics.period import Period
from bot.storage import groups, people, tallies
from bot.storage.tallies import Dimension

MONTHS = 12  # of the trend
DEMO = "demo"  # the channel of made-up people


@dataclass(frozen=True)
class Metrics:
    """What the figures mean: indicators, what is counted for them, and the content they name."""

    site: Site
    indicators: Indicators
    measures: Measures
    catalogue: Catalogue
    library: Library
    competences: Mapping[str, Area]
    places: Places | None = None

    def today(self, ward: str) -> str:
        """The code that a ward goes by now."""
        return self.places.merged.get(ward, ward) if self.places else ward

    def area_name(self, ward: str) -> str:
        """Empty for a code nobody knows."""
        unit = self.places.units.get(ward) if self.places else None
        return unit.name if unit else ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Whom a report is about: everybody, or those of one ward, audience, age or kind of group."""

    dimension: Dimension = "all"
    value: str = ""

    @property
    def ward(self) -> str | None:
        return self.value if self.dimension == "ward" else None


EVERYBODY = Cut()


@dataclass(frozen=True)
class Report:
    """``figures``: in the order of the content. ``areas``: headline indicators by ward, the unknown ward last.

    ``trend``: indicator → new persons in each of ``months``. ``shares``: audience, age and group kind → how many.
    ``made_up``: there are made-up people among those counted. ``set``: the one it was limited to, empty: none.
    """

    site: Site
    period: Period
    cut: Cut
    area: str
    made_on: dt.date
    made_up: bool
    figures: tuple[Figure, ...]
    areas: tuple[AreaRow, ...]
    courses: tuple[CourseRow, ...]
    competences: tuple[CompetenceRow, ...]
    topics: tuple[TopicRow, ...]
    shares: Mapping[str, tuple[Share, ...]]
    months: tuple[str, ...]
    trend: Mapping[str, tuple[int, ...]]
    set: str = ""

    def figure(self, id: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.indicator.id == id), None)

    def headline(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.indicator.headline)


async def make(
    tx: AsyncConnection, metrics: Metrics, period: Period, today: dt.date, cut: Cut = EVERYBODY, set: str = ""
) -> Report:
    """``set``: only the indicators of that official set; empty: all."""
    sums = await _sums(tx, metrics, cut, period)
    before = await _sums(tx, metrics, cut, period.before)
    chosen = metrics.indicators.of_set(set) if set else metrics.indicators.all
    asked, asked_before = [await _asked(tx, each) if cut == EVERYBODY else {} for each in (period, period.before)]
    figures = []
    for indicator in chosen:
        if indicator.numerator.competences:
            continue
        if indicator.counts in ("persons", "turns", "assisted"):
            figures.append(_figure(metrics, indicator, sums, before, cut, period))
        elif cut == EVERYBODY:
            figures.append(await _other(tx, metrics, indicator, asked, asked_before, period))
    return Report(
        site=metrics.site,
        period=period,
        cut=cut,
        area=metrics.area_name(cut.ward) if cut.ward is not None else metrics.site.area,
        made_on=today,
        made_up=await people.any_of(tx, DEMO),
        figures=tuple(figures),
        areas=await areas(tx, metrics, period, _headline(chosen)) if cut == EVERYBODY else (),
        courses=_courses(metrics, sums, cut),
        competences=_competences(metrics, sums, cut),
        topics=_topics(metrics, asked),
        shares=await _shares(tx, period) if cut == EVERYBODY else {},
        months=tuple(period.months(MONTHS)),
        set=set,
        trend=await trend(tx, metrics, period, [each.id for each in _headline(metrics.indicators.all)], cut),
    )


async def _sums(tx: AsyncConnection, metrics: Metrics, cut: Cut, period: Period) -> Sums:
    """Of the cut alone: of the wards that go by its name today, or of its value."""
    measures = [measure.id for measure in metrics.measures.all]
    found = await tallies.sums(tx, cut.dimension, period.first, period.last, measures, _values(metrics, cut))
    return Sums.of(found, metrics.today if cut.dimension == "ward" else str)


def _values(metrics: Metrics, cut: Cut) -> list[str]:
    """The values that count for ``cut``: of a ward, with the codes it went by before."""
    former = metrics.places.merged.items() if cut.ward and metrics.places else ()
    return [cut.value, *(old for old, now in former if now == cut.ward)]


def _figure(metrics: Metrics, indicator: Indicator, sums: Sums, before: Sums, cut: Cut, period: Period) -> Figure:
    # Those whose ward is not known are no area: an empty code means the whole one here.
    area = "" if cut == EVERYBODY else cut.ward or None
    return figure(indicator, sums, cut.value, before, metrics.indicators, area, period)


async def _other(
    tx: AsyncConnection,
    metrics: Metrics,
    indicator: Indicator,
    asked: Mapping[tuple[str, str], int],
    before: Mapping[tuple[str, str], int],
    period: Period,
) -> Figure:
    """Figures that do not come from completions: groups as they are today, questions of the period."""
    if indicator.counts == "questions":
        value = sum(asked.values())
        return Figure(indicator, value, value, value, sum(before.values()), target=indicator.target(period.year))
    count = groups.count if indicator.counts == "teams" else groups.count_members
    value = await count(tx, "community")
    key = indicator.denominator
    whole = metrics.indicators.denominator(key, "", period.year) if key else None
    return Figure(indicator, value, 0, value, denominator=whole, target=indicator.target(period.year))


def _headline(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Those of the first page that come from completions."""
    return tuple(each for each in indicators if each.headline and each.counts in ("persons", "turns", "assisted"))


async def areas(
    tx: AsyncConnection, metrics: Metrics, period: Period, indicators: Collection[Indicator]
) -> tuple[AreaRow, ...]:
    """Figures of ``indicators``, which come from completions, ward by ward, the unknown ward last."""
    if metrics.places is None:
        return ()
    names = [f"indicator:{indicator.id}" for indicator in indicators]
    sums, before = [
        Sums.of(await tallies.sums(tx, "ward", each.first, each.last, names), metrics.today)
        for each in (period, period.before)
    ]
    codes = [*metrics.places.units, ""]
    return tuple(
        AreaRow(
            code,
            metrics.area_name(code),
            {
                indicator.id: _figure(metrics, indicator, sums, before, Cut("ward", code), period)
                for indicator in indicators
            },
        )
        for code in codes
    )


def _courses(metrics: Metrics, sums: Sums, cut: Cut) -> tuple[CourseRow, ...]:
    rows = []
    for id, course in metrics.catalogue.courses.items():
        begun = sums(f"begun:{id}", "person", cut.value)
        done = sums(f"course:{id}", "person", cut.value)
        helped = sums(f"begun:{id}", "assisted", cut.value)  # whoever is helped takes lessons one by one
        rows.append(CourseRow(id, course.about.title, begun.ever, done.ever, done.new, helped.ever))
    return tuple(rows)


def _competences(metrics: Metrics, sums: Sums, cut: Cut) -> tuple[CompetenceRow, ...]:
    return tuple(
        CompetenceRow(
            code,
            name,
            area,
            {level: sums(f"competence:{code}@{level}", "person", cut.value).ever for level in LEVELS},
        )
        for area, about in metrics.competences.items()
        for code, name in about.competences.items()
    )


async def _shares(tx: AsyncConnection, period: Period) -> dict[str, tuple[Share, ...]]:
    found: dict[str, tuple[Share, ...]] = {}
    dimensions: tuple[Dimension, ...] = ("audience", "age", "group")
    for dimension in dimensions:
        sums = Sums.of(await tallies.sums(tx, dimension, period.first, period.last, ["any"]))
        shares = [Share(value, each.ever, each.new) for value, each in sums.values("any", "person").items()]
        found[dimension] = tuple(sorted(shares, key=lambda share: (share.value == "", -share.persons)))
    return found


async def trend(
    tx: AsyncConnection, metrics: Metrics, period: Period, ids: Iterable[str], cut: Cut = EVERYBODY
) -> dict[str, tuple[int, ...]]:
    """New persons in each month, for any course and for each of the indicators ``ids``."""
    months = period.months(MONTHS)
    names = ["any", *(f"indicator:{id}" for id in ids)]
    values = _values(metrics, cut)
    found = await tallies.by_month(tx, "person", months[0], months[-1], names, cut.dimension, values)
    return {
        measure.removeprefix("indicator:"): tuple(counted.get(month, 0) for month in months)
        for measure, counted in found.items()
    }


async def _asked(tx: AsyncConnection, period: Period) -> dict[tuple[str, str], int]:
    found = await tallies.asked_in(tx, period.first, period.last)
    return {(topic, outcome): n for topic, outcome, n in found}


def _topics(metrics: Metrics, asked: Mapping[tuple[str, str], int]) -> tuple[TopicRow, ...]:
    """Most often unanswered first."""
    rows = []
    for topic in {topic for topic, _ in asked}:
        article = metrics.library.get(topic)
        counts = [asked.get((topic, outcome), 0) for outcome in ("answer", "clarify", "abstain")]
        rows.append(TopicRow(topic, article.title if article else topic, *counts))
    return tuple(sorted(rows, key=lambda row: (-row.unanswered, -row.asked_back, -row.answered, row.topic)))
