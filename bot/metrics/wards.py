"""Wards side by side: who is ahead, who misses a target, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.indicators import Indicator
from bot.i18n import Texts
from bot.metrics.figures import AreaRow, Figure
from bot.metrics.report import Report
from bot.metrics.saying import NONE, change, count, percent
from bot.pictures.paper import Cell, Column, Table

_WARD_FIGURES = 4  # columns of the common table; each figure has a table of its own beside it


def ranked(report: Report, id: str) -> list[AreaRow]:
    """Wards by the figure ``id``, best first: by share where all have one, else by number; the unknown ward last."""
    known = [row for row in report.areas if row.code and id in row.figures]
    shared = all(row.figures[id].denominator for row in known)

    def rank(row: AreaRow) -> tuple[float, str]:
        figure = row.figures[id]
        return -((figure.share or 0.0) if shared else figure.value), row.name

    return sorted(known, key=rank) + [row for row in report.areas if not row.code and id in row.figures]


def headline(report: Report) -> list[Indicator]:
    """The indicators that are counted by ward, in the order of the content."""
    ids = report.areas[0].figures.keys() if report.areas else ()
    return [figure.indicator for figure in report.figures if figure.indicator.id in ids]


def behind(report: Report) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """For each indicator: label, and the wards that miss its target with how many they miss, most first."""
    for indicator in headline(report):
        found = [(row.name, row.figures[indicator.id].missing or 0) for row in report.areas if row.code]
        late = sorted(((name, missing) for name, missing in found if missing), key=lambda each: (-each[1], each[0]))
        if late:
            yield indicator.label, late


def common(report: Report, say: Texts) -> Table | None:
    """All wards with the first headline figures, sorted by the first."""
    shown = headline(report)[:_WARD_FIGURES]
    if not shown:
        return None
    columns = [Column("ward", say("report.ward"), "text"), *(Column(each.id, each.label) for each in shown)]
    columns.append(Column("late", say("report.against_target"), "text"))
    rows = []
    for row in ranked(report, shown[0].id):
        counts = [count(row.figures[each.id].value, say) for each in shown]
        rows.append((_ward(row, say), *counts, Cell(_against(list(row.figures.values()), say))))
    return Table(say("report.by_ward"), tuple(columns), tuple(rows), say("report.by_ward_note", label=shown[0].label))


def of_figure(indicator: Indicator, report: Report, say: Texts) -> Table | None:
    """One indicator in all wards, with denominators; None where it is not counted by ward."""
    if indicator not in headline(report):
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
        cells = [_ward(row, say), count(figure.value, say)]
        if indicator.denominator:
            total = figure.denominator
            share = None if figure.share is None else figure.share / 100
            cells += [
                count(total.value, say) if total else NONE,
                NONE if share is None else Cell(percent(100 * share, say), share),
                NONE if figure.missing is None else count(figure.missing, say),
            ]
        step = figure.new - figure.before
        cells += [count(figure.new, say), count(figure.before, say), Cell(change(step, say), step)]
        rows.append(tuple(cells))
    return Table(say("report.by_ward"), tuple(columns), tuple(rows))


def _against(figures: Sequence[Figure], say: Texts) -> str:
    """How many targets a ward misses, of those it has."""
    known = [figure for figure in figures if figure.missing is not None]
    late = [figure for figure in known if figure.missing]
    if not known:
        return "–"
    return say("report.behind", late=len(late), all=len(known)) if late else say("report.not_behind")


def _ward(row: AreaRow, say: Texts) -> Cell:
    return Cell(row.name or say("report.no_ward"))
