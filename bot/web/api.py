"""The indicators as JSON for the operations centre, with their OpenAPI document. A bearer token opens it."""

from __future__ import annotations

import json
from hmac import compare_digest
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.content.indicators import Target
from bot.content.models import Source
from bot.metrics import report
from bot.metrics.figures import Figure
from bot.metrics.report import EVERYBODY, Report
from bot.web.front import Front, Refused
from bot.web.wanted import read_period, read_ward

DOCUMENT = Path(__file__).parent / "openapi.json"
PARAMETERS = frozenset({"period", "area", "set"})


async def indicators(front: Front, request: Request) -> Response:
    """``GET /api/v1/indicators?period=&area=&set=``"""
    if problem := _locked(front, request):
        return problem
    query, metrics = request.query_params, front.metrics
    try:
        if not PARAMETERS.issuperset(query):
            raise Refused(400, "web.error.parameter")
        period = read_period(query.get("period", ""), front.today())
        cut = read_ward(query["area"], metrics) if query.get("area") else EVERYBODY
        set = query.get("set", "")
        if set and set not in metrics.indicators.sets:
            raise Refused(400, "web.error.set")
    except Refused as refused:
        return problem_of(front, refused.status, refused.text)
    async with front.database.read() as tx:
        made = await report.make(tx, metrics, period, front.today(), cut, set)
    return JSONResponse(as_json(made, set))


async def document(front: Front, request: Request) -> Response:
    """``GET /api/v1/openapi.json``"""
    if problem := _locked(front, request):
        return problem
    found = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return JSONResponse(found | {"servers": [{"url": front.settings.url}]})


def problem_of(front: Front, status: int, text: str) -> Response:
    """What is wrong and what helps, as RFC 9457 has it; ``text`` names two texts: itself and ``.remedy``."""
    body = {
        "type": "about:blank",
        "title": front.say(text),
        "status": status,
        "remedy": front.say(f"{text}.remedy"),
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def bears(request: Request, token: str) -> bool:
    """Whether the request carries ``token``; compared in constant time."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return compare_digest(given.strip().encode("utf-8", "surrogateescape"), token.encode()) and kind.lower() == "bearer"


def _locked(front: Front, request: Request) -> Response | None:
    """Without a token in the environment nobody comes in."""
    token = front.secrets.api_token
    if token is None:
        return problem_of(front, 503, "web.error.no_api")
    return None if bears(request, token) else problem_of(front, 401, "web.error.token")


def as_json(made: Report, set: str) -> dict[str, Any]:
    """A report as the document describes it."""
    return {
        "made_on": made.made_on.isoformat(),
        "made_up": made.made_up,
        "period": {"name": made.period.name, "first": made.period.first, "last": made.period.last},
        "area": {"code": made.cut.ward or "", "name": made.area},
        "set": set,
        "indicators": [_figure(figure) for figure in made.figures],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    indicator, denominator, target = figure.indicator, figure.denominator, figure.target
    return {
        "id": indicator.id,
        "name": indicator.name,
        "definition": indicator.definition,
        "sets": list(indicator.sets),
        "owner": indicator.owner,
        "unit": indicator.unit,
        "counts": indicator.counts,
        "direction": indicator.direction,
        "headline": indicator.headline,
        "value": figure.value,
        "new": figure.new,
        "year": figure.year,
        "before": figure.before,
        "turns": figure.turns,
        "assisted": figure.assisted,
        "unknown": figure.unknown,
        "denominator": denominator.model_dump(mode="json", exclude={"key", "area", "line"}) if denominator else None,
        "share": figure.share,
        "target": _target(target) if target else None,
        "reached": figure.reached,
        "missing": figure.missing,
        "limits": indicator.limits,
        "unread": indicator.unread,
        "basis": [_source(source) for source in indicator.basis],
        "references": [
            {"value": each.value, "year": each.year, "meaning": each.meaning, "source": _source(each.source)}
            for each in indicator.references
        ],
    }


def _target(target: Target) -> dict[str, Any]:
    return {"year": target.year, "value": target.value, "source": _source(target.source) if target.source else None}


def _source(source: Source) -> dict[str, Any]:
    return source.model_dump(mode="json")
