"""Everything kept about one person: shown as it is, or erased so that only counts remain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, Table, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import deliveries, questions
from bot.storage.broadcast_tables import delivery, opening, subscription
from bot.storage.dialect import insert
from bot.storage.learning_tables import (
    answer,
    attempt,
    audit,
    bookmark,
    certificate,
    completion,
    consent,
    erasure,
    learner_group,
    membership,
    profile,
    reminder,
    review,
    role,
)
from bot.storage.tables import Timestamp, conversation, inbox, outbox, person, question
from bot.storage.ticket_tables import ticket, ticket_message

_OWN: tuple[Table, ...] = (
    consent, profile, membership, bookmark, attempt, completion, review, reminder, certificate, role, question,
    conversation, subscription, delivery, opening,
)  # fmt: skip


async def everything(tx: AsyncConnection, person_id: int) -> dict[str, Any]:
    """All rows about a person, by table, as JSON data; with what they registered for others and did as staff."""
    found: dict[str, Any] = {"person": await _rows(tx, person, person.c.id == person_id)}
    for table in _OWN:
        found[table.name] = await _rows(tx, table, table.c.person_id == person_id)
    answers = select(answer).join(attempt).where(attempt.c.person_id == person_id)
    found["answer"] = [_plain(row._asdict()) for row in await tx.execute(answers)]
    found["completion_for_others"] = await _rows(tx, completion, completion.c.assisted_by == person_id)
    found["audit"] = await _rows(tx, audit, audit.c.actor == person_id)
    found["learner_group"] = await _rows(tx, learner_group, learner_group.c.owner_id == person_id)
    asked = await _rows(tx, ticket, ticket.c.person_id == person_id)
    found["ticket"] = [{name: value for name, value in row.items() if name != "agent_id"} for row in asked]
    found["ticket_message"] = await _rows(tx, ticket_message, ticket_message.c.ticket_id.in_(_asked(person_id)))
    return {name: rows for name, rows in found.items() if rows}


async def erase(tx: AsyncConnection, person_id: int, receipt: str, now: dt.datetime) -> None:
    """Remove a person and all that is theirs; certificates lose their holder. What they had completed stays counted
    when it is ``metrics.recording.erase`` that calls this.

    ``outbox`` and ``inbox`` rows that are done lose the chat; call ``forget_chat`` again once the receipt is sent.
    """
    address = (await tx.execute(select(person.c.channel, person.c.external).where(person.c.id == person_id))).one()
    await tx.execute(delete(completion).where(completion.c.person_id == person_id))
    await deliveries.forget(tx, person_id)
    await _forget_tickets(tx, person_id, now)
    await questions.forget(tx, question.c.person_id == person_id)
    await tx.execute(delete(person).where(person.c.id == person_id))  # the rest goes with it
    await tx.execute(insert(tx, erasure).values(receipt=receipt, erased_at=now))
    await forget_chat(tx, *address)


async def forget_chat(tx: AsyncConnection, channel: str, chat: str) -> None:
    """What came from or went to ``chat`` and is done no longer says so."""
    came = (inbox.c.channel == channel) & (inbox.c.chat == chat) & inbox.c.done_at.is_not(None)
    await tx.execute(update(inbox).where(came).values(chat=""))
    went = (outbox.c.channel == channel) & (outbox.c.chat == chat) & outbox.c.status.in_(["sent", "failed", "unknown"])
    await tx.execute(update(outbox).where(went).values(chat=""))


async def find(tx: AsyncConnection, receipt: str) -> dt.datetime | None:
    """When the erasure with this receipt took place."""
    at: dt.datetime | None = await tx.scalar(select(erasure.c.erased_at).where(erasure.c.receipt == receipt))
    return at


async def _forget_tickets(tx: AsyncConnection, person_id: int, now: dt.datetime) -> None:
    """What was written on theirs goes, and none stays open; what they had taken of others goes back to the queue."""
    await tx.execute(delete(ticket_message).where(ticket_message.c.ticket_id.in_(_asked(person_id))))
    closed = {
        "state": "closed",
        "owner": "bot",
        "closed_at": func.coalesce(ticket.c.closed_at, literal(now, Timestamp)),
        "closed_by": func.coalesce(ticket.c.closed_by, "erased"),
        "due_at": None,
    }
    await tx.execute(update(ticket).where(ticket.c.person_id == person_id).values(closed))
    held = (ticket.c.agent_id == person_id) & (ticket.c.state == "taken")
    queued = {"state": "open", "owner": "bot", "later": True, "agent_id": None, "turn": "staff", "due_at": now}
    await tx.execute(update(ticket).where(held).values(queued))


def _asked(person_id: int) -> Select[tuple[int]]:
    return select(ticket.c.id).where(ticket.c.person_id == person_id)


async def _rows(tx: AsyncConnection, table: Table, where: Any) -> list[dict[str, Any]]:
    return [_plain(row._asdict()) for row in await tx.execute(select(table).where(where))]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()}
