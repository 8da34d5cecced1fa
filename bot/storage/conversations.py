"""What each chat is in the middle of, as a versioned row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.tables import conversation


class ConversationChanged(Exception):
    """Someone else went on with this chat meanwhile: roll back, read again, handle the event again."""


@dataclass(frozen=True, slots=True)
class Stored:
    version: int
    state: dict[str, Any]
    updated_at: dt.datetime


async def load(tx: AsyncConnection, people: Iterable[int]) -> dict[int, Stored]:
    """The stored conversations of ``people`` (ids); locked until the transaction ends where the database can."""
    c = conversation.c
    query = select(c.person_id, c.version, c.state, c.updated_at).where(c.person_id.in_(list(people))).with_for_update()
    return {person_id: Stored(version, state, at) for person_id, version, state, at in await tx.execute(query)}


async def save(tx: AsyncConnection, states: Mapping[int, Stored]) -> None:
    """Write conversations, each with the version after the one that was loaded (1 for a new one).

    Raises:
        ConversationChanged: a stored version is not the one before.
    """
    if not states:
        return
    statement = insert(tx, conversation)
    statement = statement.on_conflict_do_update(
        index_elements=["person_id"],
        set_={name: statement.excluded[name] for name in ("version", "state", "updated_at")},
        where=conversation.c.version == statement.excluded.version - 1,
    )
    rows = [
        {"person_id": person_id, "version": stored.version, "state": stored.state, "updated_at": stored.updated_at}
        for person_id, stored in states.items()
    ]
    result = await tx.execute(statement, rows)
    if result.rowcount != len(rows):
        raise ConversationChanged
