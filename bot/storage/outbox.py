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

from bot.storage.tables import outbox

Status = Literal["waiting", "sending", "sent", "failed", "unknown"]


class Lane(IntEnum):
    """Interactive replies always go before bulk ones."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way into the outbox; (inbox_id, position) makes it unique."""

    channel: str
    chat: str
    lane: Lane
    reply: dict[str, Any]
    inbox_id: int | None = None
    position: int = 0


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


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a letter."""

    id: int
    status: Status
    attempts: int
    unknowns: int
    not_before: dt.datetime
    sent_at: dt.datetime | None = None
    message: str | None = None
    error: str | None = None


_WAITING = (
    select(
        outbox.c.id,
        outbox.c.chat,
        outbox.c.lane,
        outbox.c.reply,
        outbox.c.attempts,
        outbox.c.unknowns,
        outbox.c.not_before,
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
_SENDING = update(outbox).where(outbox.c.id == bindparam("row")).values(status="sending")
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
        await tx.execute(
            insert(outbox),
            [
                {
                    "inbox_id": letter.inbox_id,
                    "position": letter.position,
                    "channel": letter.channel,
                    "chat": letter.chat,
                    "lane": int(letter.lane),
                    "reply": letter.reply,
                    "status": "waiting",
                    "not_before": now,
                    "created_at": now,
                }
                for letter in letters
            ],
        )


async def waiting(tx: AsyncConnection, channel: str, lane: Lane, after: int, most: int) -> list[Letter]:
    """Unsent rows of one lane with an id over ``after``, oldest first."""
    rows = await tx.execute(_WAITING, {"channel": channel, "lane": int(lane), "after": after, "most": most})
    return [Letter(id, chat, Lane(lane_), *rest) for id, chat, lane_, *rest in rows]


async def sending(tx: AsyncConnection, ids: Sequence[int]) -> None:
    """Commit this before the calls are made."""
    if ids:
        await tx.execute(_SENDING, [{"row": id} for id in ids])


async def mark(tx: AsyncConnection, marks: Sequence[Mark]) -> None:
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
