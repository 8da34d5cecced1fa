"""Office hours: whether somebody is there, until when, and when somebody will be there next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

Span = tuple[dt.time, dt.time]

HORIZON = 400  # days looked ahead: more than any run of holidays


@dataclass(frozen=True)
class Hours:
    """``week``: weekday (Monday 0) → spells of the site's day, in order, each with its end left out.

    ``holidays``: first and last of each run of days on which nobody is there, both included.
    """

    zone: ZoneInfo
    week: Mapping[int, Sequence[Span]]
    holidays: Sequence[tuple[dt.date, dt.date]] = ()

    def at(self, now: dt.datetime) -> bool:
        """Whether somebody is there at ``now``."""
        return self._current(now) is not None

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """The last end of the day on which somebody is there at ``now``; None when nobody is."""
        if self._current(now) is None:
            return None
        return list(self._spells(now.astimezone(self.zone).date()))[-1][1]

    def next_opening(self, now: dt.datetime) -> dt.datetime:
        """The first beginning of a spell after ``now``. Raises LookupError when there is none within HORIZON days."""
        today = now.astimezone(self.zone).date()
        for ahead in range(HORIZON):
            for start, _ in self._spells(today + dt.timedelta(days=ahead)):
                if start > now:
                    return start
        raise LookupError(f"no office hours within {HORIZON} days of {today} → look at handover.hours and quiet.days")

    def _current(self, now: dt.datetime) -> tuple[dt.datetime, dt.datetime] | None:
        spells = self._spells(now.astimezone(self.zone).date())
        return next(((start, end) for start, end in spells if start <= now < end), None)

    def _spells(self, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Of one day, in UTC."""
        if any(first <= day <= last for first, last in self.holidays):
            return
        for start, end in self.week.get(day.weekday(), ()):
            begins, ends = (dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC) for time in (start, end))
            yield begins, ends


@dataclass(frozen=True)
class Rules:
    """``wait``: for somebody to take a ticket. ``answer``: for staff to answer the person. ``silence``: of a person
    after which a talk is over. ``messages``: that a person may write on one ticket within FLOOD. ``words_days``: after
    so many days a closed ticket forgets its words.
    """

    hours: Hours
    wait: dt.timedelta = dt.timedelta(minutes=5)
    answer: dt.timedelta = dt.timedelta(minutes=10)
    silence: dt.timedelta = dt.timedelta(minutes=30)
    messages: int = 20
    words_days: int = 7


FLOOD = dt.timedelta(minutes=10)
MAX_SIGNS = 3000  # of one message: with its heading it fits into one message of every channel
