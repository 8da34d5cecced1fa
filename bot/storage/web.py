"""One-time links to the pages and the sessions they open. Of a token only the SHA-256 is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import role, sign_in, web_session
from bot.storage.tables import person

LINK = dt.timedelta(minutes=10)
SESSION = dt.timedelta(hours=8)

State = Literal["open", "over", "unknown"]


@dataclass(frozen=True, slots=True)
class Who:
    """A person; or, from the command line, only a ``role``."""

    person_id: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a session, as they are now. ``granted``: (role, ward or empty)."""

    who: Who
    channel: str
    external: str
    granted: tuple[tuple[str, str], ...]


async def offer(tx: AsyncConnection, token: str, who: Who, now: dt.datetime) -> None:
    """Open a link."""
    await tx.execute(insert(tx, sign_in).values(_row(token, who, now, LINK)))


async def state(tx: AsyncConnection, token: str, now: dt.datetime) -> State:
    """What a link is good for; over: used or too old. Looking changes nothing."""
    query = select(sign_in.c.used_at, sign_in.c.expires_at).where(sign_in.c.token == _hash(token))
    row = (await tx.execute(query)).first()
    if row is None:
        return "unknown"
    return "open" if row.used_at is None and row.expires_at > now else "over"


async def use(tx: AsyncConnection, token: str, now: dt.datetime) -> Who | None:
    """Whom an open link lets in, which is used up by this; None for any other token."""
    own = (sign_in.c.token == _hash(token)) & sign_in.c.used_at.is_(None) & (sign_in.c.expires_at > now)
    row = (await tx.execute(select(sign_in.c.person_id, sign_in.c.role).where(own))).first()
    used = await tx.execute(update(sign_in).where(own).values(used_at=now))
    return Who(*row) if row and used.rowcount == 1 else None


async def begin(tx: AsyncConnection, token: str, who: Who, now: dt.datetime) -> None:
    """Begin a session; links and sessions that ended long ago are forgotten."""
    await tx.execute(delete(sign_in).where(sign_in.c.expires_at < now - SESSION))
    await tx.execute(delete(web_session).where(web_session.c.expires_at <= now))
    await tx.execute(insert(tx, web_session).values(_row(token, who, now, SESSION)))


async def holder(tx: AsyncConnection, token: str, now: dt.datetime) -> Holder | None:
    """Who holds a session that has not ended, with the roles of this moment."""
    s = web_session.c
    query = select(s.person_id, s.role, person.c.channel, person.c.external).select_from(
        web_session.outerjoin(person, s.person_id == person.c.id)
    )
    row = (await tx.execute(query.where((s.token == _hash(token)) & (s.expires_at > now)))).first()
    if row is None:
        return None
    who = Who(row.person_id, row.role)
    if who.person_id is None:
        return Holder(who, "", "", ((who.role or "", ""),))
    granted = await tx.execute(select(role.c.role, role.c.unit).where(role.c.person_id == who.person_id))
    return Holder(who, row.channel, row.external, tuple((name, unit) for name, unit in granted))


async def end(tx: AsyncConnection, token: str) -> None:
    await tx.execute(delete(web_session).where(web_session.c.token == _hash(token)))


def _row(token: str, who: Who, now: dt.datetime, lasts: dt.timedelta) -> dict[str, object]:
    times = {"created_at": now, "expires_at": now + lasts}
    return {"token": _hash(token), "person_id": who.person_id, "role": who.role, **times}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
