"""The clock of tickets: nobody came, nobody answers, nobody is there any more, the morning has come.

One transaction finds what is due, moves it and writes the letters about it: nobody is told twice, nobody is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.dialogue.actions import encode
from bot.dialogue.desk.answering import ended
from bot.dialogue.desk.queueing import Letters, Queue, drop_row
from bot.dialogue.desk.visit import Office, column
from bot.dialogue.replies import Choice, Reply
from bot.handover.hours import Rules
from bot.i18n import Texts
from bot.storage import outbox, people, tickets
from bot.storage.database import Database
from bot.storage.outbox import Lane, Outgoing
from bot.storage.tickets import Ticket

TICK = 10.0  # seconds
MOST = 200  # tickets a tick

log = structlog.get_logger("bot.handing_back")


class HandingBack:
    """``run`` until cancelled, or ``step`` by hand. ``on_letters`` is called after each tick: letters of another
    process, such as a terminal on the same database, go out by it too.
    """

    def __init__(
        self,
        database: Database,
        office: Office,
        rules: Rules,
        texts: Callable[[str | None], Texts],
        clock: Clock,
        on_letters: Callable[[], None],
    ) -> None:
        self._database = database
        self._office = office
        self._rules = rules
        self._texts = texts
        self._clock = clock
        self._on_letters = on_letters

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except Exception:  # the database failed: the due times are still there
                log.exception("tickets could not be looked after")
            self._on_letters()
            await self._clock.sleep(TICK)

    async def step(self) -> int:
        """Do what is due; how many letters were written."""
        now = self._clock.now()
        async with self._database.write() as tx:
            queue = Queue(self._office, self._rules, tx, self._texts, now)
            letters = await self._lost(tx, queue)
            announced: list[Ticket] = []
            for ticket in await tickets.due(tx, now, MOST):
                if ticket.state == "open" and ticket.later:
                    await tickets.postpone(tx, ticket.id, self._rules.hours.next_opening(now))
                    announced.append(ticket)
                else:
                    letters += await self._due(tx, queue, ticket)
            if announced:
                letters += await queue.announce(_morning(len(announced)))
            rows = [Outgoing(each.channel, each.chat, Lane.INTERACTIVE, each.reply.to_json()) for each in letters]
            await outbox.put(tx, rows, now)
        return len(letters)

    async def _lost(self, tx: AsyncConnection, queue: Queue) -> Letters:
        """Talks of which one side is gone: staff revoked from the command line, anyone who blocked the assistant."""
        letters: Letters = ()
        for ticket in await tickets.taken(tx):
            agent, asker = await people.by_id(tx, ticket.agent_id), await people.by_id(tx, ticket.person_id)
            if asker is None or asker.stopped_at:
                await queue.close(ticket, "gone", None)
                letters += await queue.tell(ticket.agent_id, ended("handover.asker_gone", ticket))
            elif agent is None or not await queue.may_answer(agent):
                letters += await queue.open_again(ticket, "revoked", None)
        return letters

    async def _due(self, tx: AsyncConnection, queue: Queue, ticket: Ticket) -> Letters:
        if ticket.state == "closed":
            return await queue.deliver(ticket)
        if ticket.state == "open":
            await tickets.postpone(tx, ticket.id, self._rules.hours.next_opening(queue.now))
            return await queue.tell(ticket.person_id, _nobody_free(ticket, queue))
        if ticket.turn == "staff":
            told = await queue.tell(ticket.agent_id, ended("handover.too_late", ticket))
            return await queue.open_again(ticket, "time", None) + told
        await queue.close(ticket, "silence", None)
        told = await queue.tell(ticket.agent_id, ended("handover.asker_silent", ticket))
        return told + await queue.tell(ticket.person_id, ended("handover.silent", ticket))


def _nobody_free(ticket: Ticket, queue: Queue) -> Callable[[Texts], Reply]:
    def write(say: Texts) -> Reply:
        hotline = queue.office.site.hotline
        text = say("handover.nobody_free", number=ticket.number, promise=queue.promise(say), hotline=hotline)
        return Reply(text, drop_row(ticket, say, "handover.cancel"))

    return write


def _morning(count: int) -> Callable[[Texts], Reply]:
    def write(say: Texts) -> Reply:
        text = say("handover.morning", count=count)
        return Reply(text, column(Choice(say("handover.show"), encode("queue"))))

    return write
