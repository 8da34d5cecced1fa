"""First passes of lessons and courses: what counts, with everything it counts for as it was on that day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from sqlalchemy import Text, bindparam, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.learning_tables import completion

Kind = Literal["lesson", "course"]
PART = 2000  # rows fetched at once when all are read


class Fact(NamedTuple):
    """A completion as far as it counts for the metrics."""

    kind: str
    subject: str
    day: str
    competences: tuple[str, ...] = ()
    audience: str | None = None
    ward: str | None = None
    age: str | None = None
    group_kind: str | None = None
    assisted: bool = False

    @property
    def year(self) -> str:
        return self.day[:4]


@dataclass(frozen=True, slots=True)
class Completion:
    """``person_id`` None: assisted, ``assisted_by`` registered it for someone without an account."""

    person_id: int | None
    kind: Kind
    subject: str
    content_version: str
    correct: int
    questions: int
    completed_at: dt.datetime
    day: str
    competences: tuple[str, ...]
    audience: str | None = None
    ward: str | None = None
    age: str | None = None
    group_id: int | None = None
    group_kind: str | None = None
    assisted_by: int | None = None

    @property
    def fact(self) -> Fact:
        return Fact(
            self.kind, self.subject, self.day, self.competences, self.audience, self.ward, self.age, self.group_kind,
            assisted=self.person_id is None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    subject: str
    correct: int
    questions: int
    day: str


async def put(tx: AsyncConnection, new: Completion) -> bool:
    """Keep a completion; False when this person completed the same before, which stays."""
    row: dict[str, Any] = {name: getattr(new, name) for name in Completion.__slots__}
    row |= {"competences": list(new.competences), "assisted": new.person_id is None}
    result = await tx.execute(insert(tx, completion).on_conflict_do_nothing(), row)
    return result.rowcount == 1


async def of_person(tx: AsyncConnection, person_id: int, kind: Kind) -> dict[str, Done]:
    """What a person has completed, by lesson or course."""
    c = completion.c
    query = select(c.subject, c.correct, c.questions, c.day).where((c.person_id == person_id) & (c.kind == kind))
    return {row.subject: Done(*row) for row in await tx.execute(query)}


async def assisted_on(tx: AsyncConnection, member_id: int, day: str) -> int:
    """How many lessons a member of a community team registered for others on ``day``."""
    c = completion.c
    where = (c.assisted_by == member_id) & (c.day == day) & (c.kind == "lesson")
    return await tx.scalar(select(func.count()).select_from(completion).where(where)) or 0


async def of_members(
    tx: AsyncConnection,
    people: Sequence[int],
    kind: Kind,
    subjects: Sequence[str],
    until: dt.datetime | None = None,
) -> dict[int, set[str]]:
    """person → which of ``subjects`` they have completed, by ``until`` if that is given."""
    c = completion.c
    where = c.person_id.in_(list(people)) & (c.kind == kind) & c.subject.in_(list(subjects))
    if until is not None:
        where &= c.completed_at <= until
    query = select(c.person_id, c.subject).where(where)
    found: dict[int, set[str]] = {}
    for person_id, subject in await tx.execute(query):
        found.setdefault(person_id, set()).add(subject)
    return found


async def facts(tx: AsyncConnection, person_id: int) -> list[Fact]:
    """Everything a person completed, in the order in which it was recorded."""
    return [_fact(row) for row in await tx.execute(_FACTS, {"person": person_id})]


async def all_facts(tx: AsyncConnection) -> AsyncIterator[list[Fact]]:
    """The same for everybody, one list a person; assisted completions come one by one."""
    c = completion.c
    query = select(c.person_id, c.id, *_FACT).order_by(c.person_id)  # by the unique index: nothing to sort
    current: int | None = None
    found: list[tuple[int, Fact]] = []
    async with tx.stream(query) as rows:
        async for part in rows.partitions(PART):
            for person_id, id, *row in part:
                if person_id is None or person_id != current:
                    if found:
                        yield [fact for _, fact in sorted(found, key=itemgetter(0))]
                    current, found = person_id, []
                found.append((id, _fact(row)))
    if found:
        yield [fact for _, fact in sorted(found, key=itemgetter(0))]


async def count(tx: AsyncConnection) -> int:
    """How many completions there are, assisted ones included."""
    return await tx.scalar(select(func.count()).select_from(completion)) or 0


_FACT = (
    completion.c.kind,
    completion.c.subject,
    completion.c.day,
    cast(completion.c.competences, Text),  # parsed once for each lesson, not for each row
    completion.c.audience,
    completion.c.ward,
    completion.c.age,
    completion.c.group_kind,
    completion.c.assisted,
)
# Made once: putting it together anew took a tenth of recording a completion.
_FACTS = select(*_FACT).where(completion.c.person_id == bindparam("person")).order_by(completion.c.id)


def _fact(row: Sequence[Any]) -> Fact:
    kind, subject, day, competences, *rest = row
    return Fact(kind, subject, day, _parsed(competences), *rest)


@lru_cache(maxsize=1024)
def _parsed(competences: str) -> tuple[str, ...]:
    return tuple(json.loads(competences))
