"""Factory lines, classes, agencies and community teams: who owns one, who joined, how far it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import completion, learner_group, membership

Kind = Literal["line", "class", "agency", "community"]


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    code: str
    name: str
    kind: Kind
    owner_id: int | None
    closed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """``shown_name``: only where the member agreed."""

    person_id: int
    shown_name: str | None


_COLUMNS = (
    learner_group.c.id,
    learner_group.c.code,
    learner_group.c.name,
    learner_group.c.kind,
    learner_group.c.owner_id,
    learner_group.c.closed_at,
)
_OPEN = learner_group.c.closed_at.is_(None)


async def create(tx: AsyncConnection, code: str, name: str, kind: Kind, owner_id: int, now: dt.datetime) -> Group:
    """Raises IntegrityError when ``code`` is taken."""
    values = {"code": code, "name": name, "kind": kind, "owner_id": owner_id, "created_at": now}
    await tx.execute(insert(tx, learner_group).values(values))
    return (await by_code(tx, code)) or _missing(code)


async def by_code(tx: AsyncConnection, code: str) -> Group | None:
    row = (await tx.execute(select(*_COLUMNS).where(learner_group.c.code == code))).first()
    return Group(*row) if row else None


async def by_id(tx: AsyncConnection, id: int) -> Group | None:
    row = (await tx.execute(select(*_COLUMNS).where(learner_group.c.id == id))).first()
    return Group(*row) if row else None


async def close(tx: AsyncConnection, id: int, now: dt.datetime) -> bool:
    """Nobody joins any more, nothing more counts for it, nobody's name is shown; False when it was closed before."""
    result = await tx.execute(update(learner_group).where((learner_group.c.id == id) & _OPEN).values(closed_at=now))
    await tx.execute(update(membership).where(membership.c.group_id == id).values(shown_name=None))
    return result.rowcount == 1


async def owned(tx: AsyncConnection, owner_id: int) -> list[Group]:
    query = select(*_COLUMNS).where(learner_group.c.owner_id == owner_id).order_by(learner_group.c.id.desc())
    return [Group(*row) for row in await tx.execute(query)]


async def join(tx: AsyncConnection, group_id: int, person_id: int, now: dt.datetime) -> bool:
    """False when they are in it already."""
    row = {"group_id": group_id, "person_id": person_id, "joined_at": now}
    return (await tx.execute(insert(tx, membership).values(row).on_conflict_do_nothing())).rowcount == 1


async def leave(tx: AsyncConnection, group_id: int, person_id: int) -> None:
    own = (membership.c.group_id == group_id) & (membership.c.person_id == person_id)
    await tx.execute(delete(membership).where(own))


async def show_name(tx: AsyncConnection, group_id: int, person_id: int, name: str | None) -> bool:
    """Let the owner see ``name``, or nothing any more; False when they are not in the group, or it is closed."""
    own = (membership.c.group_id == group_id) & (membership.c.person_id == person_id)
    own &= membership.c.group_id.in_(select(learner_group.c.id).where(_OPEN))
    return (await tx.execute(update(membership).where(own).values(shown_name=name))).rowcount == 1


async def of_person(tx: AsyncConnection, person_id: int) -> list[Group]:
    """The open groups someone joined, the latest first: the one that learning counts for."""
    joined = learner_group.join(membership)
    query = select(*_COLUMNS).select_from(joined).where((membership.c.person_id == person_id) & _OPEN)
    return [Group(*row) for row in await tx.execute(query.order_by(membership.c.joined_at.desc()))]


async def member(tx: AsyncConnection, group_id: int, person_id: int) -> Member | None:
    """None when they are not in the group."""
    own = (membership.c.group_id == group_id) & (membership.c.person_id == person_id)
    row = (await tx.execute(select(membership.c.person_id, membership.c.shown_name).where(own))).first()
    return Member(*row) if row else None


async def members(tx: AsyncConnection, group_id: int) -> list[Member]:
    query = select(membership.c.person_id, membership.c.shown_name).where(membership.c.group_id == group_id)
    return [Member(*row) for row in await tx.execute(query.order_by(membership.c.joined_at))]


async def shares(tx: AsyncConnection, kind: Kind, course: str, besides: int, least: int) -> list[float]:
    """The share of members who completed ``course``, of each open group of ``kind`` with ``least`` members or more.

    ``besides``: an owner whose groups are left out, since they know those by name.
    """
    passed = (completion.c.person_id == membership.c.person_id) & (completion.c.subject == course)
    passed &= completion.c.kind == "course"
    people = learner_group.join(membership).outerjoin(completion, passed)
    others = (learner_group.c.kind == kind) & _OPEN & learner_group.c.owner_id.is_distinct_from(besides)
    query = select(func.count(completion.c.person_id) * 1.0 / func.count()).select_from(people).where(others)
    return list(await tx.scalars(query.group_by(learner_group.c.id).having(func.count() >= least)))


async def count(tx: AsyncConnection, kind: Kind) -> int:
    """How many open groups of ``kind`` there are."""
    where = (learner_group.c.kind == kind) & _OPEN
    return await tx.scalar(select(func.count()).select_from(learner_group).where(where)) or 0


async def count_members(tx: AsyncConnection, kind: Kind) -> int:
    """How many people are in an open group of ``kind``; who is in two counts once."""
    joined = membership.join(learner_group)
    query = select(func.count(membership.c.person_id.distinct())).select_from(joined)
    return await tx.scalar(query.where((learner_group.c.kind == kind) & _OPEN)) or 0


def _missing(code: str) -> Group:
    raise LookupError(f"group {code} was not kept")
