"""Questions that nobody could answer: grouped by likeness, and what editors decided for each group.

Not to be taken for ``reviews``, which are the quiz questions a learner meets again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import dialect
from bot.storage.review_tables import likeness_part, question_review
from bot.storage.tables import question

Choice = Literal["topic", "outside", "new_topic", "ignore"]
WORDINGS = 12  # of a group, the most frequent ones


@dataclass(frozen=True, slots=True)
class Alike:
    """Where a question belongs. ``parts``: empty when its wording is known already."""

    question_id: int
    key: str
    group: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Questions alike, by what became of them. ``wordings``: most frequent first."""

    key: str
    count: int
    last: dt.datetime
    abstained: int
    asked_back: int
    disliked: int
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """``topic``: what the group belongs to; of ``outside`` an entry of it, or None where none fits yet."""

    key: str
    words: str | None
    decision: Choice
    topic: str | None
    editor_id: int | None
    decided_at: dt.datetime
    exported_at: dt.datetime | None = None


def _failed() -> ColumnElement[bool]:
    """Abstained; asked back and nothing chosen; or answered and disliked. What is known to lie outside was answered."""
    q = question.c
    return or_(
        and_(q.outcome == "abstain", q.outside.is_(None)),
        and_(q.outcome == "clarify", q.topic.is_(None)),
        q.verdict == 0,
    )


def _waiting(since: dt.datetime) -> ColumnElement[bool]:
    """Grouped and still without an answer. Only what has words has a group."""
    return _failed() & question.c.group_key.is_not(None) & (question.c.asked_at >= since)


# -- grouping -------------------------------------------------------------------------------------------------------

# The condition of ix_question_ungrouped, word for word, or the index is not used.
_UNGROUPED = text("words IS NOT NULL AND (outcome <> 'answer' OR verdict = 0) AND group_key IS NULL")


async def ungrouped(tx: AsyncConnection, since: dt.datetime, most: int) -> list[tuple[int, str]]:
    """(id, words) of questions without an answer that belong to no group yet, oldest first."""
    q = question.c
    where = and_(_UNGROUPED, _failed(), q.asked_at >= since)
    query = select(q.id, q.words).where(where).order_by(q.asked_at).limit(most)
    return [(id, words) for id, words in await tx.execute(query)]


async def groups_of(tx: AsyncConnection, keys: Collection[str]) -> dict[str, str]:
    """Wording → group, for those wordings that have one; a decided group is known even without questions."""
    wanted = sorted(keys)
    q, r = question.c, question_review.c
    decided = {key: key for key in await tx.scalars(select(r.key).where(r.key.in_(wanted)))}
    where = q.wording.in_(wanted) & q.group_key.is_not(None)
    rows = await tx.execute(select(q.wording, func.min(q.group_key)).where(where).group_by(q.wording))
    return decided | {key: group for key, group in rows}  # noqa: C416  rows are not pairs to a type checker


async def with_parts(tx: AsyncConnection, parts: Collection[int]) -> list[tuple[int, str, str]]:
    """(part, group, words) of grouped questions that share any of ``parts``."""
    p, q = likeness_part.c, question.c
    query = (
        select(p.part, q.group_key, q.words)
        .select_from(likeness_part.join(question, q.id == p.question_id))
        .where(p.part.in_(sorted(parts)) & q.group_key.is_not(None))
    )
    return [(part, group, words) for part, group, words in await tx.execute(query)]


async def join(tx: AsyncConnection, alike: Sequence[Alike]) -> None:
    """Put questions into their groups."""
    if alike:
        statement = update(question).where(question.c.id == bindparam("row"))
        statement = statement.values(wording=bindparam("own"), group_key=bindparam("whole"))
        await tx.execute(statement, [{"row": a.question_id, "own": a.key, "whole": a.group} for a in alike])
    parts = [{"part": part, "question_id": a.question_id} for a in alike for part in a.parts]
    if parts:
        await tx.execute(insert(likeness_part), parts)


# -- the queue ------------------------------------------------------------------------------------------------------


async def queue(tx: AsyncConnection, since: dt.datetime, most: int) -> tuple[list[Group], int]:
    """The groups that wait for a decision, the most frequent first, without wordings; and how many there are in all."""
    undecided = ~select(question_review.c.key).where(question_review.c.key == question.c.group_key).exists()
    return await _groups(tx, _waiting(since) & undecided, most)


async def asked_between(tx: AsyncConnection, start: dt.datetime, end: dt.datetime, most: int) -> list[Group]:
    """The groups most often asked from ``start`` to before ``end``, decided or not, with their wordings."""
    found, _ = await _groups(tx, _waiting(start) & (question.c.asked_at < end), most)
    return [await _worded(tx, group, start) for group in found]


async def group(tx: AsyncConnection, key: str, since: dt.datetime) -> Group | None:
    """One group with its wordings, decided or not; None when no question of it is open."""
    found, _ = await _groups(tx, _waiting(since) & (question.c.group_key == key), 1)
    return await _worded(tx, found[0], since) if found else None


async def _groups(tx: AsyncConnection, where: ColumnElement[bool], most: int) -> tuple[list[Group], int]:
    q = question.c
    disliked = func.coalesce(q.verdict, 1) == 0
    query = (
        select(
            q.group_key,
            func.count(),
            func.max(q.asked_at),
            func.sum(case((~disliked & (q.outcome == "abstain"), 1), else_=0)),
            func.sum(case((~disliked & (q.outcome == "clarify"), 1), else_=0)),
            func.sum(case((disliked, 1), else_=0)),
            func.count().over(),
        )
        .where(where)
        .group_by(q.group_key)
        .order_by(func.count().desc(), func.max(q.asked_at).desc(), q.group_key)
        .limit(most)
    )
    rows = list(await tx.execute(query))
    return [Group(*row[:6]) for row in rows], (rows[0][6] if rows else 0)


async def _worded(tx: AsyncConnection, group: Group, since: dt.datetime) -> Group:
    q = question.c
    query = (
        select(q.words)
        .where(_waiting(since) & (q.group_key == group.key))
        .group_by(q.words)
        .order_by(func.count().desc(), func.max(q.asked_at).desc(), q.words)
        .limit(WORDINGS)
    )
    return replace(group, wordings=tuple(await tx.scalars(query)))


# -- decisions ------------------------------------------------------------------------------------------------------


async def decide(tx: AsyncConnection, new: Decision) -> bool:
    """Keep a decision; False when the group has one already, which stays."""
    row = {name: getattr(new, name) for name in Decision.__slots__}
    statement = dialect.insert(tx, question_review).values(row).on_conflict_do_nothing()
    return (await tx.execute(statement)).rowcount == 1


async def decision(tx: AsyncConnection, key: str) -> Decision | None:
    row = (await tx.execute(select(*_DECISION).where(question_review.c.key == key))).one_or_none()
    return Decision(*row) if row else None


async def take_back(tx: AsyncConnection, key: str) -> bool:
    """False when there is none, or when it is exported already."""
    own = (question_review.c.key == key) & question_review.c.exported_at.is_(None)
    return (await tx.execute(delete(question_review).where(own))).rowcount == 1


async def decisions(tx: AsyncConnection, *, waiting: bool = False) -> list[Decision]:
    """All decisions, or those that are not exported yet, oldest first."""
    query = select(*_DECISION).order_by(question_review.c.decided_at, question_review.c.key)
    if waiting:
        query = query.where(question_review.c.exported_at.is_(None))
    return [Decision(*row) for row in await tx.execute(query)]


async def exported(tx: AsyncConnection, keys: Collection[str], now: dt.datetime) -> None:
    own = question_review.c.key.in_(sorted(keys)) & question_review.c.exported_at.is_(None)
    await tx.execute(update(question_review).where(own).values(exported_at=now))


_DECISION = tuple(question_review.c[name] for name in Decision.__slots__)


# -- replay ---------------------------------------------------------------------------------------------------------


async def logged(tx: AsyncConnection, since: dt.datetime, most: int | None = None) -> list[tuple[str, int]]:
    """(words, how often) of all questions asked since whose words are kept, the most frequent first."""
    q = question.c
    query = (
        select(q.words, func.count())
        .where(q.words.is_not(None) & (q.asked_at >= since))
        .group_by(q.words)
        .order_by(func.count().desc(), q.words)
        .limit(most)
    )
    return [(words, count) for words, count in await tx.execute(query)]
