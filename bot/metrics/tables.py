"""The tables of a report: courses, competences, whom it reached, topics, official sets, months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.indicators import Indicator, Indicators
from bot.i18n import Texts
from bot.metrics import wards
from bot.metrics.counting import LEVELS
from bot.metrics.report import Report
from bot.metrics.saying import NONE, count, month, percent, sourced
from bot.pictures.paper import Cell, Column, Table, Trend

TOPICS = 15  # named ones
_SHARES = (
    ("audience", "report.by_audience", "report.tab_audience"),
    ("age", "report.by_age", "report.tab_age"),
    ("group", "report.by_group", "report.tab_group"),
)


def all_of(report: Report, indicators: Indicators, say: Texts) -> Iterator[Table]:
    if report.areas and (by_ward := wards.common(report, say)):
        yield by_ward
    yield courses(report, say)
    yield competences(report, indicators, say)
    for dimension, title, tab in _SHARES:
        if shares := report.shares.get(dimension):
            rows = [
                (Cell(value_name(dimension, share.value, say)), count(share.persons, say), count(share.new, say))
                for share in shares
            ]
            columns = (
                Column("name", say("report.who"), "text"),
                Column("persons", say("report.persons_ever")),
                Column("new", say("report.new_in_period")),
            )
            yield Table(say(title), columns, tuple(rows), tab=say(tab))
    if report.topics:
        yield topics(report, say)
    yield frameworks(report, indicators, say)


def value_name(dimension: str, value: str, say: Texts) -> str:
    """An audience, age or kind of group."""
    if not value:
        return say("report.no_group") if dimension == "group" else say("report.unknown_value")
    name = say(f"{'kind' if dimension == 'group' else dimension}.{value}")
    return name[:1].upper() + name[1:]


def courses(report: Report, say: Texts) -> Table:
    columns = (
        Column("course", say("report.course"), "text"),
        Column("begun", say("report.begun")),
        Column("finished", say("report.finished")),
        Column("open", say("report.open"), "number", "MAX(0,{begun}-{finished})"),
        Column("share", say("report.finished_share"), "percent", "{finished}/{begun}"),
        Column("new", say("report.finished_new")),
        Column("assisted", say("report.assisted_column")),
    )
    rows = [
        (
            Cell(row.title),
            *(count(value, say) for value in (row.begun, row.finished, row.open)),
            Cell(percent(100 * row.finished / row.begun, say), row.finished / row.begun) if row.begun else NONE,
            *(count(value, say) for value in (row.new, row.assisted)),
        )
        for row in report.courses
    ]
    return Table(say("report.courses"), columns, tuple(rows), say("report.courses_note"))


def competences(report: Report, indicators: Indicators, say: Texts) -> Table:
    names = ("report.band_basic", "report.band_middle", "report.band_high")
    columns = (
        Column("code", say("report.code"), "text"),
        Column("name", say("report.competence"), "text"),
        *(Column(f"level{level}", say(name)) for level, name in zip(LEVELS, names, strict=True)),
    )
    rows = [
        (Cell(row.code), Cell(row.name), *(count(row.reached[level], say) for level in LEVELS))
        for row in report.competences
    ]
    limits = [indicator.limits for indicator in indicators.all if indicator.numerator.competences]
    note = " ".join([say("report.competences_note"), *limits])
    return Table(say("report.competences"), columns, tuple(rows), note, say("report.tab_competences"))


def topics(report: Report, say: Texts) -> Table:
    """Most often unanswered first; what has no article is one row, the last."""
    served = [row for row in report.topics if row.title != row.topic]
    others = [row for row in report.topics if row.title == row.topic]
    open_ = [row for row in served if row.unanswered or row.asked_back]
    counted = [(row.title, row.unanswered, row.asked_back, row.answered, row.asked) for row in open_[:TOPICS]]
    if others:
        sums = [sum(getattr(row, name) for row in others) for name in ("unanswered", "asked_back", "answered", "asked")]
        counted.append((say("report.outside"), sums[0], sums[1], sums[2], sums[3]))
    columns = (
        Column("topic", say("report.topic"), "text"),
        Column("unanswered", say("report.unanswered")),
        Column("asked_back", say("report.asked_back")),
        Column("answered", say("report.answered")),
        Column("asked", say("report.asked"), "number", "{unanswered}+{asked_back}+{answered}"),
    )
    rows = [(Cell(title), *(count(value, say) for value in values)) for title, *values in counted]
    return Table(
        say("report.topics"), columns, tuple(rows), say("report.topics_note", count=TOPICS), say("report.tab_topics")
    )


def frameworks(report: Report, indicators: Indicators, say: Texts) -> Table:
    """The official sets that the figures feed, and what of them is still unknown."""
    used = {name for figure in report.figures for name in figure.indicator.sets}
    rows = []
    for name, about in indicators.sets.items():
        if name not in used:
            continue
        open_ = [about.unread] if about.unread else []
        open_ += [say("report.replaced_by", set=about.replaced_by)] if about.replaced_by else []
        rows.append((Cell(name), Cell(f"{about.title}, {sourced(about.source, say)}"), Cell(" ".join(open_) or "–")))
    for figure in report.figures:
        if figure.indicator.unread:
            rows.append((Cell(", ".join(figure.indicator.sets)), Cell(figure.indicator.label),
                         Cell(figure.indicator.unread)))  # fmt: skip
    columns = (
        Column("set", say("report.set"), "text"),
        Column("document", say("report.document"), "text"),
        Column("open", say("report.open_questions"), "text"),
    )
    return Table(say("report.frameworks"), columns, tuple(rows), tab=say("report.tab_frameworks"))


def references(indicator: Indicator, say: Texts) -> Table | None:
    """Figures of others, in their own words and never added to one's own."""
    if not indicator.references:
        return None
    columns = tuple(
        Column(key, say(name), "text")
        for key, name in (
            ("value", "report.reference_value"),
            ("year", "report.reference_year"),
            ("meaning", "report.reference_meaning"),
            ("source", "report.reference_source"),
        )
    )
    rows = [
        (
            Cell(each.value),
            Cell(str(each.year)),
            Cell(each.meaning),
            Cell(sourced(each.source, say)),
        )
        for each in indicator.references
    ]
    return Table(say("report.references"), columns, tuple(rows))


def trend(report: Report, say: Texts) -> Trend | None:
    """Months that have begun; None where nothing is known by month."""
    months = [name for name in report.months if name <= f"{report.made_on:%Y-%m}"]
    if not months or not report.trend:
        return None
    lines = [("any", say("report.any_course"))]
    lines += [
        (figure.indicator.id, figure.indicator.label)
        for figure in report.figures
        if figure.indicator.headline and figure.indicator.counts == "persons"
    ]
    counted: dict[str, Sequence[int]] = {id: report.trend.get(id, (0,) * len(months)) for id, _ in lines}
    columns = (Column("month", say("report.month_column"), "text"), *(Column(id, name) for id, name in lines))
    rows = [
        (Cell(month(name)), *(count(counted[id][place], say) for id, _ in lines)) for place, name in enumerate(months)
    ]
    title = say("report.trend", count=len(months))
    table = Table(title, columns, tuple(rows), say("report.trend_note"), say("report.tab_trend"))
    return Trend(title, tuple(map(month, months)), lines[0][1], tuple(counted["any"][: len(months)]), table)
