"""What people asked and what became of it. Words arrive here redacted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tallies
from bot.storage.review_tables import likeness_part
from bot.storage.tables import question

Outcome = Literal["answer", "clarify", "abstain"]


@dataclass(frozen=True, slots=True)
class Question:
    """``id`` is that of the inbox row the words came with; ``candidates`` are (topic, probability), best first.

    ``outside``: the topic nobody serves that the words were rather about. ``month`` of the site, as 2026-11.
    """

    id: int
    person_id: int
    asked_at: dt.datetime
    words: str
    outcome: Outcome
    topic: str | None
    probability: float
    candidates: tuple[tuple[str, float], ...]
    content_version: str
    month: str
    outside: str | None = None

    @property
    def nearest(self) -> str:
        """The topic it counts for; empty when it is near to none."""
        return nearest(self.outside, self.candidates)


def nearest(outside: str | None, candidates: Sequence[Sequence[object]]) -> str:
    return outside or (str(candidates[0][0]) if candidates else "")


async def put(tx: AsyncConnection, questions: Sequence[Question]) -> None:
    """Keep questions, and count them by month."""
    await tallies.add_asked(tx, Counter((q.month, q.nearest, q.outcome) for q in questions))
    if questions:
        await tx.execute(
            insert(question),
            [
                {
                    "id": q.id,
                    "person_id": q.person_id,
                    "asked_at": q.asked_at,
                    "words": q.words,
                    "outcome": q.outcome,
                    "topic": q.topic,
                    "probability": q.probability,
                    "candidates": [list(candidate) for candidate in q.candidates],
                    "outside": q.outside,
                    "content_version": q.content_version,
                }
                for q in questions
            ],
        )


async def give_verdict(tx: AsyncConnection, id: int, person_id: int, right: bool, now: dt.datetime) -> bool:
    """Keep the asker's own verdict; the last one counts. False when that question is not theirs."""
    own = (question.c.id == id) & (question.c.person_id == person_id)
    result = await tx.execute(update(question).where(own).values(verdict=int(right), verdict_at=now))
    return result.rowcount == 1


async def choose(tx: AsyncConnection, id: int, person_id: int, topic: str | None) -> None:
    """Keep which offered topic the asker chose after being asked back; None: none of them."""
    own = (question.c.id == id) & (question.c.person_id == person_id)
    await tx.execute(update(question).where(own).values(topic=topic))


async def forget_words(tx: AsyncConnection, before: dt.datetime) -> int:
    """Drop the words of questions asked before ``before``; counts and outcomes stay."""
    return await forget(tx, (question.c.asked_at < before) & question.c.words.is_not(None))


async def forget(tx: AsyncConnection, those: ColumnElement[bool]) -> int:
    """Drop the words of ``those``, and all that was derived from them."""
    grouped = select(question.c.id).where(those & question.c.group_key.is_not(None))
    await tx.execute(delete(likeness_part).where(likeness_part.c.question_id.in_(grouped)))
    nothing = {"words": None, "wording": None, "group_key": None}
    return (await tx.execute(update(question).where(those).values(nothing))).rowcount


async def all_outcomes(tx: AsyncConnection) -> AsyncIterator[tuple[dt.datetime, str, str]]:
    """(when, nearest topic, outcome) of every question ever asked."""
    q = question.c
    async with tx.stream(select(q.asked_at, q.outside, q.candidates, q.outcome)) as rows:
        async for asked_at, outside, candidates, outcome in rows:
            yield asked_at, nearest(outside, candidates), outcome
