"""The append-only record of staff actions: who, what, when, before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.learning_tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """``actor``: a person's number; None: the command line."""

    at: dt.datetime
    actor: int | None
    action: str
    subject: str
    before: Any = None
    after: Any = None


async def record(tx: AsyncConnection, entry: Entry) -> None:
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    await tx.execute(insert(audit).values(values))


async def read(tx: AsyncConnection) -> AsyncIterator[Entry]:
    """All entries, oldest first."""
    query = select(*(audit.c[name] for name in Entry.__slots__)).order_by(audit.c.id)
    async for row in await tx.stream(query):
        yield Entry(*row)


async def count(tx: AsyncConnection, action: str) -> int:
    """How often ``action`` stands in the record."""
    return await tx.scalar(select(func.count()).select_from(audit).where(audit.c.action == action)) or 0
