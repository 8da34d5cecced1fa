"""Figures of operation in the text format of Prometheus; none of them is about a person."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.storage import operations
from bot.storage.operations import Operations
from bot.web.api import bears
from bot.web.front import Front, address

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


async def metrics(front: Front, request: Request) -> Response:
    """``GET /metrics`` for whoever bears the token; where none is set, for this machine alone."""
    token = front.secrets.metrics_token
    if not (bears(request, token) if token else _here(request)):
        return PlainTextResponse("", 401 if token else 403, {"WWW-Authenticate": "Bearer"} if token else None)
    async with front.database.read() as tx:
        found = await operations.read(tx, front.clock.now(), front.today().isoformat())
    registry = CollectorRegistry()
    registry.register(_Read(found, front.started.timestamp()))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _here(request: Request) -> bool:
    """A request of this machine that came through no proxy."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(address(request)).is_loopback
    except ValueError:
        return False


class _Read(Collector):
    """What has been read already, as families."""

    def __init__(self, found: Operations, started: float) -> None:
        self._found = found
        self._started = started

    def collect(self) -> Iterator[Metric]:
        found = self._found
        yield _gauge("assistant_inbox_waiting", "Events that are not handled yet", found.inbox_waiting)
        yield _gauge("assistant_inbox_oldest_seconds", "How long the oldest of them has waited", found.inbox_age)
        waiting = GaugeMetricFamily("assistant_outbox_waiting", "Letters that are not sent yet", labels=["lane"])
        for lane, count in found.outbox_waiting.items():
            waiting.add_metric([lane], count)
        yield waiting
        letters = GaugeMetricFamily(
            "assistant_letters", "Letters of the last days by what became of them", labels=["fate"]
        )
        for fate, count in found.letters.items():
            letters.add_metric([fate], count)
        yield letters
        yield _gauge(
            "assistant_unknown_sends", "Sends of the last days whose outcome nobody knows", found.unknown_sends
        )
        questions = CounterMetricFamily("assistant_questions", "Questions by outcome", labels=["outcome"])
        for outcome, count in found.questions.items():
            questions.add_metric([outcome], count)
        yield questions
        completed = GaugeMetricFamily("assistant_completions_today", "Completions of the site's day", labels=["kind"])
        for kind, count in found.completed_today.items():
            completed.add_metric([kind], count)
        yield completed
        yield _gauge("assistant_database_bytes", "Size of the database", found.database)
        yield _gauge("process_start_time_seconds", "When the process started, in seconds since 1970", self._started)


def _gauge(name: str, help: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help, value=value)
