"""What came in. A row is written before it is acknowledged and done in the transaction that holds its effects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.tables import inbox


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event on its way into the inbox. ``update_id`` orders the events of one channel."""

    channel: str
    update_id: int
    chat: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    channel: str
    chat: str
    event: dict[str, Any]
    received_at: dt.datetime


_WAITING = (
    select(inbox.c.id, inbox.c.channel, inbox.c.chat, inbox.c.event, inbox.c.received_at)
    .where(inbox.c.done_at.is_(None))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(done_at=bindparam("at"), error=bindparam("why"), event=None)
)


async def put(tx: AsyncConnection, events: Sequence[Incoming], now: dt.datetime) -> None:
    """Store events; one that is already there (same channel and update id) is left as it is."""
    rows = [
        {"channel": e.channel, "update_id": e.update_id, "chat": e.chat, "event": e.event, "received_at": now}
        for e in events
    ]
    if rows:
        await tx.execute(insert(tx, inbox).on_conflict_do_nothing(), rows)


async def waiting(tx: AsyncConnection, most: int) -> list[Waiting]:
    """The oldest unhandled events, in the order in which the channel numbered them."""
    return [Waiting(*row) for row in await tx.execute(_WAITING, {"most": most})]


async def done(tx: AsyncConnection, ids: Sequence[int], now: dt.datetime, error: str | None = None) -> None:
    """Close events and forget their words."""
    if ids:
        await tx.execute(_DONE, [{"row": id, "at": now, "why": error} for id in ids])


async def last_update_id(tx: AsyncConnection, channel: str) -> int:
    """The highest update id seen on ``channel``, 0 before the first."""
    newest = select(inbox.c.update_id).where(inbox.c.channel == channel).order_by(inbox.c.update_id.desc()).limit(1)
    return await tx.scalar(newest) or 0


async def prune(tx: AsyncConnection, before: dt.datetime) -> int:
    """Forget handled events older than ``before``; keep it well over the channel's own redelivery time."""
    result = await tx.execute(delete(inbox).where(inbox.c.done_at < before))
    return result.rowcount
