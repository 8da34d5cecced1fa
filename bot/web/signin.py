"""Who comes in and goes out: one-time links, sessions in a cookie, and the guard before every page for staff."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.learning.codes import new_code
from bot.storage import audit, web
from bot.storage.audit import Entry
from bot.storage.web import SESSION, Who
from bot.web.front import TOKEN, Front, Refused, address
from bot.web.viewer import Viewer, viewer

MAX_FORM = 4096  # bytes

Page = Callable[[Front, Request, Viewer], Awaitable[Response]]


def cookie_name(front: Front) -> str:
    """Over https a name that browsers accept only with Secure, for this host alone."""
    return "__Host-phien" if front.secure else "phien"


def csrf(session: str) -> str:
    """Bound to the session; who does not hold its cookie cannot know it."""
    return hmac.new(session.encode(), b"form", "sha256").hexdigest()


async def door(front: Front, request: Request) -> Response:
    """One button. Only pressing it uses the link up, so that previews of links do not."""
    _slow_down(front, request)
    async with front.database.read() as tx:
        state = await web.state(tx, request.path_params["token"], front.clock.now())
    return front.page("door", 200 if state == "open" else 410, state=state)


async def enter(front: Front, request: Request) -> Response:
    _slow_down(front, request)
    _own_form(request)
    token, session, now = request.path_params["token"], new_code(front.chance, TOKEN), front.clock.now()
    async with front.database.write() as tx:
        state = await web.state(tx, token, now)
        who = await web.use(tx, token, now)
        if who is not None:
            await web.end(tx, request.cookies.get(cookie_name(front), ""))
            await web.begin(tx, session, who, now)
            await audit.record(tx, _entry(front, who, "sign-in", "pages"))
        elif state == "over":  # unknown tokens leave no record: anybody could fill it with them
            await audit.record(tx, Entry(now, None, "refused", "sign in with a link that is over"))
    if who is None:
        return front.page("door", 410, state=state)
    response = RedirectResponse("/bang", 303)
    response.set_cookie(
        cookie_name(front),
        session,
        max_age=int(SESSION.total_seconds()),
        path="/",
        secure=front.secure,
        httponly=True,
        samesite="strict",
    )
    return response


async def leave(front: Front, request: Request, viewer: Viewer) -> Response:
    _own_form(request)
    if not hmac.compare_digest((await _form(request)).get("csrf", "").encode(), csrf(viewer.session).encode()):
        raise Refused(403, "web.error.form")
    async with front.database.write() as tx:
        await web.end(tx, viewer.session)
        await audit.record(tx, _entry(front, viewer.who, "sign-out", "pages"))
    response = front.page("out")
    response.delete_cookie(cookie_name(front), path="/", secure=front.secure, httponly=True, samesite="strict")
    return response


def staff(page: Page, front: Front) -> Callable[[Request], Awaitable[Response]]:
    """``page`` for those only who may read figures at this very moment."""
    return partial(_guarded, page, front)


async def _guarded(page: Page, front: Front, request: Request) -> Response:
    session = request.cookies.get(cookie_name(front), "")
    async with front.database.read() as tx:
        holder = await web.holder(tx, session, front.clock.now()) if session else None
    if holder is None:
        return front.page("signin", 401, path=request.url.path)
    found = viewer(holder, front.authority, session, front.metrics.today)
    if not front.authority.may(found.roles, "read-metrics"):
        await _refuse(front, found.who, request, session)
        return front.page("signin", 403, path=request.url.path, revoked=True)
    try:
        return await page(front, request, found)
    except Refused as refused:
        if refused.status == 403:
            await _refuse(front, found.who, request)
        raise


async def _refuse(front: Front, who: Who, request: Request, session: str = "") -> None:
    """Keep that somebody tried; a ``session`` that gives no right any more ends."""
    async with front.database.write() as tx:
        await audit.record(tx, _entry(front, who, "refused", f"page {request.url.path}"[:80]))
        if session:
            await web.end(tx, session)


def _entry(front: Front, who: Who, action: str, subject: str) -> Entry:
    return Entry(front.clock.now(), who.person_id, action, subject, after={"role": who.role} if who.role else None)


def _slow_down(front: Front, request: Request) -> None:
    if not front.bucket.take(address(request)):
        raise Refused(429, "web.error.often")


def _own_form(request: Request) -> None:
    """Browsers say where a form stood; one on somebody else's page is refused."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "web.error.form")


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            raise Refused(413, "web.error.form")
    return dict(parse_qsl(body.decode("utf-8", "replace")))
