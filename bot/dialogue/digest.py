"""Weekly letters to the staff: the week in figures to administrators, what content is due to editors.

Monday at eight at the site, or the first hour after it that is not quiet. The row that remembers a letter and the
letter itself are one transaction, so a crash neither loses one nor sends two. A letter is not written more than two
days late: what was missed then is old news.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.clock import Clock
from bot.dialogue.desk.visit import Office
from bot.dialogue.letters import digest_letter, freshness_letter
from bot.dialogue.replies import Reply
from bot.i18n import Texts
from bot.review import freshness
from bot.review.queue import group_new
from bot.storage import outbox, review, weekly
from bot.storage.database import Database
from bot.storage.outbox import Lane, Outgoing
from bot.storage.weekly import Kind

TICK = 300.0  # seconds
AT = dt.time(8)
LATE = dt.timedelta(days=2)
TOP = 5  # unanswered groups named
READERS: Mapping[Kind, tuple[str, ...]] = {"digest": ("admin",), "freshness": ("editor",)}

Write = Callable[[Texts], Reply]
Prepare = Callable[[], Awaitable[Write | None]]

log = structlog.get_logger("bot.digest")


class Weekly:
    """``run`` until cancelled, or ``step`` by hand. ``on_letters`` is called after each commit that wrote some."""

    def __init__(
        self,
        database: Database,
        office: Office,
        texts: Mapping[str, Texts],
        clock: Clock,
        channel: str,
        on_letters: Callable[[], None],
    ) -> None:
        self._database = database
        self._office = office
        self._texts = texts
        self._clock = clock
        self._channel = channel
        self._on_letters = on_letters

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except Exception:  # the database failed: who has no letter yet is still known
                log.exception("weekly letters could not be written")
            await self._clock.sleep(TICK)

    async def step(self) -> int:
        """Write the letters that are due and not written yet; how many there were."""
        now, quiet = self._clock.now(), self._office.quiet
        today = now.astimezone(quiet.zone).date()
        monday = today - dt.timedelta(days=today.weekday())
        due = quiet.over(dt.datetime.combine(monday, AT, quiet.zone))
        if not due <= now < due + LATE or quiet.at(now):
            return 0
        written = await self._letters("digest", monday, now, lambda: self._digest(monday, now))
        written += await self._letters("freshness", monday, now, lambda: self._freshness(today))
        if written:
            self._on_letters()
        return written

    async def _letters(self, kind: Kind, monday: dt.date, now: dt.datetime, prepare: Prepare) -> int:
        """One to each reader who has none yet; ``prepare`` reads what it takes, before the database is held."""
        year, number, _ = monday.isocalendar()
        week = f"{year}-W{number:02}"
        async with self._database.read() as tx:
            admins = [external for channel, external in self._office.authority.admins if channel == self._channel]
            people = await weekly.readers(tx, self._channel, READERS[kind], admins if kind == "digest" else ())
            have = await weekly.have(tx, week, kind)
        waiting = [person for person in people if person.id not in have]
        write = await prepare() if waiting else None
        if write is None:
            return 0
        letters = []
        async with self._database.write() as tx:
            for person in waiting:
                if await weekly.remember(tx, week, kind, person.id, now):
                    say = self._texts.get(person.language or "") or self._texts[self._office.site.language]
                    letters.append(Outgoing(self._channel, person.external, Lane.BULK, write(say).to_json()))
            await outbox.put(tx, letters, now)
        return len(letters)

    async def _digest(self, monday: dt.date, now: dt.datetime) -> Write:
        """The week before ``monday``, beside the one before that."""
        more = 1
        while more:  # what came in since the last tidying has its group too
            async with self._database.write() as tx:
                more = await group_new(tx, now)
        first, earlier = (monday - dt.timedelta(days=days) for days in (7, 14))
        async with self._database.read() as tx:
            this = await weekly.figures(tx, *self._span(first))
            before = await weekly.figures(tx, *self._span(earlier))
            start, end, _ = self._span(first)
            groups = await review.asked_between(tx, start, end, TOP)
        return lambda say: digest_letter(self._office.site.name, first, this, before, groups, say)

    async def _freshness(self, today: dt.date) -> Write | None:
        found = freshness.due(self._office.library, self._office.catalogue, today)
        owners = self._office.site.owners
        return (lambda say: freshness_letter(found, owners, today, say)) if found else None

    def _span(self, monday: dt.date) -> tuple[dt.datetime, dt.datetime, tuple[str, str]]:
        zone = self._office.quiet.zone
        start, end = (
            dt.datetime.combine(monday + dt.timedelta(days=days), dt.time(), zone).astimezone(dt.UTC) for days in (0, 7)
        )
        return start, end, (monday.isoformat(), (monday + dt.timedelta(days=6)).isoformat())
