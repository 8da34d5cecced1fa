"""Everything kept about one person: shown as it is, or erased so that only counts remain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import questions
from bot.storage.dialect import insert
from bot.storage.learning_tables import (
    answer,
    attempt,
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
from bot.storage.tables import conversation, inbox, outbox, person, question

_OWN: tuple[Table, ...] = (
    consent, profile, membership, bookmark, attempt, completion, review, reminder, certificate, role, question,
    conversation,
)  # fmt: skip


async def everything(tx: AsyncConnection, person_id: int) -> dict[str, Any]:
    """All rows about a person, by table, as JSON data."""
    found: dict[str, Any] = {"person": await _rows(tx, person, person.c.id == person_id)}
    for table in _OWN:
        found[table.name] = await _rows(tx, table, table.c.person_id == person_id)
    answers = select(answer).join(attempt).where(attempt.c.person_id == person_id)
    found["answer"] = [_plain(row._asdict()) for row in await tx.execute(answers)]
    found["learner_group"] = await _rows(tx, learner_group, learner_group.c.owner_id == person_id)
    return {name: rows for name, rows in found.items() if rows}


async def erase(tx: AsyncConnection, person_id: int, receipt: str, now: dt.datetime) -> None:
    """Remove a person and all that is theirs; certificates lose their holder. What they had completed stays counted
    when it is ``metrics.recording.erase`` that calls this.

    ``outbox`` and ``inbox`` rows that are done lose the chat; call ``forget_chat`` again once the receipt is sent.
    """
    address = (await tx.execute(select(person.c.channel, person.c.external).where(person.c.id == person_id))).one()
    await tx.execute(delete(completion).where(completion.c.person_id == person_id))
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


async def _rows(tx: AsyncConnection, table: Table, where: Any) -> list[dict[str, Any]]:
    return [_plain(row._asdict()) for row in await tx.execute(select(table).where(where))]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()}
