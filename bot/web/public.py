"""What everybody may see: the headline figures, when the site shows them, and whether a certificate's code is real."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.learning.codes import read_code, spelled
from bot.metrics import report
from bot.metrics.period import quarter_of
from bot.storage import certificates
from bot.web import view
from bot.web.front import Front, Refused, address


async def home(front: Front, request: Request) -> Response:
    """Headline figures without anything small; where they are not public, the way to the staff's pages."""
    if not front.settings.public:
        return RedirectResponse("/bang", 303)
    async with front.database.read() as tx:
        made = await report.make(tx, front.metrics, quarter_of(front.today()), front.today())
    cards = [view.card(front.say, figure, public=True) for figure in made.headline()]
    return front.page("home", report=made, cards=cards)


async def ask_certificate(front: Front, request: Request) -> Response:
    """The form; a code that was typed into it leads to its own page."""
    typed = request.query_params.get("code", "").strip()
    if not typed:
        return front.page("certificate", code="", typed="")
    code = read_code(typed)
    if code:
        return RedirectResponse(f"/kiem-tra/{quote(code)}", 303)
    return front.page("certificate", 404, code="", typed=typed[:40])


async def certificate(front: Front, request: Request) -> Response:
    """Course and date of a code; nothing about a person."""
    if not front.bucket.take(address(request)):
        raise Refused(429, "web.error.often")
    typed = request.path_params["code"]
    code = read_code(typed)
    async with front.database.read() as tx:
        found = await certificates.find(tx, code) if code else None
    if found is None:
        return front.page("certificate", 404, code=spelled(code), typed=(spelled(code) or typed)[:40])
    course = front.metrics.catalogue.course(found.course)
    return front.page(
        "certificate",
        code=spelled(code),
        typed=spelled(code),
        course=course.about.title if course else found.course,
        day=dt.date.fromisoformat(found.day),
    )
