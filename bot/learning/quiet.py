"""When the assistant may speak first: not at night, not over Tết, and never late by more than GRACE."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

GRACE = dt.timedelta(hours=2)  # what is later than this waits for the next day: no storm after a standstill


@dataclass(frozen=True, slots=True)
class Quiet:
    """``start`` to ``end``: hours of the site's day in which nobody is written to; may go over midnight.

    ``days``: first and last of each run of days without messages, both included.
    """

    zone: ZoneInfo
    start: dt.time = dt.time(21)
    end: dt.time = dt.time(7)
    days: Sequence[tuple[dt.date, dt.date]] = ()

    def at(self, now: dt.datetime) -> bool:
        """Whether nobody may be written to at ``now``."""
        local = now.astimezone(self.zone)
        if any(first <= local.date() <= last for first, last in self.days):
            return True
        time = local.time()
        if self.start <= self.end:
            return self.start <= time < self.end
        return time >= self.start or time < self.end

    def over(self, now: dt.datetime) -> dt.datetime:
        """The first moment from ``now`` on at which people may be written to."""
        local = now.astimezone(self.zone)
        while self.at(local):
            day = local.date()
            ends = dt.datetime.combine(day, self.end, self.zone)
            holiday = any(first <= day <= last for first, last in self.days)
            if holiday or ends <= local:
                ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time() if holiday else self.end, self.zone)
            local = ends
        return local.astimezone(dt.UTC)


def next_reminder(now: dt.datetime, hour: int, quiet: Quiet) -> dt.datetime:
    """The next ``hour`` o'clock after ``now`` that is not quiet; an hour of the night stands for the end of that night.

    The night may have begun yesterday, so that is where the search begins.
    """
    local = now.astimezone(quiet.zone)
    day = local.date() - dt.timedelta(days=1)
    nights = replace(quiet, days=())
    while True:
        moment = nights.over(dt.datetime.combine(day, dt.time(hour), quiet.zone))
        if moment > local and not quiet.at(moment):
            return moment.astimezone(dt.UTC)
        day += dt.timedelta(days=1)


def on_time(due: dt.datetime, now: dt.datetime, quiet: Quiet) -> bool:
    """Whether a reminder that was due at ``due`` may still be sent at ``now``."""
    return dt.timedelta() <= now - due <= GRACE and not quiet.at(now)
