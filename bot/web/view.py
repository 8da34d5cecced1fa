"""Figures as pages show them. Pure: what is judged, how it is written, which bar it draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from bot.content.indicators import Denominator
from bot.i18n import Texts
from bot.metrics.figures import AreaRow, CompetenceRow, Figure
from bot.metrics.period import Period
from bot.web import charts

SMALL = 5  # numbers under it could lead to somebody; the public page does not say them
STEPS = 5  # shades of the ward tiles

Standing = Literal["reached", "behind", "open"]
"""open: nobody can say, for want of a target or of a denominator."""


def measured(figure: Figure) -> float | None:
    """What is held against the target: per cent where the indicator has a denominator, else the number itself."""
    return figure.share if figure.indicator.denominator else figure.value


def standing(figure: Figure, whole: bool) -> Standing:
    """``whole``: the figure is of everybody; only then does a target without a denominator hold for it."""
    value = measured(figure)
    if figure.target is None or value is None or (figure.indicator.denominator is None and not whole):
        return "open"
    good = value >= figure.target.value if figure.indicator.direction == "up" else value <= figure.target.value
    return "reached" if good else "behind"


def percent(say: Texts, value: float) -> str:
    """Two places for small shares, so that a start does not look like nothing."""
    return say("web.percent", n=say.number(round(value, 2 if value < 10 else 1)))


def month(say: Texts, name: str) -> str:
    """2026-11 as 11/2026."""
    return f"{int(name[5:])}/{name[:4]}"


def period(say: Texts, period: Period) -> str:
    if period.first == period.last:
        return say("web.period.month", month=int(period.first[5:]), year=period.year)
    if "Q" in period.name:
        return say("web.period.quarter", quarter=period.name[-1], year=period.year)
    return say("web.period.year", year=period.year)


def source(say: Texts, row: Denominator) -> str:
    return say(
        "web.denominator", value=say.number(row.value), year=row.year, source=row.source, date=say.date(row.date)
    )


@dataclass(frozen=True)
class Card:
    """A headline figure as it is shown: ``big`` over ``of`` and ``target``, with a bar where there is a scale."""

    figure: Figure
    big: str
    unit: str
    of: str
    target: str
    missing: str
    standing: Standing
    change: str
    bar: Markup | None
    spark: Markup | None


def card(say: Texts, figure: Figure, trend: Sequence[int] = (), whole: bool = True, public: bool = False) -> Card:
    """``public``: small numbers are not said, and neither is what they could be worked out from."""
    indicator, share, target = figure.indicator, figure.share, figure.target
    hidden = public and figure.value < SMALL
    value = say("web.under", n=SMALL) if hidden else say.number(figure.value)
    of = ""
    if figure.denominator:
        of = say("web.of", value=value, unit=indicator.unit, all=say.number(figure.denominator.value))
    by_share = share is not None and not hidden
    judged = standing(figure, whole) if not hidden else "open"
    goal = missing = ""
    if target and judged != "open":
        goal = say("web.target", year=target.year, value=_target(say, figure))
        if figure.missing and indicator.direction == "up" and not public:
            missing = say("web.missing", n=say.number(figure.missing), unit=indicator.unit)
    change = "" if public else _change(say, figure)
    return Card(
        figure=figure,
        big=percent(say, share) if by_share and share is not None else value,
        unit="" if by_share else indicator.unit,
        of=of if by_share else "",
        target=goal,
        missing=missing,
        standing=judged,
        change=change,
        bar=None if hidden else _bar(say, figure, judged, goal),
        spark=charts.spark(trend, say("web.trend.of", name=indicator.label)) if any(trend) and not public else None,
    )


def _target(say: Texts, figure: Figure) -> str:
    wanted = figure.target.value if figure.target else 0
    return percent(say, wanted) if figure.indicator.denominator else say.number(wanted)


def _change(say: Texts, figure: Figure) -> str:
    """What the period added, beside the one before."""
    if figure.indicator.counts in ("teams", "members"):
        return ""
    new, before = figure.new, figure.before
    if figure.indicator.counts == "questions" or not before:
        return say("web.new", new=say.number(new))
    sign = "+" if new >= before else "−"
    by = say("web.percent", n=say.number(round(abs(new - before) * 100 / before)))
    return say("web.new_change", new=say.number(new), change=f"{sign}{by}")


def _bar(say: Texts, figure: Figure, judged: Standing, goal: str) -> Markup | None:
    value = measured(figure)
    if value is None or (judged == "open" and not figure.denominator):
        return None
    target = figure.target.value if figure.target and judged != "open" else None
    scale = max(100.0 if figure.denominator else 1.0, value, target or 0)
    written = percent(say, value) if figure.denominator else say.number(value)
    label = f"{figure.indicator.label}: {written}" + (f"; {goal}" if goal else "")
    return charts.bar(value / scale, target / scale if target is not None else None, label)


@dataclass(frozen=True)
class Tile:
    """One ward of the tile grid. ``shade``: 0 (nothing) to STEPS."""

    row: AreaRow
    name: str
    big: str
    small: str
    shade: int
    standing: Standing


def tiles(say: Texts, rows: Iterable[AreaRow], id: str) -> list[Tile]:
    """By share where every ward has a denominator, else by number."""
    found = [row for row in rows if row.code and id in row.figures]
    by_share = bool(found) and all(row.figures[id].share is not None for row in found)
    values = {row.code: (row.figures[id].share or 0.0) if by_share else float(row.figures[id].value) for row in found}
    top = max([*values.values(), 0.0])
    made = []
    for row in found:
        figure, value = row.figures[id], values[row.code]
        shade = 0 if value <= 0 else min(STEPS, 1 + int(STEPS * value / top * 0.999))
        number = say.number(figure.value)
        big = percent(say, value) if by_share else number
        small = say("web.of_all", value=number, all=say.number(figure.denominator.value)) if figure.denominator else ""
        made.append(Tile(row, short(say, row.name), big, small if by_share else "", shade, standing(figure, False)))
    return made


def short(say: Texts, name: str) -> str:
    """A ward's name without the word that most of them begin with."""
    return name.removeprefix(say("web.ward.common") + " ")


def first_upper(text: str) -> str:
    """As a sentence begins; the rest is left as it is."""
    return text[:1].upper() + text[1:]


def ordered(rows: Sequence[AreaRow], sort: str) -> list[AreaRow]:
    """By name, or by an indicator with the highest share (without denominators: number) first; "-" turns it round.

    The unknown ward stays last.
    """
    id, turned = sort.removeprefix("-"), sort.startswith("-")
    known = [row for row in rows if row.code]
    if id != "name" and known and id in known[0].figures:
        known.sort(key=lambda row: row.name)
        known.sort(key=lambda row: (_measure(row.figures[id]), row.figures[id].value), reverse=not turned)
    elif id == "name":
        known.sort(key=lambda row: row.name, reverse=turned)
    return known + [row for row in rows if not row.code]


def _measure(figure: Figure) -> float:
    return figure.share if figure.share is not None else 0.0


@dataclass(frozen=True)
class Profile:
    """An area of the framework; ``rows``: competence, how many reached each band, and their bar."""

    title: str
    rows: tuple[tuple[CompetenceRow, tuple[int, ...], Markup], ...]


def profile(say: Texts, titles: Mapping[str, str], rows: Sequence[CompetenceRow]) -> list[Profile]:
    top = max([*(max(row.reached.values(), default=0) for row in rows), 1])
    made = []
    for area, title in titles.items():
        inside = []
        for row in (each for each in rows if each.area == area):
            counts = tuple(row.reached[level] for level in sorted(row.reached))
            label = say("web.profile.bar", name=row.name, counts=", ".join(map(say.number, counts)))
            inside.append((row, counts, charts.nested([count / top for count in counts], label)))
        made.append(Profile(f"{area}. {title}", tuple(inside)))
    return made
