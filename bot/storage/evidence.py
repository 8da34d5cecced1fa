"""Completions one by one, as evidence of a period's figures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.learning_tables import completion

PART = 2000  # rows fetched at once


class Row(NamedTuple):
    """``person_id`` None: assisted."""

    person_id: int | None
    kind: str
    subject: str
    content_version: str
    correct: int
    questions: int
    day: str
    ward: str | None
    audience: str | None
    age: str | None
    group_kind: str | None


async def count(tx: AsyncConnection, first: str, last: str, wards: Collection[str] | None = None) -> int:
    """How many ``rows`` gives."""
    return await tx.scalar(select(func.count()).select_from(completion).where(_within(first, last, wards))) or 0


async def rows(
    tx: AsyncConnection, first: str, last: str, wards: Collection[str] | None = None
) -> AsyncIterator[list[Row]]:
    """Those of the months from ``first`` to ``last`` in the order in which they were recorded, some at a time.

    ``wards``: only these codes; None: all, the unknown one too.
    """
    columns = [completion.c[name] for name in Row._fields]
    query = select(*columns).where(_within(first, last, wards)).order_by(completion.c.id)
    async with tx.stream(query) as found:
        async for part in found.partitions(PART):
            yield [Row(*row) for row in part]


def _within(first: str, last: str, wards: Collection[str] | None) -> ColumnElement[bool]:
    c = completion.c
    within = c.day.between(f"{first}-01", f"{last}-31")
    return within if wards is None else within & c.ward.in_(sorted(wards))
