"""A report in words: what every format shows. Numbers are rounded here only, beside the exact ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.content.indicators import Indicators
from bot.i18n import Texts
from bot.metrics import tables, wards
from bot.metrics.figures import Figure
from bot.metrics.period import Period
from bot.metrics.report import EVERYBODY, Cut, Report
from bot.metrics.saying import change, number, percent, sourced, span
from bot.pictures import paper as plain
from bot.pictures.paper import Cell, Fact, Paper, Passage

NAMED = 4  # at most so many names in one sentence of the summary
STANDING = ("teams", "members")  # what is counted as it is today: it has no period


def paper(report: Report, indicators: Indicators, say: Texts) -> Paper:
    """The whole report; ``indicators``: those of the content, for their sets and limits."""
    whole = report.set or say("report.all_sets")
    about = [
        Passage(say("report.period"), _period(report, say)),
        Passage(say("report.compared"), span(report.period.before, say)),
        Passage(say("report.area"), whom(report, say)),
        Passage(say("report.set"), whole),
        Passage(say("report.made_on"), say.date(report.made_on)),
        Passage(say("report.made_from"), say("report.from_records", site=report.site.name)),
    ]
    return Paper(
        site=report.site.name,
        title=say("report.title"),
        subtitle=f"{span(report.period, say)} · {whom(report, say)}",
        notice=say("report.made_up") if report.made_up else "",
        overview=say("report.overview"),
        about=tuple(about),
        summary=tuple(summary(report, say)),
        figures_title=say("report.figures"),
        figures=tuple(_figure(figure, report, indicators, say) for figure in report.figures),
        trend=tables.trend(report, say),
        tables=tuple(tables.all_of(report, indicators, say)),
        notes_title=say("report.notes"),
        notes=tuple(say(key) for key in _NOTES),
        number=say("report.number"),
        columns={key: say(name) for key, name in _COMPARED.items()},
        page=say("report.page"),
    )


def whom(report: Report, say: Texts) -> str:
    """Those a report is about, such as a ward's name."""
    cut = report.cut
    if cut.dimension in ("all", "ward"):
        return report.area or say("report.no_ward")
    return f"{tables.value_name(cut.dimension, cut.value, say)} · {report.area}"


def summary(report: Report, say: Texts) -> Iterator[str]:
    """What changed, and who is behind; no sentence where there is nothing to say."""
    before = [figure for figure in report.figures if _has_before(figure)]
    rising = sorted((f for f in before if f.new > f.before), key=lambda f: f.before - f.new)
    falling = sorted((f for f in before if f.new < f.before), key=lambda f: f.new - f.before)
    if (rising or falling) and _open(report):
        yield say("report.too_early", date=say.date(report.made_on))
    for key, changed in (("report.rose", rising), ("report.fell", falling)):
        if changed:
            steps = _list((f"{f.indicator.label} ({change(f.new - f.before, say)})" for f in changed), say)
            yield say(key, names=steps, period=span(report.period.before, say))
    late = [figure for figure in report.figures if figure.missing]
    if late:
        short = (
            say("report.short_by", label=f.indicator.label, missing=number(f.missing or 0, say), unit=f.indicator.unit)
            for f in late
        )
        yield say("report.late", names=_list(short, say))
    for label, missing in wards.behind(report):
        names = _list((name for name, _ in missing), say)
        yield say("report.late_wards", label=label, count=len(missing), names=names)


def _list(names: Iterable[str], say: Texts) -> str:
    """The first few, and how many more."""
    every = list(names)
    more = say("report.and_more", count=len(every) - NAMED) if len(every) > NAMED else ""
    return "; ".join(every[:NAMED]) + more


def _period(report: Report, say: Texts) -> str:
    name = span(report.period, say)
    return say("report.not_over", period=name, date=say.date(report.made_on)) if _open(report) else name


def _open(report: Report) -> bool:
    """Whether the period goes on."""
    return report.period.last >= f"{report.made_on:%Y-%m}"


def _has_before(figure: Figure) -> bool:
    return figure.indicator.counts not in STANDING


def _figure(figure: Figure, report: Report, indicators: Indicators, say: Texts) -> plain.Figure:
    of = figure.indicator
    changed = say("report.changed", change=change(figure.new - figure.before, say)) if _has_before(figure) else ""
    main = say("report.amount", number=number(figure.value, say), unit=of.unit)
    if figure.share is not None:
        main = say("report.share_and_amount", share=percent(figure.share, say), amount=main)
    return plain.Figure(
        name=of.name,
        label=of.label,
        headline=of.headline,
        value=main,
        target=_target(figure, say),
        reached=figure.reached if of.direction == "up" else None,
        change=changed,
        facts=tuple(_facts(figure, report.period, say)),
        passages=tuple(_passages(figure, report.cut, indicators, say)),
        references=tables.references(of, say),
        wards=wards.of_figure(of, report, say),
    )


def _target(figure: Figure, say: Texts) -> str:
    target = figure.target
    if target is None:
        return ""
    value = percent(target.value, say) if figure.indicator.denominator else number(target.value, say)
    missing = figure.missing
    if missing is None:
        return say("report.target_unknown", year=target.year, value=value)
    if missing == 0:
        return say("report.target_reached", year=target.year, value=value)
    return say(
        "report.target_missing", year=target.year, value=value, missing=number(missing, say), unit=figure.indicator.unit
    )


def _facts(figure: Figure, period: Period, say: Texts) -> Iterator[Fact]:
    """Every number by which the figure can be judged and computed again."""
    of, total, target = figure.indicator, figure.denominator, figure.target

    def fact(key: str, label: str, value: int, formula: str = "") -> Fact:
        return Fact(key, label, Cell(number(value, say), value), "number", formula)

    def share(key: str, label: str, value: float | None, formula: str = "") -> Fact:
        cell = Cell(say("report.not_known")) if value is None else Cell(percent(100 * value, say), value)
        return Fact(key, label, cell, "percent", formula if value is not None else "")

    yield fact("numerator", say(_COUNTED[of.counts]), figure.value)
    if of.denominator:
        if total:
            yield fact("denominator", say("report.denominator_of", year=total.year), total.value)
        else:
            yield Fact("denominator", say("report.denominator"), Cell(say("report.no_denominator")), "text")
        yield share(
            "share", say("report.share"), figure.value / total.value if total else None, "{numerator}/{denominator}"
        )
    if target:
        label = say("report.target_of", year=target.year)
        if of.denominator:
            yield share("target", label, target.value / 100)
        else:
            yield Fact("target", label, Cell(number(target.value, say), target.value))
        upper = "share" if of.denominator else "numerator"
        yield share("reached", say("report.reached"), figure.reached, f"{{{upper}}}/{{target}}")
        if figure.missing is not None:
            wanted = "{target}*{denominator}" if of.denominator else "{target}"
            formula = f"MAX(0,ROUNDUP({wanted}-1E-9,0)-{{numerator}})"
            yield fact("missing", say("report.missing"), figure.missing, formula)
    if _has_before(figure):
        whole = of.counts == "questions"  # counted within the period: the figure itself is what is new
        if not whole:
            yield fact("new", say("report.new", period=span(period, say)), figure.new)
        yield fact("before", say("report.new", period=span(period.before, say)), figure.before)
        step, formula = figure.new - figure.before, "{numerator}-{before}" if whole else "{new}-{before}"
        yield Fact("change", say("report.change"), Cell(change(step, say), step), "change", formula)
    if of.counts in ("persons", "turns", "assisted"):
        label = "report.in_year_once" if of.counts == "persons" else "report.in_year"
        yield fact("year", say(label, year=period.year), figure.year)
    if of.counts == "persons":
        yield fact("turns", say("report.turns"), figure.turns)
    if of.counts in ("persons", "turns"):
        yield fact("assisted", say(_ASSISTED[of.counts]), figure.assisted)
    if of.numerator.audience or of.numerator.age:
        yield fact("unknown", say("report.unknown"), figure.unknown)


def _passages(figure: Figure, cut: Cut, indicators: Indicators, say: Texts) -> Iterator[Passage]:
    of, total = figure.indicator, figure.denominator
    yield Passage(say("report.definition"), of.definition)
    if total:
        source = say("report.denominator_source", year=total.year, source=total.source, date=say.date(total.date))
        yield Passage(say("report.denominator"), f"{source} {total.note}".strip())
    elif of.denominator and (wanted := indicators.totals.get(of.denominator)):
        yield Passage(say("report.denominator"), say("report.denominator_wanted", title=wanted.title, ask=wanted.ask))
    if figure.target and figure.target.source:
        yield Passage(say("report.target"), sourced(figure.target.source, say))
    if of.targets and figure.target is None and cut != EVERYBODY:
        yield Passage(say("report.target"), say("report.target_of_whole"))
    yield Passage(say("report.basis"), "; ".join(sourced(source, say) for source in of.basis))
    yield Passage(say("report.sets"), ", ".join(of.sets))
    yield Passage(say("report.owner"), of.owner)
    yield Passage(say("report.limits"), of.limits)
    if of.unread:
        yield Passage(say("report.unread"), of.unread)


_NOTES = (
    "report.note_person",
    "report.note_assisted",
    "report.note_unknown",
    "report.note_dropout",
    "report.note_erased",
    "report.note_reference",
    "report.note_evidence",
)
_COMPARED = {
    "numerator": "report.reached_number",
    "denominator": "report.denominator",
    "share": "report.share",
    "target": "report.target",
    "reached": "report.reached",
    "missing": "report.missing",
    "change": "report.change",
}
_COUNTED = {
    "persons": "report.counted_persons",
    "turns": "report.counted_turns",
    "assisted": "report.counted_assisted",
    "teams": "report.counted_teams",
    "members": "report.counted_members",
    "questions": "report.counted_questions",
}
_ASSISTED = {"persons": "report.assisted_persons", "turns": "report.assisted_turns"}
