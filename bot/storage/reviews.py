"""Questions that are asked again, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import review


@dataclass(frozen=True, slots=True)
class Due:
    lesson: str
    question: str
    card: Any


async def due(tx: AsyncConnection, person_id: int, now: dt.datetime, most: int) -> list[Due]:
    """At most ``most`` questions that are due, the longest overdue first."""
    c = review.c
    query = select(c.lesson, c.question, c.card).where((c.person_id == person_id) & (c.due_at <= now))
    return [Due(*row) for row in await tx.execute(query.order_by(c.due_at).limit(most))]


async def count_due(tx: AsyncConnection, person_id: int, now: dt.datetime) -> int:
    where = (review.c.person_id == person_id) & (review.c.due_at <= now)
    return await tx.scalar(select(func.count()).select_from(review).where(where)) or 0


async def card(tx: AsyncConnection, person_id: int, lesson: str, question: str) -> Any | None:
    """The scheduler's state of one question; None when it is not under review."""
    c = review.c
    where = (c.person_id == person_id) & (c.lesson == lesson) & (c.question == question)
    return await tx.scalar(select(c.card).where(where))


async def begin(tx: AsyncConnection, person_id: int, new: Sequence[tuple[str, str, dt.datetime, Any]]) -> None:
    """Put questions under review, each as (lesson, question, due, card); what is under review stays as it is."""
    rows = [
        {"person_id": person_id, "lesson": lesson, "question": question, "due_at": due_at, "card": card}
        for lesson, question, due_at, card in new
    ]
    if rows:
        await tx.execute(insert(tx, review).on_conflict_do_nothing(), rows)


async def put(tx: AsyncConnection, person_id: int, lesson: str, question: str, due_at: dt.datetime, card: Any) -> None:
    values = {"due_at": due_at, "card": card}
    statement = insert(tx, review).values(person_id=person_id, lesson=lesson, question=question, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person_id", "lesson", "question"], set_=values))
