"""Runs through quizzes. An attempt keeps its questions as they were when it began, and each answer at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, Row, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import answer, attempt, frozen_question

Kind = Literal["lesson", "final", "placement", "review"]


@dataclass(frozen=True, slots=True)
class Answer:
    given: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """``items``: (digest of the question, order of its options). ``answers`` by place in ``items``."""

    id: int
    person_id: int
    kind: Kind
    subject: str
    assisted: bool
    content_version: str
    pass_mark: int
    items: tuple[tuple[str, tuple[int, ...]], ...]
    finished_at: dt.datetime | None
    correct: int | None
    passed: bool | None
    answers: Mapping[int, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beginning:
    """An attempt that is about to start. ``questions``: digest → frozen question."""

    person_id: int
    kind: Kind
    subject: str
    assisted: bool
    content_version: str
    pass_mark: int
    items: Sequence[tuple[str, tuple[int, ...]]]
    questions: Mapping[str, dict[str, Any]]


_COLUMNS: tuple[Column[Any], ...] = (
    attempt.c.id,
    attempt.c.person_id,
    attempt.c.kind,
    attempt.c.subject,
    attempt.c.assisted,
    attempt.c.content_version,
    attempt.c.pass_mark,
    attempt.c["items"],
    attempt.c.finished_at,
    attempt.c.correct,
    attempt.c.passed,
)


async def begin(tx: AsyncConnection, new: Beginning, now: dt.datetime) -> Attempt:
    """Start an attempt, or go on with the open one of the same quiz, as it was.

    Raises ValueError when there is nothing to ask.
    """
    if not new.items:
        raise ValueError(f"an attempt of {new.kind} {new.subject} has no questions")
    rows = [{"digest": digest, "data": data} for digest, data in new.questions.items()]
    await tx.execute(insert(tx, frozen_question).on_conflict_do_nothing(), rows)
    values = {
        "person_id": new.person_id,
        "kind": new.kind,
        "subject": new.subject,
        "assisted": new.assisted,
        "content_version": new.content_version,
        "pass_mark": new.pass_mark,
        "items": [[digest, list(order)] for digest, order in new.items],
        "started_at": now,
    }
    await tx.execute(insert(tx, attempt).values(values).on_conflict_do_nothing())
    found = await open_of(tx, new.person_id, new.kind, new.subject, new.assisted)
    if found is None:
        raise LookupError(f"no open attempt of {new.kind} {new.subject}")
    return found


async def open_of(
    tx: AsyncConnection, person_id: int, kind: Kind, subject: str, assisted: bool = False
) -> Attempt | None:
    """The person's unfinished attempt of one quiz."""
    c = attempt.c
    where = (c.person_id == person_id) & (c.kind == kind) & (c.subject == subject) & (c.assisted == assisted)
    return await _one(tx, where & c.finished_at.is_(None))


async def load(tx: AsyncConnection, id: int, person_id: int) -> Attempt | None:
    """An attempt with its answers; None when it is not that person's own."""
    return await _one(tx, (attempt.c.id == id) & (attempt.c.person_id == person_id))


async def review_of(tx: AsyncConnection, person_id: int, day: str) -> Attempt | None:
    """The review round of ``day``, finished or not."""
    c = attempt.c
    return await _one(tx, (c.person_id == person_id) & (c.kind == "review") & (c.subject == day))


async def latest_open(tx: AsyncConnection, person_id: int) -> Attempt | None:
    """The quiz the person began last and has not finished."""
    c = attempt.c
    where = (c.person_id == person_id) & c.finished_at.is_(None) & c.assisted.is_(False) & (c.kind != "review")
    query = select(*_COLUMNS).where(where).order_by(c.started_at.desc()).limit(1)
    row = (await tx.execute(query)).first()
    return await _with_answers(tx, row) if row else None


async def questions(tx: AsyncConnection, digests: Collection[str]) -> dict[str, dict[str, Any]]:
    """Frozen questions by digest. Raises LookupError when one is missing."""
    c = frozen_question.c
    query = select(c.digest, c.data).where(c.digest.in_(list(digests)))
    found: dict[str, dict[str, Any]] = {digest: data for digest, data in await tx.execute(query)}  # noqa: C416
    if missing := set(digests) - found.keys():
        raise LookupError(f"no frozen question {sorted(missing)[0]}")
    return found


async def put_answer(
    tx: AsyncConnection, attempt_id: int, position: int, given: str, correct: bool, now: dt.datetime
) -> bool:
    """Keep an answer; False when there is one already, which stays, or when the attempt asks nothing there any more."""
    row = {"attempt_id": attempt_id, "position": position, "given": given, "correct": correct, "answered_at": now}
    asked = (attempt.c.id == attempt_id) & attempt.c.finished_at.is_(None)
    asked &= (func.json_array_length(attempt.c["items"]) > position) & (literal(position) >= 0)
    values = select(*(literal(value, answer.c[name].type) for name, value in row.items())).where(asked)
    result = await tx.execute(insert(tx, answer).from_select(list(row), values).on_conflict_do_nothing())
    return result.rowcount == 1


async def finish(tx: AsyncConnection, id: int, correct: int, passed: bool, now: dt.datetime) -> bool:
    """Close an open attempt with its result; False when it was closed before."""
    where = (attempt.c.id == id) & attempt.c.finished_at.is_(None)
    result = await tx.execute(update(attempt).where(where).values(finished_at=now, correct=correct, passed=passed))
    return result.rowcount == 1


async def _one(tx: AsyncConnection, where: Any) -> Attempt | None:
    row = (await tx.execute(select(*_COLUMNS).where(where))).first()
    return await _with_answers(tx, row) if row else None


async def _with_answers(tx: AsyncConnection, row: Row[Any]) -> Attempt:
    query = select(answer.c.position, answer.c.given, answer.c.correct).where(answer.c.attempt_id == row.id)
    given = {position: Answer(given, correct) for position, given, correct in await tx.execute(query)}
    kept = dict(row._mapping)
    kept["items"] = tuple((digest, tuple(order)) for digest, order in kept["items"])
    return Attempt(**kept, answers=given)
