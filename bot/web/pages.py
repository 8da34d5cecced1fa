"""The pages of the figures: all of them, one ward, one indicator."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.metrics import report
from bot.metrics.figures import Share
from bot.metrics.report import EVERYBODY, Cut, Report
from bot.web import charts, view
from bot.web.front import Front, Refused
from bot.web.signin import csrf
from bot.web.viewer import Viewer
from bot.web.wanted import VALUES, Wanted, periods, read_ward, wanted

TOPICS = 15  # rows of the topics nobody could answer


async def board(front: Front, request: Request, viewer: Viewer) -> Response:
    """Everything at a glance."""
    asked = wanted(request.query_params, front.metrics, front.today())
    return await _board(front, viewer, asked, "/bang")


async def ward(front: Front, request: Request, viewer: Viewer) -> Response:
    """The same for one ward."""
    cut = read_ward(request.path_params["code"], front.metrics)
    asked = wanted(dict(request.query_params) | {"whom": f"ward:{cut.value}"}, front.metrics, front.today())
    return await _board(front, viewer, asked, f"/bang/phuong/{cut.value}")


async def indicator(front: Front, request: Request, viewer: Viewer) -> Response:
    """One indicator with everything it takes to judge it."""
    say, metrics = front.say, front.metrics
    found = next((each for each in metrics.indicators.all if each.id == request.path_params["id"]), None)
    if found is None:
        raise Refused(404, "web.error.indicator")
    asked = wanted(request.query_params, metrics, front.today())
    cut = viewer.cut(asked.whom)
    by_completions = found.counts in ("persons", "turns", "assisted") and not found.numerator.competences
    async with front.database.read() as tx:
        made = await report.make(tx, metrics, asked.period, front.today(), cut)
        areas = await report.areas(tx, metrics, asked.period, [found]) if by_completions and cut == EVERYBODY else ()
        trends = await report.trend(tx, metrics, asked.period, [found.id], cut) if by_completions else {}
    figure, trend = made.figure(found.id), trends.get(found.id, ())
    return front.page(
        "indicator",
        **_common(front, viewer, asked, made, f"/bang/chi-so/{found.id}"),
        indicator=found,
        figure=figure,
        card=view.card(say, figure, whole=cut == EVERYBODY) if figure else None,
        courses=[course.about.title for id in found.numerator.courses if (course := metrics.catalogue.course(id))],
        sets=[(name, metrics.indicators.sets[name]) for name in found.sets],
        areas=view.ordered(areas, asked.sort or found.id),
        columns=_columns(front, made, trend),
        trend=trend,
        profile=_profile(front, made) if found.numerator.competences else [],
    )


async def _board(front: Front, viewer: Viewer, asked: Wanted, path: str) -> Response:
    say, cut = front.say, viewer.cut(asked.whom)
    async with front.database.read() as tx:
        made = await report.make(tx, front.metrics, asked.period, front.today(), cut, asked.set)
    headline = made.headline()
    of_wards = [figure for figure in headline if made.areas and figure.indicator.id in made.areas[0].figures]
    ids = [figure.indicator.id for figure in of_wards]
    chosen = next((id for id in ids if id == asked.sort.removeprefix("-")), ids[0] if ids else "")
    trend = made.trend.get("any", ())
    whole = cut == EVERYBODY
    return front.page(
        "board",
        **_common(front, viewer, asked, made, path),
        cards=[view.card(say, figure, made.trend.get(figure.indicator.id, ()), whole) for figure in headline],
        others=[view.card(say, figure, whole=whole) for figure in made.figures if not figure.indicator.headline],
        columns=_columns(front, made, trend),
        trend=trend,
        ward_figures=of_wards,
        chosen=next((figure for figure in of_wards if figure.indicator.id == chosen), None),
        tiles=view.tiles(say, made.areas, chosen),
        areas=view.ordered(made.areas, asked.sort or chosen),
        profile=_profile(front, made),
        topics=[row for row in made.topics if row.unanswered or row.asked_back][:TOPICS],
        shares=_shares(made),
    )


def _common(front: Front, viewer: Viewer, asked: Wanted, made: Report, path: str) -> dict[str, Any]:
    """What every page shows: whose figures, of when, the filters, and the way out."""
    return {
        "report": made,
        "asked": asked,
        "path": path,
        "whole": made.cut == EVERYBODY,
        "whom": _whom(front, made.cut),
        "limited": bool(viewer.unit),
        "periods": list(periods(front.today())),
        "values": VALUES,
        "csrf": csrf(viewer.session),
        "wards": list(front.metrics.places.units.values()) if front.metrics.places else [],
    }


def _whom(front: Front, cut: Cut) -> str:
    """Those a page is about, in words."""
    match cut.dimension:
        case "all":
            return front.metrics.site.area
        case "ward":
            return front.metrics.area_name(cut.value) or front.say("web.ward.unknown")
        case _ if not cut.value:
            return front.say(f"web.unknown.{cut.dimension}")
        case "group":
            return front.say(f"kind.{cut.value}")
        case dimension:
            return front.say(f"{dimension}.{cut.value}")


def _columns(front: Front, made: Report, trend: tuple[int, ...]) -> object:
    say = front.say
    names = [view.month(say, name) for name in made.months]
    return charts.columns(trend, names, say("web.trend.label"), say.number) if any(trend) else None


def _shares(made: Report) -> dict[str, list[Share]]:
    """Ages as they follow one another, the others by size as they come; what is not known stands last."""
    found = {name: list(rows) for name, rows in made.shares.items() if any(row.persons for row in rows)}
    order = [*VALUES["age"], ""]
    if "age" in found:
        found["age"].sort(key=lambda row: order.index(row.value) if row.value in order else len(order))
    return found


def _profile(front: Front, made: Report) -> list[view.Profile]:
    titles = {area: about.title for area, about in front.metrics.competences.items()}
    return view.profile(front.say, titles, made.competences)
