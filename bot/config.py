"""``config.yaml`` as a frozen model. Secrets never stand in the file: they come from the environment alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.documents import DocumentError, Problem, load

TOKEN = "TELEGRAM_TOKEN"  # noqa: S105  names of environment variables, not secrets
WEBHOOK_SECRET = "TELEGRAM_WEBHOOK_SECRET"  # noqa: S105
EVIDENCE_KEY = "EVIDENCE_KEY"  # by which people in exported evidence get their pseudonyms
API_TOKEN = "API_TOKEN"  # noqa: S105
METRICS_TOKEN = "METRICS_TOKEN"  # noqa: S105


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is not a time zone → write one like Asia/Ho_Chi_Minh") from None
    return value


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Site(_Section):
    """Where the assistant serves. ``owners``: content owners, key → name shown to staff."""

    name: Annotated[str, Field(min_length=2, max_length=64)]
    area: Annotated[str, Field(min_length=2)]
    hotline: Annotated[str, Field(pattern=r"^[0-9 .]{3,16}$")]
    portal: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/\S*)?$")]
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    owners: dict[str, str] = {}


class Webhook(_Section):
    """Used when ``mode`` is webhook. ``url`` is the public address Telegram calls; the path of it is served."""

    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+/\S+$")] | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080


class TelegramChannel(_Section):
    """``username``: the bot's own, for links and QR codes; without it they name the command instead."""

    mode: Literal["polling", "webhook"] = "polling"
    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{5,32}$")] | None = None
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s]+[^/\s]$")] = "https://api.telegram.org"
    poll_seconds: Annotated[int, Field(ge=1, le=50)] = 30
    webhook: Webhook = Webhook()


class Channels(_Section):
    telegram: TelegramChannel = TelegramChannel()


class StorageSettings(_Section):
    """``synchronous``: full survives a power cut, normal is faster; both survive kill -9."""

    url: Annotated[str, Field(pattern=r"^sqlite\+aiosqlite:///.+")] = "sqlite+aiosqlite:///var/assistant.db"
    synchronous: Literal["full", "normal"] = "full"


class Limits(_Section):
    """Sends per second in all and of announcements; seconds between two sends to one chat; days a question is kept.

    ``paid_per_second``: announcements beyond the free limit, at 0.1 Telegram Stars each; 0: never.
    """

    sends_per_second: Annotated[int, Field(ge=1, le=1000)] = 30
    bulk_per_second: Annotated[int, Field(ge=1, le=1000)] = 25
    paid_per_second: Annotated[int, Field(ge=0, le=1000)] = 0
    chat_interval: Annotated[float, Field(ge=0, le=60)] = 1.0
    open_requests: Annotated[int, Field(ge=1, le=256)] = 64
    send_attempts: Annotated[int, Field(ge=1, le=20)] = 8
    question_days: Annotated[int, Field(ge=1, le=365)] = 30


class Staff(_Section):
    """``admins``: Telegram ids of the first administrators. ``assisted_a_day``: lessons that a member of a community
    team may register for others.
    """

    admins: tuple[int, ...] = ()
    assisted_a_day: Annotated[int, Field(ge=0, le=200)] = 20
    invitation_days: Annotated[int, Field(ge=1, le=30)] = 3


class QuietHours(_Section):
    """When nobody is written to who did not ask, as "HH:MM"; ``days``: first and last of each run of holidays."""

    start: dt.time = dt.time(21)
    end: dt.time = dt.time(7)
    days: tuple[tuple[dt.date, dt.date], ...] = ()


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _spells(value: tuple[tuple[dt.time, dt.time], ...]) -> tuple[tuple[dt.time, dt.time], ...]:
    times = [time for spell in value for time in spell]
    if any(time.second for time in times) or times != sorted(set(times)):
        raise ValueError('is not hours in order → write [["07:30", "11:30"], ["13:00", "17:00"]], with the quotes')
    return value


class HandoverSettings(_Section):
    """``hours`` of each weekday in which staff answer; empty: nobody does, and people are told the hotline."""

    hours: dict[Weekday, Annotated[tuple[tuple[dt.time, dt.time], ...], AfterValidator(_spells)]] = {}
    wait_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    answer_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    silence_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    messages: Annotated[int, Field(ge=3, le=200)] = 20
    words_days: Annotated[int, Field(ge=0, le=90)] = 7


class MetricsSettings(_Section):
    """``denominators``: a CSV that takes the place of the content's own."""

    denominators: str | None = None


class Web(_Section):
    """Pages for staff, and for everybody when ``public``. ``url``: how browsers reach them, https but on this machine;
    without it there are none.
    """

    url: Annotated[str, Field(pattern=r"^(https://[^/\s]+|http://(127\.0\.0\.1|localhost)(:\d+)?)$")] | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8090
    public: bool = False


class Log(_Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Settings(_Section):
    site: Site
    content: str = "content"
    model_cache: str = "var/model"
    channels: Channels = Channels()
    storage: StorageSettings = StorageSettings()
    limits: Limits = Limits()
    staff: Staff = Staff()
    quiet: QuietHours = QuietHours()
    handover: HandoverSettings = HandoverSettings()
    metrics: MetricsSettings = MetricsSettings()
    web: Web = Web()
    log: Log = Log()


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the environment holds; ``repr`` shows none of it."""

    telegram_token: str | None = field(default=None, repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    evidence_key: str | None = field(default=None, repr=False)
    api_token: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)


def load_settings(path: Path) -> Settings:
    """Raises DocumentError with file, line, key, value and what is allowed."""
    settings = load(path, Settings)
    telegram = settings.channels.telegram
    if telegram.mode == "webhook" and telegram.webhook.url is None:
        field = "channels.telegram.webhook.url"
        raise DocumentError(
            [Problem(path, 1, field, "is missing while mode is webhook", "write the public https address")]
        )
    if settings.web != Web() and settings.web.url is None:
        raise DocumentError(
            [Problem(path, 1, "web.url", "is missing while web is set", "write the address that browsers use")]
        )
    return settings


def load_secrets(environment: Mapping[str, str]) -> Secrets:
    """Empty variables count as absent."""
    names = TOKEN, WEBHOOK_SECRET, EVIDENCE_KEY, API_TOKEN, METRICS_TOKEN
    return Secrets(*(environment.get(name) or None for name in names))
