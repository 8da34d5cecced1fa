"""What a person agreed to and said about themselves; all of it optional, all of it gone with the person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import consent, profile

Field = Literal["audience", "ward", "age"]


@dataclass(frozen=True, slots=True)
class Profile:
    """``asked``: the fields that were asked for, answered or not."""

    audience: str | None = None
    ward: str | None = None
    age: str | None = None
    asked: frozenset[str] = frozenset()


async def agreed(tx: AsyncConnection, person_id: int) -> tuple[int, dt.datetime] | None:
    """(version of the text, when); None: the person has not agreed."""
    row = (
        await tx.execute(select(consent.c.version, consent.c.given_at).where(consent.c.person_id == person_id))
    ).first()
    return (row.version, row.given_at) if row else None


async def agree(tx: AsyncConnection, person_id: int, version: int, now: dt.datetime) -> None:
    statement = insert(tx, consent).values(person_id=person_id, version=version, given_at=now)
    changed = {"version": version, "given_at": now}
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"], set_=changed, where=consent.c.version < statement.excluded.version
        )
    )


async def load(tx: AsyncConnection, person_id: int) -> Profile:
    c = profile.c
    row = (await tx.execute(select(c.audience, c.ward, c.age, c.asked).where(c.person_id == person_id))).first()
    return Profile(row.audience, row.ward, row.age, frozenset(row.asked.split())) if row else Profile()


async def set_field(tx: AsyncConnection, person_id: int, field: Field, value: str | None) -> None:
    """Keep what the person said of ``field``, or that they would rather not say."""
    asked = (await load(tx, person_id)).asked | {field}
    values = {field: value, "asked": " ".join(sorted(asked))}
    statement = insert(tx, profile).values(person_id=person_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
