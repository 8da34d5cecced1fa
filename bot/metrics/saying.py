"""Numbers, periods and changes as people here write them."""

from __future__ import annotations

from bot.content.models import Source
from bot.i18n import Texts
from bot.metrics.period import Period
from bot.pictures.paper import Cell

NONE = Cell("–")
_LEAST = 0.001  # per cent: a smaller share is said to be below it
_QUARTERS = ("I", "II", "III", "IV")


def number(value: float, say: Texts) -> str:
    return say.number(value)


def percent(value: float, say: Texts) -> str:
    """``value`` in per cent: two decimals, three below a tenth, so that what is not nothing does not look so."""
    if 0 < value < _LEAST:
        return say("report.below", percent=percent(_LEAST, say))
    return say("report.percent", number=say.number(round(value, 2 if value >= 0.1 else 3)))


def change(value: int, say: Texts) -> str:
    """With its sign, always: ``+4``, ``−4``, ``±0``."""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "±"
    return sign + say.number(abs(value))


def span(period: Period, say: Texts) -> str:
    """A month, a quarter or a year."""
    year, month = period.last[:4], int(period.last[5:])
    if period.first == period.last:
        return say("report.month", month=month, year=year)
    if len(period.name) > 4:
        return say("report.quarter", quarter=_QUARTERS[month // 3 - 1], year=year)
    return say("report.year", year=year)


def month(name: str) -> str:
    """2026-07 as 7/26, which fits under a column."""
    return f"{int(name[5:])}/{name[2:4]}"


def sourced(source: Source, say: Texts) -> str:
    """A document with its date, where it has one."""
    return f"{source.title} ({say.date(source.date)})" if source.date else source.title


def count(value: int, say: Texts) -> Cell:
    return Cell(number(value, say), value)
