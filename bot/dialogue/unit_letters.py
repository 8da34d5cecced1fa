"""Once a month, whoever reports for a ward reads where it stands: what was reached and what is missing to each target.

Written on the first days of a month, at eight or the first hour after it that is not quiet. The row that remembers a
letter and the letter itself are one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.content import markup
from bot.dialogue.desk.visit import Office
from bot.dialogue.digest import AT, LATE
from bot.dialogue.replies import Reply
from bot.i18n import Texts
from bot.metrics.figures import Figure
from bot.metrics.period import Period, parse
from bot.metrics.report import Cut, Metrics, make
from bot.metrics.saying import span
from bot.storage import outbox, people, staff, weekly
from bot.storage.database import Database
from bot.storage.outbox import Lane, Outgoing

TICK = 600.0  # seconds

log = structlog.get_logger("bot.unit_letters")


class UnitLetters:
    """``run`` until cancelled, or ``step`` by hand. ``on_letters`` is called after each commit that wrote some."""

    def __init__(
        self,
        database: Database,
        office: Office,
        metrics: Metrics,
        texts: Mapping[str, Texts],
        clock: Clock,
        channel: str,
        on_letters: Callable[[], None],
    ) -> None:
        self._database = database
        self._office = office
        self._metrics = metrics
        self._texts = texts
        self._clock = clock
        self._channel = channel
        self._on_letters = on_letters

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except Exception:  # the database failed: who has no letter yet is still known
                log.exception("letters to those who report for a ward could not be written")
            await self._clock.sleep(TICK)

    async def step(self) -> int:
        """Write the letters that are due and not written yet; how many there were."""
        now, quiet = self._clock.now(), self._office.quiet
        today = now.astimezone(quiet.zone).date()
        due = quiet.over(dt.datetime.combine(today.replace(day=1), AT, quiet.zone))
        if not due <= now < due + LATE or quiet.at(now):
            return 0
        month = f"{today.year}-M{today.month:02}"
        async with self._database.read() as tx:
            have = await weekly.have(tx, month, "unit")
            waiting = [each for each in await staff.limited(tx) if each[0] not in have]
        if not waiting:
            return 0
        before = parse(f"{today:%Y-%m}").before
        letters = []
        async with self._database.write() as tx:
            for person_id, ward in waiting:
                person = await people.by_id(tx, person_id)
                if person is None or person.channel != self._channel or person.stopped_at:
                    continue
                if await weekly.remember(tx, month, "unit", person_id, now):
                    say = self._texts.get(person.language or "") or self._texts[self._office.site.language]
                    reply = await self._letter(tx, self._metrics.today(ward), before, today, say)
                    letters.append(Outgoing(person.channel, person.external, Lane.BULK, reply.to_json()))
            await outbox.put(tx, letters, now)
        if letters:
            self._on_letters()
        return len(letters)

    async def _letter(self, tx: AsyncConnection, ward: str, month: Period, today: dt.date, say: Texts) -> Reply:
        made = await make(tx, self._metrics, month, today, Cut("ward", ward))
        lines = ["- " + _line(figure, say) for figure in made.headline()]
        title = say("unit.title", ward=markup.escape(made.area), month=span(month, say))
        return Reply("\n\n".join([title, "\n".join(lines), say("unit.how")]))


def _line(figure: Figure, say: Texts) -> str:
    """What was reached, what is new, and what is missing: or why nobody can say."""
    values = {"label": markup.escape(figure.indicator.label), "value": say.number(figure.value),
              "new": say.number(figure.new), "unit": figure.indicator.unit}  # fmt: skip
    if figure.missing:
        target = figure.target
        year = target.year if target else ""
        return say("unit.missing", **values, missing=say.number(figure.missing), year=year)
    if figure.missing == 0:
        return say("unit.reached", **values)
    return say("unit.unknown" if figure.indicator.targets else "unit.plain", **values)
