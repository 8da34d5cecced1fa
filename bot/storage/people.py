"""People, known by channel and external id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.tables import person

Address = tuple[str, str]
"""(channel, external id)"""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    channel: str
    external: str
    language: str | None
    stopped_at: dt.datetime | None


_COLUMNS = (person.c.id, person.c.channel, person.c.external, person.c.language, person.c.stopped_at)


async def ensure(tx: AsyncConnection, addresses: Iterable[Address], now: dt.datetime) -> dict[Address, Person]:
    """The people at ``addresses``; whoever is new is created."""
    wanted = set(addresses)
    known = await _find(tx, wanted)
    missing = wanted - known.keys()
    if missing:
        rows = [{"channel": channel, "external": external, "created_at": now} for channel, external in sorted(missing)]
        await tx.execute(insert(tx, person).on_conflict_do_nothing(), rows)
        known |= await _find(tx, missing)
    return known


async def find(tx: AsyncConnection, channel: str, external: str) -> Person | None:
    return (await _find(tx, [(channel, external)])).get((channel, external))


async def contacted(tx: AsyncConnection, people: Sequence[int], now: dt.datetime) -> None:
    """Remember that these people were written to without having asked."""
    if people:
        await tx.execute(update(person).where(person.c.id.in_(list(people))).values(contacted_at=now))


async def by_id(tx: AsyncConnection, id: int | None) -> Person | None:
    """None: there is nobody with this number any more."""
    row = (await tx.execute(select(*_COLUMNS).where(person.c.id == id))).one_or_none()
    return Person(*row) if row else None


async def any_of(tx: AsyncConnection, channel: str) -> bool:
    """Whether anybody came through ``channel``."""
    return await tx.scalar(select(person.c.id).where(person.c.channel == channel).limit(1)) is not None


async def set_stopped(tx: AsyncConnection, addresses: Iterable[Address], at: dt.datetime | None) -> None:
    """Mark people as having stopped the assistant at ``at``, or as back again with None."""
    where = tuple_(person.c.channel, person.c.external).in_(list(addresses))
    await tx.execute(update(person).where(where).values(stopped_at=at))


async def set_language(tx: AsyncConnection, person_id: int, language: str) -> None:
    await tx.execute(update(person).where(person.c.id == person_id).values(language=language))


async def _find(tx: AsyncConnection, addresses: Iterable[Address]) -> dict[Address, Person]:
    query = select(*_COLUMNS).where(tuple_(person.c.channel, person.c.external).in_(list(addresses)))
    found = [Person(*row) for row in await tx.execute(query)]
    return {(each.channel, each.external): each for each in found}
