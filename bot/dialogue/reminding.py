"""Reminders go out: whoever is due gets one letter, if there is something to do and the hour allows it.

One transaction picks the due rows, writes their letters and moves them on, so that a crash neither loses one nor sends
two. At most ``most`` go out a tick, which is what the bulk lane sends in that time: no letter waits into the night.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.dialogue.actions import encode
from bot.dialogue.desk.visit import Office
from bot.dialogue.replies import Choice, Reply
from bot.i18n import Texts
from bot.learning.quiet import next_reminder, on_time
from bot.learning.reviews import DAILY, FORGIVEN
from bot.storage import attempts, bookmarks, completions, outbox, people, reminders, reviews
from bot.storage.database import Database
from bot.storage.outbox import Lane, Outgoing
from bot.storage.reminders import Waiting

TICK = 60.0  # seconds

log = structlog.get_logger("bot.reminding")


class Reminding:
    """``run`` until cancelled, or ``step`` by hand. ``on_letters`` is called after each commit that wrote some."""

    def __init__(
        self,
        database: Database,
        office: Office,
        texts: Mapping[str, Texts],
        clock: Clock,
        channel: str,
        most: int,
        on_letters: Callable[[], None],
    ) -> None:
        self._database = database
        self._office = office
        self._texts = texts
        self._clock = clock
        self._channel = channel
        self._most = most
        self._on_letters = on_letters

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except Exception:  # the database failed: the due times are still there
                log.exception("reminders could not be sent")
            await self._clock.sleep(TICK)

    async def step(self) -> int:
        """Handle those who are due now; how many letters were written."""
        now = self._clock.now()
        letters: list[Outgoing] = []
        written: list[int] = []
        next_at: dict[int, dt.datetime | None] = {}
        async with self._database.write() as tx:
            for person in await reminders.due(tx, self._channel, now, self._most):
                silent = person.seen_at is None or now - person.seen_at > FORGIVEN
                gone = person.stopped_at is not None or silent
                next_at[person.person_id] = None if gone else next_reminder(now, person.hour, self._office.quiet)
                if gone or not on_time(person.due_at, now, self._office.quiet) or self._written_today(person, now):
                    continue
                if reply := await self._letter(tx, person, now):
                    letters.append(Outgoing(self._channel, person.external, Lane.BULK, reply.to_json()))
                    written.append(person.person_id)
            await reminders.move(tx, next_at)
            await people.contacted(tx, written, now)
            await outbox.put(tx, letters, now)
        if letters:
            self._on_letters()
        return len(letters)

    def _written_today(self, person: Waiting, now: dt.datetime) -> bool:
        zone = self._office.quiet.zone
        last = person.contacted_at
        return last is not None and last.astimezone(zone).date() == now.astimezone(zone).date()

    async def _letter(self, tx: AsyncConnection, person: Waiting, now: dt.datetime) -> Reply | None:
        """What there is to do: questions to review, else the lesson left open; None: nothing."""
        say = self._texts.get(person.language or "") or self._texts[self._office.site.language]
        day = now.astimezone(self._office.quiet.zone).date().isoformat()
        stop = (Choice(say("remind.stop"), encode("remind", "off")),)
        due = await reviews.count_due(tx, person.person_id, now)
        if due and await attempts.review_of(tx, person.person_id, day) is None:
            count = min(due, DAILY)
            text = say("remind.review", count=count)
            return Reply(text, ((Choice(say("learn.review", count=count), encode("review")),), stop))
        place = await bookmarks.of(tx, person.person_id)
        lesson = self._office.catalogue.lesson(place[0]) if place else None
        done = await completions.of_person(tx, person.person_id, "lesson")
        if place is None or lesson is None or lesson.id in done:
            return None
        card = min(place[1], len(lesson.cards) - 1)
        go_on = (Choice(say("learn.go_on", label=lesson.label), encode("card", lesson.id, card)),)
        return Reply(say("remind.lesson", title=lesson.title), (go_on, stop))
