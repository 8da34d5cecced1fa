"""Where someone stopped reading."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import bookmark


async def of(tx: AsyncConnection, person_id: int) -> tuple[str, int] | None:
    """(lesson, card)"""
    row = (
        await tx.execute(select(bookmark.c.lesson, bookmark.c.card).where(bookmark.c.person_id == person_id))
    ).first()
    return (row.lesson, row.card) if row else None


async def put(tx: AsyncConnection, person_id: int, lesson: str, card: int, now: dt.datetime) -> None:
    values = {"lesson": lesson, "card": card, "updated_at": now}
    statement = insert(tx, bookmark).values(person_id=person_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
