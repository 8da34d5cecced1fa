"""What goes out. Written with the effects that caused it; sent, then marked.

A row is ``waiting``, then ``sending`` (committed before the call), then ``sent``, ``failed`` or ``unknown``; a retry
puts it back to ``waiting``. Rows found in ``sending`` at start were in flight when the process died.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from sqlalchemy import bindparam, case, delete, func, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.deliveries import Settled, settle
from bot.storage.tables import outbox

Status = Literal["waiting", "sending", "sent", "failed", "unknown"]


class Lane(IntEnum):
    """Interactive replies always go before bulk ones."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way into the outbox; (inbox_id, position) makes it unique.

    ``broadcast_id`` and ``person_id``: the copy of an announcement that it is.
    """

    channel: str
    chat: str
    lane: Lane
    reply: dict[str, Any]
    inbox_id: int | None = None
    position: int = 0
    broadcast_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A row to send."""

    id: int
    chat: str
    lane: Lane
    reply: dict[str, Any]
    attempts: int
    unknowns: int
    not_before: dt.datetime
    broadcast_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a letter, and of the copy of an announcement that it was."""

    id: int
    status: Status
    attempts: int
    unknowns: int
    not_before: dt.datetime
    sent_at: dt.datetime | None = None
    message: str | None = None
    error: str | None = None
    copy: Settled | None = None


_WAITING = (
    select(
        outbox.c.id,
        outbox.c.chat,
        outbox.c.lane,
        outbox.c.reply,
        outbox.c.attempts,
        outbox.c.unknowns,
        outbox.c.not_before,
        outbox.c.broadcast_id,
        outbox.c.person_id,
    )
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.lane == bindparam("lane"),
        outbox.c.status == "waiting",
        outbox.c.id > bindparam("after"),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        status=bindparam("to"),
        attempts=bindparam("tries"),
        unknowns=bindparam("lost"),
        not_before=bindparam("earliest"),
        sent_at=bindparam("at"),
        message=bindparam("as_message"),
        error=bindparam("why"),
        reply=case((bindparam("to") == "waiting", outbox.c.reply), else_=null()),
        chat=case((bindparam("to") == "waiting", outbox.c.chat), else_=""),
    )
)


async def put(tx: AsyncConnection, letters: Sequence[Outgoing], now: dt.datetime) -> None:
    if letters:
        await tx.execute(insert(outbox), [_row(letter, now) for letter in letters])


async def put_one(tx: AsyncConnection, letter: Outgoing, now: dt.datetime) -> int:
    """Write one letter whose fate will be asked for; its id."""
    statement = insert(outbox).values(_row(letter, now)).returning(outbox.c.id)
    number: int = (await tx.execute(statement)).scalar_one()
    return number


def _row(letter: Outgoing, now: dt.datetime) -> dict[str, Any]:
    return {
        "inbox_id": letter.inbox_id,
        "position": letter.position,
        "channel": letter.channel,
        "chat": letter.chat,
        "lane": int(letter.lane),
        "reply": letter.reply,
        "status": "waiting",
        "not_before": now,
        "created_at": now,
        "broadcast_id": letter.broadcast_id,
        "person_id": letter.person_id,
    }


async def waiting(tx: AsyncConnection, channel: str, lane: Lane, after: int, most: int) -> list[Letter]:
    """Unsent rows of one lane with an id over ``after``, oldest first."""
    rows = await tx.execute(_WAITING, {"channel": channel, "lane": int(lane), "after": after, "most": most})
    return [Letter(id, chat, Lane(lane_), *rest) for id, chat, lane_, *rest in rows]


async def sending(tx: AsyncConnection, ids: Sequence[int]) -> set[int]:
    """Mark letters as under way; which of ``ids`` still wait to be sent. Commit this before the calls are made.

    What is no longer waiting was taken back (an announcement was paused or cancelled), and must not be sent.
    """
    if not ids:
        return set()
    waiting = outbox.c.id.in_(list(ids)) & (outbox.c.status == "waiting")
    statement = update(outbox).where(waiting).values(status="sending").returning(outbox.c.id)
    return set((await tx.execute(statement)).scalars())


async def mark(tx: AsyncConnection, marks: Sequence[Mark]) -> None:
    await settle(tx, [m.copy for m in marks if m.copy])
    if marks:
        await tx.execute(
            _MARK,
            [
                {
                    "row": m.id,
                    "to": m.status,
                    "tries": m.attempts,
                    "lost": m.unknowns,
                    "earliest": m.not_before,
                    "at": m.sent_at,
                    "as_message": m.message,
                    "why": m.error,
                }
                for m in marks
            ],
        )


async def recover(tx: AsyncConnection, channel: str) -> int:
    """After a crash: count what was in flight as unknown; replies wait to be sent again, bulk letters stay unknown."""
    in_flight = (outbox.c.status == "sending") & (outbox.c.channel == channel)
    copies = select(outbox.c.broadcast_id, outbox.c.person_id).where(in_flight & outbox.c.broadcast_id.is_not(None))
    lost = [Settled(*row, "unknown", "in_flight") for row in await tx.execute(copies)]
    await settle(tx, lost)
    again = outbox.c.lane == int(Lane.INTERACTIVE)
    result = await tx.execute(
        update(outbox)
        .where(in_flight)
        .values(
            status=case((again, "waiting"), else_="unknown"),
            unknowns=outbox.c.unknowns + 1,
            reply=case((again, outbox.c.reply), else_=null()),
            chat=case((again, outbox.c.chat), else_=""),
        )
    )
    return result.rowcount


async def tally(tx: AsyncConnection) -> dict[str, int]:
    """How many letters stand where, and ``unknowns``: sends whose outcome nobody knows."""
    rows = await tx.execute(select(outbox.c.status, func.count()).group_by(outbox.c.status))
    counts: dict[str, int] = {status: count for status, count in rows}  # noqa: C416  rows are not pairs to a type checker
    counts["unknowns"] = await tx.scalar(select(func.coalesce(func.sum(outbox.c.unknowns), 0))) or 0
    return counts


async def prune(tx: AsyncConnection, before: dt.datetime) -> int:
    """Forget letters whose fate was decided and that are older than ``before``."""
    decided = outbox.c.status.in_(["sent", "failed", "unknown"]) & (outbox.c.created_at < before)
    return (await tx.execute(delete(outbox).where(decided))).rowcount


async def fate(tx: AsyncConnection, id: int) -> tuple[Status, str | None, str | None, dt.datetime | None]:
    """(status, the channel's message, error, when sent) of a letter. Raises LookupError when it is long forgotten."""
    o = outbox.c
    row = (await tx.execute(select(o.status, o.message, o.error, o.sent_at).where(o.id == id))).first()
    if row is None:
        raise LookupError(f"letter {id} is no longer kept")
    return row.status, row.message, row.error, row.sent_at


async def on_their_way(tx: AsyncConnection, broadcast_id: int) -> int:
    """How many copies of an announcement wait or are under way."""
    going = (outbox.c.broadcast_id == broadcast_id) & outbox.c.status.in_(["waiting", "sending"])
    return await tx.scalar(select(func.count()).select_from(outbox).where(going)) or 0
