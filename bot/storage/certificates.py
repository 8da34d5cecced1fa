"""Certificates by code: what anyone who holds the paper may check."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import certificate


@dataclass(frozen=True, slots=True)
class Certificate:
    code: str
    course: str
    day: str


async def issue(tx: AsyncConnection, code: str, course: str, day: str, person_id: int, now: dt.datetime) -> Certificate:
    """The person's certificate of ``course``, new or the one from before. Raises IntegrityError: ``code`` is taken."""
    values = {"code": code, "course": course, "day": day, "person_id": person_id, "issued_at": now}
    statement = insert(tx, certificate).values(values)
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["person_id", "course"]))
    own = (certificate.c.person_id == person_id) & (certificate.c.course == course)
    row = (await tx.execute(select(certificate.c.code, certificate.c.course, certificate.c.day).where(own))).one()
    return Certificate(*row)


async def find(tx: AsyncConnection, code: str) -> Certificate | None:
    query = select(certificate.c.code, certificate.c.course, certificate.c.day).where(certificate.c.code == code)
    row = (await tx.execute(query)).first()
    return Certificate(*row) if row else None
