"""Roles and the invitations that lead to them. ``bot.staff.appointing`` makes every change, and audits it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import invitation, role
from bot.storage.tables import person

ENDING = 4  # signs of somebody's id that an administrator is shown


@dataclass(frozen=True, slots=True)
class Granted:
    """``ending``: the last signs of the id on the channel, enough to tell people apart whom one knows."""

    person_id: int
    role: str
    granted_at: dt.datetime
    ending: str


async def roles_of(tx: AsyncConnection, person_id: int) -> frozenset[str]:
    return frozenset(await tx.scalars(select(role.c.role).where(role.c.person_id == person_id)))


async def units_of(tx: AsyncConnection, person_id: int, names: Collection[str]) -> frozenset[str]:
    """The wards to which a person's roles among ``names`` are limited; empty text: one of them is not."""
    own = (role.c.person_id == person_id) & role.c.role.in_(sorted(names))
    return frozenset(await tx.scalars(select(role.c.unit).where(own)))


async def limited(tx: AsyncConnection) -> list[tuple[int, str]]:
    """(person, ward) of everybody who has a role for one ward."""
    query = select(role.c.person_id, role.c.unit).where(role.c.unit != "").order_by(role.c.person_id)
    return [(person_id, unit) for person_id, unit in await tx.execute(query)]


async def by_person(tx: AsyncConnection) -> dict[int, set[str]]:
    """Everybody with a role, and which."""
    found: dict[int, set[str]] = {}
    for person_id, name in await tx.execute(select(role.c.person_id, role.c.role)):
        found.setdefault(person_id, set()).add(name)
    return found


async def everyone(tx: AsyncConnection) -> list[Granted]:
    """All staff but those whom the settings name."""
    columns = (role.c.person_id, role.c.role, role.c.granted_at, person.c.external)
    query = select(*columns).select_from(role.join(person)).order_by(role.c.person_id, role.c.role)
    rows = await tx.execute(query)
    return [Granted(id, name, since, external[-ENDING:]) for id, name, since, external in rows]


async def grant(tx: AsyncConnection, person_id: int, name: str, now: dt.datetime, unit: str = "") -> bool:
    """``unit``: only for this ward. False when they have the role already."""
    row = {"person_id": person_id, "role": name, "granted_at": now, "unit": unit}
    return (await tx.execute(insert(tx, role).values(row).on_conflict_do_nothing())).rowcount == 1


async def revoke(tx: AsyncConnection, person_id: int, name: str) -> bool:
    """False when they do not have the role. It counts for their very next event."""
    own = (role.c.person_id == person_id) & (role.c.role == name)
    return (await tx.execute(delete(role).where(own))).rowcount == 1


async def invite(
    tx: AsyncConnection, token: str, name: str, now: dt.datetime, expires_at: dt.datetime, unit: str = ""
) -> None:
    """Open an invitation; only the token's hash is kept."""
    row = {"token": _hash(token), "role": name, "created_at": now, "expires_at": expires_at, "unit": unit}
    await tx.execute(insert(tx, invitation).values(row))


async def use(tx: AsyncConnection, token: str, now: dt.datetime) -> tuple[str, str] | None:
    """(role, ward or nothing) that an open invitation gives, which is used up by this; None for any other token."""
    own = (invitation.c.token == _hash(token)) & invitation.c.used_at.is_(None) & (invitation.c.expires_at > now)
    row = (await tx.execute(select(invitation.c.role, invitation.c.unit).where(own))).first()
    used = await tx.execute(update(invitation).where(own).values(used_at=now))
    return (row.role, row.unit) if row and used.rowcount == 1 else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
