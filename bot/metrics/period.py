"""A span of whole months: a month, a quarter or a year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Period:
    """``first`` and ``last`` month as 2026-07; ``name`` as it was written."""

    name: str
    first: str
    last: str

    @property
    def year(self) -> int:
        return int(self.last[:4])

    @property
    def before(self) -> Period:
        """The one of the same length that ends where this one begins."""
        length = _number(self.last) - _number(self.first) + 1
        if length == 1:
            return parse(_month(_number(self.first) - 1))
        if length == 3:
            first = _number(self.first) - 3
            return parse(f"{first // 12}-Q{first % 12 // 3 + 1}")
        return parse(str(self.year - 1))

    def months(self, back: int) -> list[str]:
        """The last ``back`` months up to the period's end, in order."""
        end = _number(self.last)
        return [_month(number) for number in range(end - back + 1, end + 1)]


def parse(text: str) -> Period:
    """``2026-11``, ``2026-Q3`` or ``2026``. Raises ValueError."""
    text = text.strip()
    if _MONTH.fullmatch(text):
        return Period(text, text, text)
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found[1]), int(found[2])
        return Period(f"{year}-Q{quarter}", f"{year}-{3 * quarter - 2:02}", f"{year}-{3 * quarter:02}")
    if _YEAR.fullmatch(text):
        return Period(text, f"{text}-01", f"{text}-12")
    raise ValueError(f"{text!r} is not a period → write a month (2026-11), a quarter (2026-Q4) or a year (2026)")


def quarter_of(day: dt.date) -> Period:
    return parse(f"{day.year}-Q{(day.month + 2) // 3}")


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"
