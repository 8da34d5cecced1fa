"""The picture of a report: what leads, how it went, who is ahead and who behind."""

from __future__ import annotations

from bot.i18n import Texts
from bot.metrics.figures import Figure
from bot.metrics.report import Report
from bot.metrics.saying import change, number, percent, span
from bot.metrics.wards import headline, ranked
from bot.pictures.paper import Paper
from bot.pictures.report import MOST, Glance, Line, Rank

_SHOWN = 3  # wards at either end


def glance(report: Report, paper: Paper, say: Texts) -> Glance:
    """``paper``: ``report`` in words."""
    leading = [figure for figure in report.figures if figure.indicator.headline] or list(report.figures)
    trend = paper.trend
    return Glance(
        notice=paper.notice,
        title=paper.title,
        subtitle=paper.subtitle,
        lines=tuple(_line(figure, said.value, said.target, say)
                    for figure, said in zip(leading[:MOST], paper.headline, strict=False)),
        trend=f"{trend.title}: {trend.name}" if trend else "",
        months=tuple(name.partition("/")[0] for name in trend.months) if trend else (),
        values=tuple((value, number(value, say)) for value in trend.values) if trend else (),
        ranking=say("report.by_ward_of", label=headline(report)[0].label) if headline(report) else "",
        ranks=_ranks(report, say),
        footer=say("report.glance_footer", site=report.site.name, date=say.date(report.made_on),
                   before=span(report.period.before, say)),
    )  # fmt: skip


def _line(figure: Figure, value: str, target: str, say: Texts) -> Line:
    standing = figure.indicator.counts in ("teams", "members")
    step = "" if standing else change(figure.new - figure.before, say)
    reached = figure.reached if figure.indicator.direction == "up" else None
    return Line(figure.indicator.label, value, target or say("report.no_target"), step, reached)


def _ranks(report: Report, say: Texts) -> tuple[Rank, ...]:
    """The first and the last wards by the first headline figure; none where there are too few to tell apart."""
    shown = headline(report)
    if not shown:
        return ()
    id = shown[0].id
    known = [row for row in ranked(report, id) if row.code]
    if len(known) < 2 * _SHOWN:
        return ()
    shared = all(row.figures[id].denominator for row in known)
    said = [
        (row.name, percent(row.figures[id].share or 0.0, say) if shared else number(row.figures[id].value, say))
        for row in known
    ]
    return (
        Rank(say("report.ahead"), tuple(said[:_SHOWN])),
        Rank(say("report.behind_most"), tuple(reversed(said[-_SHOWN:]))),
    )
