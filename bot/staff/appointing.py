"""How staff come and go: each step together with its audit record, whoever takes it and wherever.

``actor``: the person's number; None: the command line.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.staff.authority import Role
from bot.storage import audit, staff
from bot.storage.audit import Entry

TOKEN = 16  # signs of an invitation: 73 bits


async def invite(
    tx: AsyncConnection,
    token: str,
    role: Role,
    actor: int | None,
    now: dt.datetime,
    lasts: dt.timedelta,
    unit: str = "",
) -> None:
    """Open an invitation to ``role``, for one ward (``unit``) or all, for whoever uses ``token`` first."""
    await staff.invite(tx, token, role, now, now + lasts, unit)
    after = {"expires": (now + lasts).isoformat(), **({"ward": unit} if unit else {})}
    await audit.record(tx, Entry(now, actor, "invite", f"role {role}", after=after))


async def become(tx: AsyncConnection, token: str, person: int, now: dt.datetime) -> str | None:
    """Use an invitation; the role it gave, None when it is not open."""
    found = await staff.use(tx, token, now)
    if found is None:
        return None
    role, unit = found
    await staff.grant(tx, person, role, now, unit)
    after = {"role": role, **({"ward": unit} if unit else {})}
    await audit.record(tx, Entry(now, person, "grant", f"person {person}", after=after))
    return role


async def revoke(tx: AsyncConnection, person: int, role: str, actor: int | None, now: dt.datetime) -> bool:
    """Take ``role`` away; False when they do not have it, which leaves no record."""
    revoked = await staff.revoke(tx, person, role)
    if revoked:
        await audit.record(tx, Entry(now, actor, "revoke", f"person {person}", before={"role": role}))
    return revoked
