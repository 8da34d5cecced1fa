"""How the assistant is doing, in numbers that lead to nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.learning_tables import completion
from bot.storage.metrics_tables import asked
from bot.storage.outbox import Lane
from bot.storage.tables import inbox, outbox


@dataclass(frozen=True, slots=True)
class Operations:
    """``inbox_age``: seconds the oldest unhandled event waits. ``letters``: by fate, of the days they are kept.

    ``questions``: by outcome, ever. ``completed_today``: by kind. ``database``: bytes.
    """

    inbox_waiting: int
    inbox_age: float
    outbox_waiting: Mapping[str, int]
    letters: Mapping[str, int]
    unknown_sends: int
    questions: Mapping[str, int]
    completed_today: Mapping[str, int]
    database: int


async def read(tx: AsyncConnection, now: dt.datetime, today: str) -> Operations:
    """``today``: the site's day as 2026-11-24."""
    waiting, oldest = (
        await tx.execute(select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None)))
    ).one()
    o = outbox.c
    lanes = await _counts(tx, select(o.lane, func.count()).where(o.status == "waiting").group_by(o.lane))
    fates = await _counts(tx, select(o.status, func.count()).group_by(o.status))
    return Operations(
        inbox_waiting=waiting,
        inbox_age=(now - oldest).total_seconds() if oldest else 0.0,
        outbox_waiting={lane.name.lower(): lanes.get(str(int(lane)), 0) for lane in Lane},
        letters={fate: fates.get(fate, 0) for fate in ("sent", "failed", "unknown")},
        unknown_sends=await tx.scalar(select(func.coalesce(func.sum(o.unknowns), 0))) or 0,
        questions=await _counts(tx, select(asked.c.outcome, func.sum(asked.c.n)).group_by(asked.c.outcome)),
        completed_today={"lesson": 0, "course": 0} | await _completed(tx, today),
        database=await _bytes(tx),
    )


async def _completed(tx: AsyncConnection, today: str) -> dict[str, int]:
    """Read from the newest back to the first that is not of today, so that no index on the day is needed."""
    c = completion.c
    before = select(c.id).where(c.day < today).order_by(c.id.desc()).limit(1).scalar_subquery()
    query = select(c.kind, func.count()).where((c.id > func.coalesce(before, 0)) & (c.day == today))
    return await _counts(tx, query.group_by(c.kind))


async def _counts(tx: AsyncConnection, query: Select[Any]) -> dict[str, int]:
    return {str(key): int(n) for key, n in await tx.execute(query)}


async def _bytes(tx: AsyncConnection) -> int:
    if tx.dialect.name == "postgresql":
        return int(await tx.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = await tx.scalar(text("PRAGMA page_count")) or 0
    return int(pages) * int(await tx.scalar(text("PRAGMA page_size")) or 0)
