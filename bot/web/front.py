"""What every page works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.clock import Clock
from bot.config import Secrets, Web
from bot.i18n import Texts
from bot.metrics.report import Metrics
from bot.staff.authority import Authority
from bot.storage.database import Database
from bot.web.bucket import Bucket

TOKEN = 32  # signs of a session: 146 bits


@dataclass(frozen=True)
class Front:
    """``chance``: draws tokens. ``bucket``: how often one address may try a link or a code."""

    settings: Web
    secrets: Secrets
    database: Database
    metrics: Metrics
    say: Texts
    clock: Clock
    authority: Authority
    chance: Random
    templates: Environment
    bucket: Bucket
    started: dt.datetime

    @property
    def secure(self) -> bool:
        return (self.settings.url or "").startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.metrics.site.time_zone)

    def today(self) -> dt.date:
        return self.clock.now().astimezone(self.zone).date()

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(self.templates.get_template(f"{template}.html").render(values), status)


@dataclass(frozen=True)
class Refused(Exception):
    """What was asked for is not for whoever asked; ``status`` and the text that says so."""

    status: int
    text: str
    values: Mapping[str, object] = field(default_factory=dict)


def address(request: Request) -> str:
    return request.client.host if request.client else ""
