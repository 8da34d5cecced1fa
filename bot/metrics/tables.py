"""The tables of a report: by ward, courses, competences, whom it reached, topics, official sets, months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.indicators import Indicator, Indicators
from bot.i18n import Texts
from bot.metrics.counting import LEVELS
from bot.metrics.figures import AreaRow, Figure
from bot.metrics.report import Report
from bot.metrics.saying import change, month, number, percent, sourced
from bot.pictures.paper import Cell, Column, Table, Trend

TOPICS = 15  # named ones
_SHARES = (
    ("audience", "report.by_audience", "report.tab_audience"),
    ("age", "report.by_age", "report.tab_age"),
    ("group", "report.by_group", "report.tab_group"),
)
_WARD_FIGURES = 4  # columns of the common table of wards; each figure has a table of its own beside it


def all_of(report: Report, indicators: Indicators, say: Texts) -> Iterator[Table]:
    if report.areas and (by_ward := wards(report, say)):
        yield by_ward
    yield courses(report, say)
    yield competences(report, indicators, say)
    for dimension, title, tab in _SHARES:
        if shares := report.shares.get(dimension):
            rows = [
                (Cell(value_name(dimension, share.value, say)), _count(share.persons, say), _count(share.new, say))
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


def ranked(report: Report, id: str) -> list[AreaRow]:
    """Wards by the figure ``id``, best first: by share where all have one, else by number; the unknown ward last."""
    known = [row for row in report.areas if row.code and id in row.figures]
    shared = all(row.figures[id].denominator for row in known)

    def rank(row: AreaRow) -> tuple[float, str]:
        figure = row.figures[id]
        return -((figure.share or 0.0) if shared else figure.value), row.name

    return sorted(known, key=rank) + [row for row in report.areas if not row.code and id in row.figures]


def ward_headline(report: Report) -> list[Indicator]:
    """The indicators that are counted by ward, in the order of the content."""
    ids = report.areas[0].figures.keys() if report.areas else ()
    return [figure.indicator for figure in report.figures if figure.indicator.id in ids]


def wards_behind(report: Report) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """For each indicator: label, and the wards that miss its target with how many they miss, most first."""
    for indicator in ward_headline(report):
        found = [(row.name, row.figures[indicator.id].missing or 0) for row in report.areas if row.code]
        late = sorted(((name, missing) for name, missing in found if missing), key=lambda each: (-each[1], each[0]))
        if late:
            yield indicator.label, late


def wards(report: Report, say: Texts) -> Table | None:
    """All wards with the first headline figures, sorted by the first."""
    shown = ward_headline(report)[:_WARD_FIGURES]
    if not shown:
        return None
    columns = [Column("ward", say("report.ward"), "text"), *(Column(each.id, each.label) for each in shown)]
    columns.append(Column("late", say("report.against_target"), "text"))
    rows = []
    for row in ranked(report, shown[0].id):
        counts = [_count(row.figures[each.id].value, say) for each in shown]
        rows.append((_ward(row, say), *counts, Cell(_against(list(row.figures.values()), say))))
    return Table(say("report.by_ward"), tuple(columns), tuple(rows), say("report.by_ward_note", label=shown[0].label))


def wards_of(indicator: Indicator, report: Report, say: Texts) -> Table | None:
    """One indicator in all wards, with denominators; None where it is not counted by ward."""
    if indicator not in ward_headline(report):
        return None
    columns = [Column("ward", say("report.ward"), "text"), Column("value", say("report.reached_number"))]
    if indicator.denominator:
        columns += [
            Column("total", say("report.denominator")),
            Column("share", say("report.share"), "percent", "{value}/{total}"),
            Column("missing", say("report.missing")),
        ]
    columns += [
        Column("new", say("report.new_in_period")),
        Column("before", say("report.new_before")),
        Column("change", say("report.change"), "change", "{new}-{before}"),
    ]
    rows = []
    for row in ranked(report, indicator.id):
        figure = row.figures[indicator.id]
        cells = [_ward(row, say), _count(figure.value, say)]
        if indicator.denominator:
            total = figure.denominator
            share = None if figure.share is None else figure.share / 100
            cells += [
                _count(total.value, say) if total else _NONE,
                _NONE if share is None else Cell(percent(100 * share, say), share),
                _NONE if figure.missing is None else _count(figure.missing, say),
            ]
        step = figure.new - figure.before
        cells += [_count(figure.new, say), _count(figure.before, say), Cell(change(step, say), step)]
        rows.append(tuple(cells))
    return Table(say("report.by_ward"), tuple(columns), tuple(rows))


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
            *(_count(value, say) for value in (row.begun, row.finished, row.open)),
            Cell(percent(100 * row.finished / row.begun, say), row.finished / row.begun) if row.begun else _NONE,
            *(_count(value, say) for value in (row.new, row.assisted)),
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
        (Cell(row.code), Cell(row.name), *(_count(row.reached[level], say) for level in LEVELS))
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
    rows = [(Cell(title), *(_count(value, say) for value in values)) for title, *values in counted]
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
        (Cell(month(name)), *(_count(counted[id][place], say) for id, _ in lines)) for place, name in enumerate(months)
    ]
    title = say("report.trend", count=len(months))
    table = Table(title, columns, tuple(rows), say("report.trend_note"), say("report.tab_trend"))
    return Trend(title, tuple(map(month, months)), lines[0][1], tuple(counted["any"][: len(months)]), table)


def _against(figures: Sequence[Figure], say: Texts) -> str:
    """How many targets a ward misses, of those it has."""
    known = [figure for figure in figures if figure.missing is not None]
    late = [figure for figure in known if figure.missing]
    if not known:
        return "–"
    return say("report.behind", late=len(late), all=len(known)) if late else say("report.not_behind")


def _ward(row: AreaRow, say: Texts) -> Cell:
    return Cell(row.name or say("report.no_ward"))


def _count(value: int, say: Texts) -> Cell:
    return Cell(number(value, say), value)


_NONE = Cell("–")
