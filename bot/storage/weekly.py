"""One week in figures, and who of the staff gets which letter about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import completion, role
from bot.storage.people import Person
from bot.storage.review_tables import weekly_letter
from bot.storage.tables import conversation, person, question

Kind = Literal["digest", "freshness", "unit"]


@dataclass(frozen=True, slots=True)
class Figures:
    """``outside``: known not to be served, and said so. ``stopped``: blocked the assistant in that week, of ``active``:
    wrote or pressed something since it began.
    """

    answered: int
    asked_back: int
    outside: int
    unanswered: int
    liked: int
    disliked: int
    new_learners: int
    lessons: int
    courses: int
    stopped: int
    active: int

    @property
    def questions(self) -> int:
        return self.answered + self.asked_back + self.outside + self.unanswered

    @property
    def answered_share(self) -> float | None:
        """Answered outright, of all that were asked; None when nothing was."""
        return self.answered / self.questions if self.questions else None

    @property
    def stopped_share(self) -> float | None:
        return self.stopped / self.active if self.active else None


async def figures(tx: AsyncConnection, start: dt.datetime, end: dt.datetime, days: tuple[str, str]) -> Figures:
    """From ``start`` to before ``end``; ``days``: the first and last of it at the site, as 2026-11-23."""
    q, c, earlier = question.c, completion.c, completion.alias().c
    is_outside = (q.outcome == "abstain") & q.outside.is_not(None)
    asked = select(
        _count(q.outcome == "answer"),
        _count(q.outcome == "clarify"),
        _count(is_outside),
        _count((q.outcome == "abstain") & ~is_outside),
    ).where(_during(q.asked_at, start, end))
    judged = select(_count(q.verdict == 1), _count(q.verdict == 0)).where(_during(q.verdict_at, start, end))
    done = select(_count(c.kind == "lesson"), _count(c.kind == "course")).where(c.day.between(*days))
    before = select(earlier.id).where((earlier.person_id == c.person_id) & (earlier.day < days[0])).exists()
    new = select(func.count(c.person_id.distinct())).where(c.day.between(*days) & ~before)
    stopped = select(func.count()).select_from(person).where(_during(person.c.stopped_at, start, end))
    active = select(func.count()).select_from(conversation).where(conversation.c.updated_at >= start)
    counts: list[int] = []
    for query in (asked, judged, new, done, stopped, active):
        counts += (await tx.execute(query)).one()
    return Figures(*counts)


async def readers(
    tx: AsyncConnection, channel: str, roles: Collection[str], admins: Collection[str] = ()
) -> list[Person]:
    """Whom a letter to ``roles`` can reach on ``channel``; ``admins``: external ids of those whom the settings name."""
    p = person.c
    granted = select(role.c.person_id).where(role.c.role.in_(sorted(roles)))
    where = (p.channel == channel) & p.stopped_at.is_(None)
    where &= p.id.in_(granted) | p.external.in_(sorted(admins))
    query = select(p.id, p.channel, p.external, p.language, p.stopped_at).where(where).order_by(p.id)
    return [Person(*row) for row in await tx.execute(query)]


async def have(tx: AsyncConnection, week: str, kind: Kind) -> frozenset[int]:
    """Who got this week's letter already."""
    w = weekly_letter.c
    return frozenset(await tx.scalars(select(w.person_id).where((w.week == week) & (w.kind == kind))))


async def remember(tx: AsyncConnection, week: str, kind: Kind, person_id: int, now: dt.datetime) -> bool:
    """False when the letter was written already: then it must not be written again."""
    row = {"week": week, "kind": kind, "person_id": person_id, "written_at": now}
    return (await tx.execute(insert(tx, weekly_letter).values(row).on_conflict_do_nothing())).rowcount == 1


def _during(column: ColumnElement[dt.datetime], start: dt.datetime, end: dt.datetime) -> ColumnElement[bool]:
    return (column >= start) & (column < end)


def _count(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((where, 1), else_=0)), 0)
