"""What a page is asked for in its address: period, whom, set, and the order of the wards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import get_args
from urllib.parse import urlencode

from bot.content.indicators import Age
from bot.content.models import Audience
from bot.metrics.period import Period, parse, quarter_of
from bot.metrics.report import Cut, Metrics
from bot.storage.groups import Kind
from bot.web.front import Refused

YEARS = range(2020, 2101)
VALUES: Mapping[str, tuple[str, ...]] = {"audience": get_args(Audience), "age": get_args(Age), "group": get_args(Kind)}
"""Dimension → its values; an empty value: not known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``whom`` None: not asked for. ``sort``: "name", "-name", an indicator's id with or without "-", or empty."""

    period: Period
    whom: Cut | None = None
    set: str = ""
    sort: str = ""

    def link(self, path: str, **changes: str) -> str:
        """``path`` with all of this, but for ``changes``."""
        whom = f"{self.whom.dimension}:{self.whom.value}" if self.whom else ""
        parts = {"period": self.period.name, "whom": whom, "set": self.set, "sort": self.sort} | changes
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"{path}?{query}" if query else path

    def of_ward(self, code: str) -> Wanted:
        return replace(self, whom=Cut("ward", code))


def wanted(query: Mapping[str, str], metrics: Metrics, today: dt.date) -> Wanted:
    """Raises Refused."""
    set = query.get("set", "")
    if set and set not in metrics.indicators.sets:
        raise Refused(400, "web.error.set")
    return Wanted(read_period(query.get("period", ""), today), _whom(query, metrics), set, query.get("sort", "")[:60])


def read_period(text: str, today: dt.date) -> Period:
    """The quarter of ``today`` where nothing is asked for. Raises Refused."""
    try:
        period = parse(text) if text else quarter_of(today)
    except ValueError:
        raise Refused(400, "web.error.period") from None
    if period.year not in YEARS:
        raise Refused(400, "web.error.period")
    return period


def periods(today: dt.date) -> Iterator[tuple[str, list[Period]]]:
    """What can be chosen: the last eight quarters, twelve months and three years, each by the key of its name."""
    quarter, month = quarter_of(today), parse(f"{today:%Y-%m}")
    for name, newest, count in (("quarter", quarter, 8), ("month", month, 12), ("year", parse(f"{today.year}"), 3)):
        found = [newest]
        while len(found) < count:
            found.append(found[-1].before)
        yield f"web.periods.{name}", found


def read_ward(code: str, metrics: Metrics) -> Cut:
    """Raises Refused."""
    if metrics.places is None or metrics.today(code) not in metrics.places.units:
        raise Refused(404, "web.error.ward")
    return Cut("ward", metrics.today(code))


def _whom(query: Mapping[str, str], metrics: Metrics) -> Cut | None:
    dimension, _, value = query.get("whom", "").partition(":")
    match dimension:
        case "":
            return None
        case "ward" if value:
            return read_ward(value, metrics)
        case "ward":
            return Cut("ward")
        case "audience" | "age" | "group" if value in ("", *VALUES[dimension]):
            return Cut(dimension, value)
    raise Refused(400, "web.error.whom")
