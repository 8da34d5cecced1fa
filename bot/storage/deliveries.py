"""The copies of an announcement. A copy is claimed and its letter written in one transaction, so that nothing is ever
claimed and then lost; its fate is kept in the transaction that marks the letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.broadcast_tables import delivery, subscription
from bot.storage.dialect import insert
from bot.storage.tables import outbox, person


@dataclass(frozen=True, slots=True)
class Recipient:
    person_id: int
    channel: str
    external: str
    language: str | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a copy."""

    broadcast_id: int
    person_id: int
    status: str
    reason: str | None = None


async def next_pending(
    tx: AsyncConnection, broadcast_id: int, category: str, emergency: bool, most: int
) -> list[Recipient]:
    """The next copies to send. Not reachable: they stopped the assistant, left or opted out since the snapshot."""
    d = delivery.c
    own = (subscription.c.person_id == d.person_id) & (subscription.c.category == category)
    query = (
        select(d.person_id, person.c.channel, person.c.external, person.c.language, person.c.stopped_at,
               subscription.c.wanted)
        .select_from(delivery.outerjoin(person, person.c.id == d.person_id).outerjoin(subscription, own))
        .where((d.broadcast_id == broadcast_id) & (d.status == "pending"))
        .order_by(d.person_id)
        .limit(most)
    )  # fmt: skip
    return [
        Recipient(id, channel, external, language,
                  external is not None and stopped is None and (wanted if wanted is not None else emergency))
        for id, channel, external, language, stopped, wanted in await tx.execute(query)
    ]  # fmt: skip


_SETTLE = (
    update(delivery)
    .where((delivery.c.broadcast_id == bindparam("of")) & (delivery.c.person_id == bindparam("who")))
    .values(status=bindparam("to"), reason=bindparam("why"))
)


async def settle(tx: AsyncConnection, settled: Sequence[Settled]) -> None:
    if settled:
        rows = [{"of": s.broadcast_id, "who": s.person_id, "to": s.status, "why": s.reason} for s in settled]
        await tx.execute(_SETTLE, rows)


async def counts(tx: AsyncConnection, broadcast_id: int) -> dict[str, int]:
    """Copies by fate; a walk over the announcement's own rows."""
    d = delivery.c
    query = select(d.status, func.count()).where(d.broadcast_id == broadcast_id).group_by(d.status)
    return {status: n for status, n in await tx.execute(query)}  # noqa: C416


async def first_counts(tx: AsyncConnection, broadcast_id: int, most: int) -> dict[str, int]:
    """The same of the first copies only, in the order in which they are claimed."""
    d = delivery.c
    first = select(d.status).where(d.broadcast_id == broadcast_id).order_by(d.person_id).limit(most).subquery()
    query = select(first.c.status, func.count()).group_by(first.c.status)
    return {status: n for status, n in await tx.execute(query)}  # noqa: C416


async def any_left(tx: AsyncConnection, broadcast_id: int) -> bool:
    """Whether copies are still to be claimed."""
    pending = (delivery.c.broadcast_id == broadcast_id) & (delivery.c.status == "pending")
    return await tx.scalar(select(delivery.c.person_id).where(pending).limit(1)) is not None


async def reasons(tx: AsyncConnection, broadcast_id: int) -> list[tuple[str, str, int]]:
    """(fate, why, how many) of the copies that did not arrive."""
    d = delivery.c
    query = (
        select(d.status, func.coalesce(d.reason, ""), func.count())
        .where((d.broadcast_id == broadcast_id) & d.status.in_(["failed", "blocked", "skipped", "unknown"]))
        .group_by(d.status, d.reason)
        .order_by(func.count().desc())
    )
    return [(status, reason, n) for status, reason, n in await tx.execute(query)]


async def withdraw(tx: AsyncConnection, broadcast_id: int) -> int:
    """Take back the letters that are not on their way yet; their copies are pending again."""
    waiting = (outbox.c.broadcast_id == broadcast_id) & (outbox.c.status == "waiting")
    people = (await tx.execute(select(outbox.c.person_id).where(waiting))).scalars().all()
    await tx.execute(delete(outbox).where(waiting))
    await settle(tx, [Settled(broadcast_id, person_id, "pending") for person_id in people])
    return len(people)


async def retry_unknown(tx: AsyncConnection, broadcast_id: int) -> int:
    """Let copies of unknown fate go out again; whoever got one gets a second."""
    unknown = (delivery.c.broadcast_id == broadcast_id) & (delivery.c.status == "unknown")
    return (await tx.execute(update(delivery).where(unknown).values(status="pending", reason=None))).rowcount


async def received(tx: AsyncConnection, broadcast_id: int, person_id: int) -> bool:
    """Whether a copy of it went to this person."""
    own = (delivery.c.broadcast_id == broadcast_id) & (delivery.c.person_id == person_id)
    return await tx.scalar(select(delivery.c.status).where(own)) is not None


async def forget(tx: AsyncConnection, person_id: int) -> None:
    """Put a number that leads to nobody in the place of an erased person's, so that the counts still add up."""
    own = delivery.c.person_id == person_id
    for broadcast_id, status in (await tx.execute(select(delivery.c.broadcast_id, delivery.c.status).where(own))).all():
        lowest = await tx.scalar(select(func.min(delivery.c.person_id)).where(delivery.c.broadcast_id == broadcast_id))
        values = {"person_id": min(lowest or 0, 0) - 1}
        if status in ("pending", "queued"):
            values |= {"status": "skipped", "reason": "erased"}
        await tx.execute(update(delivery).where(own & (delivery.c.broadcast_id == broadcast_id)).values(**values))


async def subscribe(tx: AsyncConnection, person_id: int, category: str, wanted: bool, now: dt.datetime) -> None:
    values = {"wanted": wanted, "changed_at": now}
    statement = insert(tx, subscription).values(person_id=person_id, category=category, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person_id", "category"], set_=values))


async def subscriptions(tx: AsyncConnection, person_id: int) -> dict[str, bool]:
    """What a person said about each category."""
    s = subscription.c
    return {category: wanted for category, wanted in await tx.execute(  # noqa: C416
        select(s.category, s.wanted).where(s.person_id == person_id)
    )}  # fmt: skip
