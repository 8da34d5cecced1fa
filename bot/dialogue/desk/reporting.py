"""Figures for staff: a picture with what changed and who is behind; by period, ward, audience and group; as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import get_args

from bot.content import markup
from bot.content.models import Audience
from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk.staffing import record, refused
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, File
from bot.dialogue.turns import Turn
from bot.metrics import areas, period, tables, wording
from bot.metrics.glance import glance
from bot.metrics.period import Period
from bot.metrics.report import EVERYBODY, Cut, Metrics, Report, make
from bot.metrics.saying import span
from bot.pictures.paper import Paper
from bot.storage import staff
from bot.storage.groups import Kind

_VALUES = {"audience": get_args(Audience), "group": get_args(Kind)}
_FILES = {"pdf": "report_pdf", "xlsx": "report_xlsx"}
_SHOWN = 8  # wards among which one is chosen


@dataclass(frozen=True, slots=True)
class _Wanted:
    metrics: Metrics
    period: Period
    cut: Cut

    @property
    def arguments(self) -> tuple[str, str]:
        """As a button carries them: ``2026.q4`` and ``ward.25747``."""
        cut = "all" if self.cut == EVERYBODY else f"{self.cut.dimension}.{self.cut.value}"
        return _written(self.period), cut


async def show(visit: Visit, when: str = "", whom: str = "") -> Turn:
    """The picture. Behind the command stands a period or a ward, or nothing."""
    wanted = await _wanted(visit, when, whom)
    if wanted is None:
        return await refused(visit, "report")
    if visit.typed and not when:
        asked = _typed(wanted, visit.typed)
        if asked is None:
            return _which_ward(visit, wanted, visit.typed)
        wanted = replace(asked, cut=await _allowed(visit, asked.metrics, asked.cut))
    made, paper = await _made(visit, wanted)
    data = glance(made, paper, visit.say).to_json()
    name = "-".join(["bao-cao", *wanted.arguments]).replace(".", "-") + ".png"
    return visit.turn(_caption(visit, made, paper), _buttons(visit, wanted), file=File("report_png", name, data))


async def choose(visit: Visit, by: str, when: str) -> Turn:
    """Buttons for one of ``period``, ``ward``, ``audience`` and ``group``; a ward is asked for by its name."""
    wanted = await _wanted(visit, when, "all")
    if wanted is None:
        return await refused(visit, f"report by {by}"[:80])
    say, (when, _) = visit.say, wanted.arguments
    if by == "period":
        rows = [Choice(span(each, say), encode("report", _written(each), "all")) for each in _periods(visit.today)]
        return visit.turn(say("report.which_period"), column(*rows))
    if by in _VALUES:
        rows = [
            Choice(tables.value_name(by, value, say), encode("report", when, f"{by}.{value}")) for value in _VALUES[by]
        ]
        return visit.turn(say("report.which_people"), column(*rows))
    return visit.ask(say("report.which_ward"), "reportward", encode("report", when, "all"))


async def typed_ward(visit: Visit) -> Turn:
    """The name of a ward, of today or before."""
    when = visit.state.then.split(":")[1]
    wanted = await _wanted(visit, when, "all")
    if wanted is None:
        return await refused(visit, "report by ward")
    units, sure = areas.find(wanted.metrics.places, visit.typed) if wanted.metrics.places else ((), False)
    if not sure:
        return _which_ward(visit, wanted, visit.typed)
    return await show(visit, when, f"ward.{units[0].code}")


async def file(visit: Visit, kind: str, when: str, whom: str) -> Turn:
    """The whole report as a document; who took it is kept."""
    wanted = await _wanted(visit, when, whom)
    if wanted is None or kind not in _FILES:
        return await refused(visit, f"report file {kind} {when} {whom}"[:80])
    _, paper = await _made(visit, wanted)
    when, whom = wanted.arguments
    await record(visit, "export-report", f"{kind} {when} {whom}")
    name = f"bao-cao-{when}-{whom}".replace(".", "-")
    return visit.turn(paper.subtitle, file=File(_FILES[kind], f"{name}.{kind}", paper.to_json()))


async def _wanted(visit: Visit, when: str, whom: str) -> _Wanted | None:
    """What is asked for, or None for those who may not read it. The only way to a report: who may see one ward only is
    held to it here, and when a ward is typed.
    """
    metrics = visit.office.metrics
    if metrics is None or not visit.may("read-metrics"):
        return None
    cut = await _allowed(visit, metrics, _cut(metrics, whom))
    return _Wanted(metrics, _read(when) or period.quarter_of(visit.today), cut)


async def _allowed(visit: Visit, metrics: Metrics, cut: Cut) -> Cut:
    """``cut``, or the one ward to which the person's right to read is limited."""
    authority, person = visit.office.authority, visit.person
    if authority.may(authority.roles(person.channel, person.external, ()), "read-metrics"):
        return cut
    units = await staff.units_of(visit.tx, person.id, authority.roles_with("read-metrics"))
    return cut if "" in units or not units else Cut("ward", metrics.today(min(units)))


def _cut(metrics: Metrics, whom: str) -> Cut:
    """Whom a button means; everybody where it means nothing any more."""
    dimension, _, value = whom.partition(".")
    if dimension == "ward" and metrics.places and value in metrics.places.units:
        return Cut("ward", value)
    if dimension == "audience" and value in _VALUES["audience"]:
        return Cut("audience", value)
    if dimension == "group" and value in _VALUES["group"]:
        return Cut("group", value)
    return EVERYBODY


def _typed(wanted: _Wanted, text: str) -> _Wanted | None:
    """``text`` as a period, else as a ward; None where it is neither for sure."""
    if found := _read(text):
        return _Wanted(wanted.metrics, found, wanted.cut)
    units, sure = areas.find(wanted.metrics.places, text) if wanted.metrics.places else ((), False)
    return _Wanted(wanted.metrics, wanted.period, Cut("ward", units[0].code)) if sure else None


def _read(text: str) -> Period | None:
    try:
        return period.parse(text.replace(".", "-"))
    except ValueError:
        return None


def _written(of: Period) -> str:
    return of.name.lower().replace("-", ".")


def _periods(today: dt.date) -> list[Period]:
    """This month, this quarter, the one before, this year, the last."""
    quarter, year = period.quarter_of(today), period.parse(str(today.year))
    return [period.parse(f"{today:%Y-%m}"), quarter, quarter.before, year, year.before]


async def _made(visit: Visit, wanted: _Wanted) -> tuple[Report, Paper]:
    made = await make(visit.tx, wanted.metrics, wanted.period, visit.today, wanted.cut)
    return made, wording.paper(made, wanted.metrics.indicators, visit.say)


def _caption(visit: Visit, made: Report, paper: Paper) -> str:
    """What leads in numbers, for where no picture shows; what changed; who is behind."""
    lines = [f"- {markup.escape(figure.label)}: **{markup.escape(figure.value)}**" for figure in paper.headline[:6]]
    parts = [f"**{markup.escape(paper.subtitle)}**", "\n".join(lines), *map(markup.escape, paper.summary)]
    if paper.notice:
        parts.insert(0, f"**{markup.escape(paper.notice)}**")
    return "\n\n".join(filter(None, parts))


def _buttons(visit: Visit, wanted: _Wanted) -> Rows:
    say, (when, whom) = visit.say, wanted.arguments
    quarter = period.quarter_of(visit.today)
    periods = [
        Choice(say(key), encode("report", _written(each), whom))
        for key, each in (
            ("report.this_quarter", quarter),
            ("report.last_quarter", quarter.before),
            ("report.this_year", period.parse(str(visit.today.year))),
        )
        if each != wanted.period
    ]
    by = [
        Choice(say(key), encode("reportby", name, when))
        for key, name in (
            ("report.choose_ward", "ward"),
            ("report.choose_audience", "audience"),
            ("report.choose_group", "group"),
            ("report.choose_period", "period"),
        )
    ]
    files = [Choice(kind.upper(), encode("reportfile", kind, when, whom)) for kind in _FILES]
    back = [Choice(say("report.everybody"), encode("report", when, "all"))] if wanted.cut != EVERYBODY else []
    rows = (tuple(periods), tuple(by[:2]), tuple(by[2:]), tuple(files), tuple(back))
    return tuple(row for row in rows if row)


def _which_ward(visit: Visit, wanted: _Wanted, text: str) -> Turn:
    units = areas.find(wanted.metrics.places, text)[0] if wanted.metrics.places else ()
    when, _ = wanted.arguments
    rows = column(*(Choice(unit.name, encode("report", when, f"ward.{unit.code}")) for unit in units[:_SHOWN]))
    key = "report.which_of_wards" if units else "report.no_such_ward"
    return visit.ask(visit.say(key), "reportward", encode("report", when, "all"), rows)
