"""Announcements themselves; what they may become stands in ``bot.broadcasting.states``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.broadcast_tables import broadcast, opening
from bot.storage.dialect import insert


@dataclass(frozen=True, slots=True)
class Broadcast:
    """``buttons``: {"label", "url" or "lesson"}; ``segment``: a ``segments.Segment`` as JSON."""

    id: int
    kind: str
    category: str
    status: str
    text: str
    buttons: list[dict[str, str]]
    file: dict[str, Any] | None
    segment: dict[str, Any]
    author_id: int | None
    approver_id: int | None
    created_at: dt.datetime
    tested_at: dt.datetime | None
    start_at: dt.datetime | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    total: int | None
    canary_done: bool
    reason: str | None
    test_letter: int | None
    progress_letter: int | None


_COLUMNS = tuple(broadcast.c[name] for name in Broadcast.__slots__)


async def create(tx: AsyncConnection, author_id: int | None, values: dict[str, Any], now: dt.datetime) -> int:
    """A draft with ``values`` (kind, category, text, buttons, segment, file); its number."""
    row = values | {"author_id": author_id, "created_at": now, "status": "draft"}
    key = (await tx.execute(insert(tx, broadcast).values(row))).inserted_primary_key
    return int(key[0]) if key else 0


async def load(tx: AsyncConnection, id: int) -> Broadcast | None:
    row = (await tx.execute(select(*_COLUMNS).where(broadcast.c.id == id))).first()
    return Broadcast(*row) if row else None


async def with_status(tx: AsyncConnection, statuses: Collection[str]) -> list[Broadcast]:
    query = select(*_COLUMNS).where(broadcast.c.status.in_(sorted(statuses))).order_by(broadcast.c.id)
    return [Broadcast(*row) for row in await tx.execute(query)]


async def newest(tx: AsyncConnection, most: int) -> list[Broadcast]:
    query = select(*_COLUMNS).order_by(broadcast.c.id.desc()).limit(most)
    return [Broadcast(*row) for row in await tx.execute(query)]


async def change(tx: AsyncConnection, id: int, was: str, **values: Any) -> bool:
    """Set ``values`` where the announcement still stands at ``was``; False when somebody was faster."""
    where = (broadcast.c.id == id) & (broadcast.c.status == was)
    return (await tx.execute(update(broadcast).where(where).values(**values))).rowcount == 1


async def opened(tx: AsyncConnection, id: int, person_id: int, now: dt.datetime) -> None:
    """Somebody who got it opened what it leads to; each person counts once."""
    row = {"broadcast_id": id, "person_id": person_id, "opened_at": now}
    await tx.execute(insert(tx, opening).values(row).on_conflict_do_nothing())


async def count_opened(tx: AsyncConnection, id: int) -> int:
    return await tx.scalar(select(func.count()).select_from(opening).where(opening.c.broadcast_id == id)) or 0
