"""The webhook as an ASGI app: secret checked, update committed, then 200."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from hmac import compare_digest
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MAX_BODY = 1024 * 1024  # bytes; an update is at most some tens of kilobytes
DROPPED = 16 * MAX_BODY  # from here on the connection is cut
HEADER = "X-Telegram-Bot-Api-Secret-Token"

log = structlog.get_logger("bot.webhook")

Take = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]
Healthy = Callable[[], Awaitable[bool]]


def webhook_app(path: str, secret: str, take: Take, healthy: Healthy) -> Starlette:
    """``POST path`` takes updates, ``GET /health`` asks the database. Raises ValueError without a secret."""
    if not secret:
        raise ValueError("a webhook needs a secret → set TELEGRAM_WEBHOOK_SECRET")
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not compare_digest(given, expected):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
            known = isinstance(update, dict) and isinstance(update.get("update_id"), int)
        except (ValueError, RecursionError):
            known = False
        if not known:
            return Response(status_code=400)
        try:
            await take([update])
        except Exception:
            log.exception("an update could not be stored")
            return Response(status_code=503, headers={"Retry-After": "2"})
        return Response(status_code=200)

    async def health(_: Request) -> Response:
        ok = await healthy()
        return JSONResponse({"status": "ok" if ok else "failing"}, status_code=200 if ok else 503)

    return Starlette(routes=[Route(path, receive, methods=["POST"]), Route("/health", health)])


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is too long; what is too long is read past and not kept, so that 413 gets through."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
        elif size > DROPPED:
            return None
    return b"".join(parts) if size <= MAX_BODY else None


class Server(uvicorn.Server):
    """Uvicorn without its own signal handling: the process drains as a whole, in an order of its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: Starlette, host: str, port: int) -> Server:
    return Server(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, server_header=False))
