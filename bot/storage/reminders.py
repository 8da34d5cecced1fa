"""Who wants to be reminded, and when next. Due times live here, so that they survive restarts.

One transaction picks who is due, writes the letters and moves the due times on; nothing is ever claimed and then lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import reminder
from bot.storage.tables import conversation, person


@dataclass(frozen=True, slots=True)
class Waiting:
    """``seen_at``: the person's own last message; ``contacted_at``: the last one to them that was not asked for."""

    person_id: int
    channel: str
    external: str
    language: str | None
    hour: int
    due_at: dt.datetime
    stopped_at: dt.datetime | None
    seen_at: dt.datetime | None
    contacted_at: dt.datetime | None


async def hour_of(tx: AsyncConnection, person_id: int) -> int | None:
    """The hour at which a person is reminded; None: not at all."""
    hour: int | None = await tx.scalar(select(reminder.c.hour).where(reminder.c.person_id == person_id))
    return hour


async def paused(tx: AsyncConnection, person_id: int) -> int | None:
    """The hour at which a person was reminded before they fell silent; None: they are not paused."""
    where = (reminder.c.person_id == person_id) & reminder.c.next_at.is_(None)
    hour: int | None = await tx.scalar(select(reminder.c.hour).where(where))
    return hour


async def set_hour(tx: AsyncConnection, person_id: int, hour: int, next_at: dt.datetime) -> None:
    values = {"hour": hour, "next_at": next_at}
    statement = insert(tx, reminder).values(person_id=person_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def stop(tx: AsyncConnection, person_id: int) -> None:
    await tx.execute(delete(reminder).where(reminder.c.person_id == person_id))


async def due(tx: AsyncConnection, channel: str, now: dt.datetime, most: int) -> list[Waiting]:
    """The longest overdue first; rows another process works on are left to it, where the database can.

    The channel is hidden from the planner, which else walks through all people of a channel instead of the due times.
    """
    columns = (
        person.c.id,
        person.c.channel,
        person.c.external,
        person.c.language,
        reminder.c.hour,
        reminder.c.next_at,
        person.c.stopped_at,
        conversation.c.updated_at,
        person.c.contacted_at,
    )
    joined = reminder.join(person).outerjoin(conversation, conversation.c.person_id == person.c.id)
    query = (
        select(*columns)
        .select_from(joined)
        .where((reminder.c.next_at <= now) & (func.coalesce(person.c.channel, "") == channel))
        .order_by(reminder.c.next_at)
    )
    return [Waiting(*row) for row in await tx.execute(query.limit(most).with_for_update(of=reminder, skip_locked=True))]


async def move(tx: AsyncConnection, next_at: Mapping[int, dt.datetime | None]) -> None:
    """Set when each person is due next; None pauses until they come back."""
    if next_at:
        statement = update(reminder).where(reminder.c.person_id == bindparam("who")).values(next_at=bindparam("at"))
        await tx.execute(statement, [{"who": person_id, "at": at} for person_id, at in next_at.items()])
