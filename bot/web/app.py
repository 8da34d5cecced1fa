"""The pages as one ASGI app: routes, headers that every answer carries, and errors in plain words."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from random import Random

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.telegram.webhook import server
from bot.clock import Clock
from bot.config import Secrets, Web
from bot.i18n import Texts
from bot.metrics.report import Metrics
from bot.pictures.fonts import FOLDER as FONTS
from bot.staff.authority import Authority
from bot.storage.database import Database
from bot.web import api, charts, operations, pages, public, signin, view
from bot.web.bucket import Bucket
from bot.web.front import Front, Refused

HERE = Path(__file__).parent
KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".ttf": "font/ttf"}
FOR_EVER = "public, max-age=31536000, immutable"  # addresses of files carry what they hold
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def open_front(
    settings: Web,
    secrets: Secrets,
    database: Database,
    metrics: Metrics,
    say: Texts,
    clock: Clock,
    authority: Authority,
    chance: Random,
) -> Front:
    return Front(
        settings=settings,
        secrets=secrets,
        database=database,
        metrics=metrics,
        say=say,
        clock=clock,
        authority=authority,
        chance=chance,
        templates=_templates(say, metrics, settings),
        bucket=Bucket(clock),
        started=clock.now(),
    )


def pages_app(front: Front) -> Starlette:
    def open_to_all(handler: Callable[[Front, Request], Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
        return partial(handler, front)

    return Starlette(
        routes=[
            Route("/", open_to_all(public.home)),
            Route("/kiem-tra", open_to_all(public.ask_certificate)),
            Route("/kiem-tra/{code}", open_to_all(public.certificate)),
            Route("/vao/{token}", open_to_all(signin.door), methods=["GET"]),
            Route("/vao/{token}", open_to_all(signin.enter), methods=["POST"]),
            Route("/ra", signin.staff(signin.leave, front), methods=["POST"]),
            Route("/bang", signin.staff(pages.board, front)),
            Route("/bang/phuong/{code}", signin.staff(pages.ward, front)),
            Route("/bang/chi-so/{id}", signin.staff(pages.indicator, front)),
            Route("/api/v1/indicators", open_to_all(api.indicators)),
            Route("/api/v1/openapi.json", open_to_all(api.document)),
            Route("/metrics", open_to_all(operations.metrics)),
            Route("/static/{version}/{name}", _file),
        ],
        middleware=[Middleware(_Headers, secure=front.secure)],
        exception_handlers={
            Refused: partial(_refused, front),
            HTTPException: partial(_unknown, front),
            Exception: partial(_failed, front),
        },
    )


async def serve(front: Front) -> None:
    """Until cancelled; requests under way are answered first."""
    http = server(pages_app(front), front.settings.host, front.settings.port)
    serving = asyncio.create_task(http.serve())
    try:
        await asyncio.shield(serving)
    finally:
        http.should_exit = True
        await serving


def _templates(say: Texts, metrics: Metrics, settings: Web) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"say": say, "site": metrics.site, "static": f"/static/{_VERSION}", "public": settings.public}
    made.filters |= {
        "number": say.number,
        "day": say.date,
        "percent": partial(view.percent, say),
        "month": partial(view.month, say),
        "period": partial(view.period, say),
        "source": partial(view.source, say),
        "first_upper": view.first_upper,
    }
    made.globals |= {"standing": view.standing, "bar": charts.bar, "sets": metrics.indicators.sets}
    return made


def _read_files() -> dict[str, bytes]:
    files = [*(HERE / "static").iterdir(), *FONTS.glob("*.ttf")]
    return {file.name: file.read_bytes() for file in files if file.suffix in KINDS}


_FILES = _read_files()
_VERSION = hashlib.sha256(b"".join(_FILES[name] for name in sorted(_FILES))).hexdigest()[:12]


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FILES or request.path_params["version"] != _VERSION:
        raise HTTPException(404)
    return Response(_FILES[name], headers={"Cache-Control": FOR_EVER}, media_type=KINDS[Path(name).suffix])


class _Headers:
    """Adds HEADERS to every answer, but for what it says itself."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


async def _refused(front: Front, request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101  by its place above
    response = front.page("error", error.status, title=front.say(error.text), remedy=front.say(f"{error.text}.remedy"))
    if error.status == 429:
        response.headers["Retry-After"] = "60"
    return response


async def _unknown(front: Front, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    text = "web.error.method" if status == 405 else "web.error.page"
    if request.url.path.startswith("/api/"):
        return api.problem_of(front, status, text)
    return front.page("error", status, title=front.say(text), remedy=front.say(f"{text}.remedy"))


async def _failed(front: Front, request: Request, error: Exception) -> Response:
    """The server logs what it was; this answer passes no other layer, so it brings its headers itself."""
    text = "web.error.failed"
    if request.url.path.startswith("/api/"):
        response = api.problem_of(front, 500, text)
    else:
        response = front.page("error", 500, title=front.say(text), remedy=front.say(f"{text}.remedy"))
    response.headers.update(HEADERS)
    return response
