"""Tickets: a question for staff on its way, and what was written on it. Every move says in one UPDATE from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.learning_tables import role
from bot.storage.people import Address, Person
from bot.storage.tables import person
from bot.storage.ticket_tables import ticket, ticket_message

Side = Literal["person", "staff"]
End = Literal["person", "staff", "silence", "gone"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """``turn``: whose word is awaited. ``later``: answered by one letter, the bot keeps answering meanwhile."""

    id: int
    person_id: int | None
    agent_id: int | None
    state: Literal["open", "taken", "closed"]
    owner: Literal["bot", "human"]
    later: bool
    turn: Side
    topic: str | None
    opened_at: dt.datetime
    due_at: dt.datetime | None

    @property
    def number(self) -> str:
        return f"T-{self.id:06d}"


@dataclass(frozen=True, slots=True)
class Message:
    """``topic``: staff sent this article; ``words`` are None then, and once they are forgotten."""

    sender: Side
    words: str | None
    topic: str | None


_COLUMNS = tuple(ticket.c[name] for name in Ticket.__slots__)
_PEOPLE = (person.c.id, person.c.channel, person.c.external, person.c.language, person.c.stopped_at)
_UNFINISHED = ticket.c.state != "closed"
_TAKEN = ticket.c.state == "taken"


async def open_(
    tx: AsyncConnection, person_id: int, topic: str | None, later: bool, due_at: dt.datetime, now: dt.datetime
) -> Ticket:
    """A new ticket. Raises IntegrityError when the person has an unfinished one: look with ``of_person`` first."""
    values = {
        "person_id": person_id,
        "state": "open",
        "owner": "bot",
        "later": later,
        "turn": "staff",
        "topic": topic,
        "opened_at": now,
        "due_at": due_at,
    }
    row = (await tx.execute(insert(ticket).values(values).returning(*_COLUMNS))).one()
    return Ticket(*row)


async def by_id(tx: AsyncConnection, id: int) -> Ticket | None:
    return await _one(tx, ticket.c.id == id)


async def of_person(tx: AsyncConnection, person_id: int) -> Ticket | None:
    """The unfinished ticket of an asker."""
    return await _one(tx, (ticket.c.person_id == person_id) & _UNFINISHED)


async def held_by(tx: AsyncConnection, person_id: int) -> Ticket | None:
    """The ticket that a member of staff has taken."""
    return await _one(tx, (ticket.c.agent_id == person_id) & _TAKEN)


async def lines(tx: AsyncConnection, people: Iterable[int]) -> dict[int, Side]:
    """Those of ``people`` whose words go to someone else and not to the bot, and on which side they are."""
    ids = set(people)
    asking = and_(ticket.c.owner == "human", ticket.c.person_id.in_(ids))
    query = select(ticket.c.person_id, ticket.c.agent_id, ticket.c.owner)
    rows = (await tx.execute(query.where(_TAKEN & or_(asking, ticket.c.agent_id.in_(ids))))).all()
    found: dict[int, Side] = {asker: "person" for asker, _, owner in rows if owner == "human" and asker in ids}
    return found | {agent: "staff" for _, agent, _ in rows if agent in ids}


async def waiting(tx: AsyncConnection, most: int) -> list[Ticket]:
    """Tickets that nobody has taken, oldest first."""
    query = select(*_COLUMNS).where(ticket.c.state == "open").order_by(ticket.c.id).limit(most)
    return [Ticket(*row) for row in await tx.execute(query)]


async def due(tx: AsyncConnection, now: dt.datetime, most: int) -> list[Ticket]:
    """Tickets for which the clock has something to do, the longest overdue first."""
    query = select(*_COLUMNS).where(ticket.c.due_at <= now).order_by(ticket.c.due_at).limit(most)
    return [Ticket(*row) for row in await tx.execute(query.with_for_update(skip_locked=True))]


async def taken(tx: AsyncConnection) -> list[Ticket]:
    return [Ticket(*row) for row in await tx.execute(select(*_COLUMNS).where(_TAKEN).order_by(ticket.c.id))]


# -- moves ------------------------------------------------------------------------------------------------------------


async def take(tx: AsyncConnection, id: int, agent_id: int, due_at: dt.datetime, now: dt.datetime) -> bool:
    """False when it is not open any more: whoever taps first has it."""
    owner = case((ticket.c.later, "bot"), else_="human")
    return await _move(
        tx, id, "open", state="taken", owner=owner, agent_id=agent_id, taken_at=now, turn="staff", due_at=due_at
    )


async def give_back(tx: AsyncConnection, id: int, due_at: dt.datetime) -> bool:
    """To the queue, to be answered by letter: the asker is the bot's again."""
    return await _move(
        tx, id, "taken", state="open", owner="bot", later=True, agent_id=None, turn="staff", due_at=due_at
    )


async def postpone(tx: AsyncConnection, id: int, due_at: dt.datetime) -> bool:
    """Nobody took it: it is answered by letter."""
    return await _move(tx, id, "open", later=True, due_at=due_at)


async def close(tx: AsyncConnection, id: int, by: End, now: dt.datetime, due_at: dt.datetime | None = None) -> bool:
    """``due_at``: when the answer goes out; None: there is none, or it has gone. False when it was closed before."""
    where = (ticket.c.id == id) & _UNFINISHED
    values = {"state": "closed", "owner": "bot", "closed_by": by, "closed_at": now, "due_at": due_at}
    return (await tx.execute(update(ticket).where(where).values(values))).rowcount == 1


async def delivered(tx: AsyncConnection, id: int) -> None:
    """The answer of a closed ticket went out."""
    await tx.execute(update(ticket).where((ticket.c.id == id) & (ticket.c.state == "closed")).values(due_at=None))


async def expect(tx: AsyncConnection, id: int, turn: Side, due_at: dt.datetime) -> None:
    """Whose word is awaited now, and until when."""
    await tx.execute(update(ticket).where((ticket.c.id == id) & _TAKEN).values(turn=turn, due_at=due_at))


# -- words ------------------------------------------------------------------------------------------------------------


async def write(
    tx: AsyncConnection, id: int, sender: Side, now: dt.datetime, words: str | None = None, topic: str | None = None
) -> None:
    row = {"ticket_id": id, "sender": sender, "words": words, "topic": topic, "written_at": now}
    await tx.execute(insert(ticket_message).values(row))


async def written(tx: AsyncConnection, id: int) -> list[Message]:
    """In the order in which it was written."""
    m = ticket_message.c
    query = select(m.sender, m.words, m.topic).where(m.ticket_id == id).order_by(m.id)
    return [Message(*row) for row in await tx.execute(query)]


async def count_since(tx: AsyncConnection, id: int, since: dt.datetime) -> int:
    """How many messages the asker wrote after ``since``."""
    m = ticket_message.c
    query = select(func.count()).where((m.ticket_id == id) & (m.sender == "person") & (m.written_at > since))
    return await tx.scalar(query) or 0


async def forget_words(tx: AsyncConnection, before: dt.datetime) -> int:
    """Drop what was written on tickets closed before ``before``, unless their answer has yet to go out."""
    over = (ticket.c.closed_at < before) & ticket.c.due_at.is_(None)
    old = ticket_message.c.ticket_id.in_(select(ticket.c.id).where(over))
    return (
        await tx.execute(update(ticket_message).where(old & ticket_message.c.words.is_not(None)).values(words=None))
    ).rowcount


# -- staff ------------------------------------------------------------------------------------------------------------


async def free_staff(tx: AsyncConnection, roles: Sequence[str], named: Iterable[Address]) -> list[Person]:
    """Whoever has one of ``roles`` or is ``named``, has not stopped the bot, and is in no talk."""
    busy = select(ticket.c.id).where(
        _TAKEN & ((ticket.c.agent_id == person.c.id) | (ticket.c.person_id == person.c.id))
    )
    query = select(*_PEOPLE).where(_able(roles, named) & ~busy.exists())
    return [Person(*row) for row in await tx.execute(query.order_by(person.c.id))]


async def any_staff(tx: AsyncConnection, roles: Sequence[str], named: Iterable[Address], but: int) -> bool:
    """Whether there is anybody, busy or not, beside the person with the number ``but``."""
    query = select(person.c.id).where(_able(roles, named) & (person.c.id != but)).limit(1)
    return await tx.scalar(query) is not None


def _able(roles: Sequence[str], named: Iterable[Address]) -> ColumnElement[bool]:
    granted = person.c.id.in_(select(role.c.person_id).where(role.c.role.in_(roles)))
    by_name = tuple_(person.c.channel, person.c.external).in_(list(named))
    return or_(granted, by_name) & person.c.stopped_at.is_(None)


async def _one(tx: AsyncConnection, where: Any) -> Ticket | None:
    row = (await tx.execute(select(*_COLUMNS).where(where))).one_or_none()
    return Ticket(*row) if row else None


async def _move(tx: AsyncConnection, id: int, from_: str, **values: Any) -> bool:
    where = (ticket.c.id == id) & (ticket.c.state == from_)
    return (await tx.execute(update(ticket).where(where).values(values))).rowcount == 1
