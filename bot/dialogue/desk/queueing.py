"""What becomes of tickets, whether a person's event or the clock brings it about; and whom it is told.

Neither side learns who the other is: what is passed on are words and a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.content import markup
from bot.content.models import Article
from bot.dialogue import answers
from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk.visit import Office, Visit, column
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.turns import Letter
from bot.handover.hours import Rules
from bot.i18n import Texts
from bot.storage import audit, people, staff, tickets
from bot.storage.audit import Entry
from bot.storage.people import Person
from bot.storage.tickets import End, Message, Ticket

Letters = tuple[Letter, ...]
Write = Callable[[Texts], Reply]
"""A reply in the language of whoever gets it."""


@dataclass(frozen=True)
class Queue:
    """``texts``: the interface texts of a language; None: the site's."""

    office: Office
    rules: Rules
    tx: AsyncConnection
    texts: Callable[[str | None], Texts]
    now: dt.datetime

    @classmethod
    def at(cls, visit: Visit) -> Queue | None:
        """None where people cannot be asked for."""
        rules = visit.office.handover
        return cls(visit.office, rules, visit.tx, visit.texts, visit.now) if rules else None

    # -- who --------------------------------------------------------------------------------------------------------

    async def free(self) -> list[Person]:
        """Staff who could take a ticket now."""
        authority = self.office.authority
        return await tickets.free_staff(self.tx, authority.roles_with("answer-people"), authority.admins)

    async def reachable(self, asker: int) -> bool:
        """Whether there is anybody who could answer ``asker`` some day."""
        authority = self.office.authority
        return await tickets.any_staff(self.tx, authority.roles_with("answer-people"), authority.admins, asker)

    async def may_answer(self, person: Person) -> bool:
        """Whether ``person`` may answer people, and can be reached."""
        granted = await staff.roles_of(self.tx, person.id)
        roles = self.office.authority.roles(person.channel, person.external, granted)
        return person.stopped_at is None and self.office.authority.may(roles, "answer-people")

    # -- what is told -----------------------------------------------------------------------------------------------

    async def tell(self, person_id: int | None, write: Write) -> Letters:
        """Nobody, when they are gone or have stopped the assistant."""
        person = await people.by_id(self.tx, person_id)
        return (self._letter(person, write),) if person and person.stopped_at is None else ()

    async def announce(self, write: Write, but: int | None = None) -> Letters:
        """To all staff who are free, but the one with the number ``but``; in office hours only."""
        if not self.rules.hours.at(self.now):
            return ()
        return tuple(self._letter(person, write) for person in await self.free() if person.id != but)

    def _letter(self, person: Person, write: Write) -> Letter:
        return Letter(person.channel, person.external, write(self.texts(person.language)))

    def notice(self, ticket: Ticket) -> Write:
        """A ticket waits: its number and what it is probably about. Only who takes it sees the words."""

        def write(say: Texts) -> Reply:
            text = say("handover.notice", number=ticket.number, topic=self.about(ticket, say))
            return Reply(text, column(Choice(say("handover.take"), encode("take", ticket.id))))

        return write

    def about(self, ticket: Ticket, say: Texts) -> str:
        article = self.office.library.get(ticket.topic or "")
        return article.label if article and article.opens is None else say("handover.any_topic")

    def promise(self, say: Texts) -> str:
        """When somebody will be there."""
        zone, hours = self.rules.hours.zone, self.rules.hours
        opening = say.moment(hours.next_opening(self.now).astimezone(zone))
        if end := hours.until(self.now):
            return say("handover.promise_today", end=f"{end.astimezone(zone):%H:%M}", opening=opening)
        return say("handover.promise", opening=opening)

    def sent(self, message: Message, say: Texts) -> str:
        """One message of a ticket: an article with source and date, or words as they were typed."""
        article = self.office.library.get(message.topic or "")
        return self.canned(article, say) if article else spoken(message.words or "")

    def canned(self, article: Article, say: Texts) -> str:
        today = self.now.astimezone(self.rules.hours.zone).date()
        return answers.whole(article, say, self.office.library, self.office.site, today, 0).text

    # -- moves ------------------------------------------------------------------------------------------------------

    async def open_again(self, ticket: Ticket, why: str, actor: int | None) -> Letters:
        """Whoever took it cannot go on: back to the queue, and the asker, if they were talking, is the bot's again."""
        held_by = ticket.agent_id
        if not await tickets.give_back(self.tx, ticket.id, self.rules.hours.next_opening(self.now)):
            return ()
        await self.record(actor, "give-back", ticket, {"why": why})
        waits = replace(ticket, state="open", owner="bot", later=True, agent_id=None)
        told = await self.tell(ticket.person_id, self._back_to_bot(ticket)) if ticket.owner == "human" else ()
        return told + await self.announce(self.notice(waits), but=held_by)

    def _back_to_bot(self, ticket: Ticket) -> Write:
        def write(say: Texts) -> Reply:
            text = say(
                "handover.back_to_bot",
                number=ticket.number,
                promise=self.promise(say),
                hotline=self.office.site.hotline,
            )
            return Reply(text, drop_row(ticket, say, "handover.cancel"))

        return write

    async def close(self, ticket: Ticket, by: End, actor: int | None, due_at: dt.datetime | None = None) -> bool:
        closed = await tickets.close(self.tx, ticket.id, by, self.now, due_at)
        if closed:
            await self.record(actor, "close-ticket", ticket, {"by": by})
        return closed

    async def deliver(self, ticket: Ticket) -> Letters:
        """The answer of a ticket that was answered by letter."""
        messages = await tickets.written(self.tx, ticket.id)
        last = next((each for each in reversed(messages) if each.sender == "staff"), None)
        await tickets.delivered(self.tx, ticket.id)
        if last is None:
            return ()

        def write(say: Texts) -> Reply:
            if not (last.words or last.topic):
                text = say("handover.no_answer", number=ticket.number, hotline=self.office.site.hotline)
            else:
                text = say("handover.answer", number=ticket.number) + "\n\n" + self.sent(last, say)
            return Reply(text, column(Choice(say("handover.ask_more"), encode("person"))))

        return await self.tell(ticket.person_id, write)

    async def release(self, person_id: int) -> Letters:
        """Someone may have lost the right to answer people: what they hold goes back at once."""
        held = await tickets.held_by(self.tx, person_id)
        agent = await people.by_id(self.tx, person_id)
        if held is None or (agent and await self.may_answer(agent)):
            return ()
        return await self.open_again(held, "revoked", None)

    async def record(self, actor: int | None, action: str, ticket: Ticket, after: Any = None) -> None:
        """In the audit: what became of a ticket, never its words. ``actor``: None for the clock."""
        await audit.record(self.tx, Entry(self.now, actor, action, f"ticket {ticket.id}", after=after))


def spoken(words: str) -> str:
    """What someone typed, line by line, as markup that shows exactly that."""
    return "\n\n".join(markup.escape(line.strip()) for line in words.splitlines() if line.strip())


def drop_row(ticket: Ticket, say: Texts, key: str) -> Rows:
    """One tap with which the asker ends it."""
    return column(Choice(say(key), encode("drop", ticket.id)))
