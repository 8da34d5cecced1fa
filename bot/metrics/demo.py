"""A made-up population put into an empty database, in one transaction: all of it or nothing.

Everybody comes through the channel ``demo``, by which reports say that people are made up. Tallies are counted by the
same rules as those of real people and written once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.content.articles import Library
from bot.content.courses import Catalogue
from bot.metrics.counting import Count
from bot.metrics.population import Passed, Resident, Weighted, first_day, residents
from bot.metrics.report import DEMO, Metrics
from bot.storage import bulk, tallies
from bot.storage.completions import Fact
from bot.storage.learning_tables import attempt, completion, consent, erasure, learner_group, membership, profile
from bot.storage.metrics_tables import erased_tally, tally
from bot.storage.tables import person, question

PART = 2000  # people written at once
OPEN, CLOSED = 7 * 3600, 21 * 3600  # hours in which people learn, in seconds of their day
SIZES = {"line": 90, "class": 38, "agency": 24, "community": 8}  # members of a group
ASKED = 0.6  # questions of a person, on average
NOT_SHOWN = 1.1  # exponent of how the topics are spread: few are asked often


class NotEmpty(RuntimeError):
    """There are people in the database, or counts of people who were there."""


@dataclass(frozen=True, slots=True)
class Made:
    people: int
    completions: int
    assisted: int
    attempts: int
    questions: int
    groups: int


@dataclass
class _Rows:
    """What is written next, by table; ids go on from part to part."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table.name: [] for table, _ in _TABLES})
    written: Counter[str] = field(default_factory=Counter)

    def add(self, table: Table, *values: Any) -> int:
        """The row's number, from 1 on; ``values`` without it."""
        self.written[table.name] += 1
        self.rows[table.name].append(values)
        return self.written[table.name]


_TABLES: tuple[tuple[Table, tuple[str, ...]], ...] = (  # in the order in which they lean on each other
    (person, ("id", "channel", "external", "created_at")),
    (consent, ("person_id", "version", "given_at")),
    (profile, ("person_id", "audience", "ward", "age", "asked")),
    (learner_group, ("id", "code", "name", "kind", "owner_id", "created_at")),
    (membership, ("group_id", "person_id", "joined_at")),
    (attempt, ("person_id", "kind", "subject", "assisted", "content_version", "pass_mark", "items", "started_at",
               "finished_at", "correct", "passed")),
    (completion, ("person_id", "kind", "subject", "content_version", "correct", "questions", "completed_at", "day",
                  "competences", "audience", "ward", "age", "group_id", "group_kind", "assisted_by", "assisted")),
    (question, ("id", "person_id", "asked_at", "outcome", "topic", "probability", "candidates", "content_version")),
)  # fmt: skip


async def fill(
    tx: AsyncConnection,
    metrics: Metrics,
    zone: dt.tzinfo,
    consent_version: int,
    people: int,
    seed: int,
    until: dt.date,
    completions: float,
    progress: Callable[[int], None] = lambda people: None,
) -> Made:
    """Raises NotEmpty."""
    await _refuse(tx)
    wards = list(metrics.places.units) if metrics.places else []
    maker = _Maker(metrics, zone, consent_version, seed, until)
    for number, resident in enumerate(residents(people, seed, until, wards, metrics.catalogue, completions), start=1):
        maker.make(number, resident)
        if number % PART == 0 or number == people:
            await _write(tx, maker.rows)
            progress(number - (number - 1) // PART * PART)
    await tallies.replace(tx, maker.count.keys(), metrics.measures.digest)
    await tallies.replace_asked(tx, maker.asked)
    written = maker.rows.written
    return Made(
        people, written["completion"], maker.assisted, written["attempt"], written["question"],
        written["learner_group"],
    )  # fmt: skip


async def _refuse(tx: AsyncConnection) -> None:
    found = (await tx.execute(select(person.c.channel, func.count()).group_by(person.c.channel))).all()
    if found:
        listed = ", ".join(f"{number} of the channel {channel!r}" for channel, number in found)
        raise NotEmpty(f"the database holds people ({listed}) → name a new one under storage.url of other settings")
    for table in (completion, question, erasure, tally, erased_tally):
        if (await tx.execute(select(table).limit(1))).first():
            message = f"the database holds rows of people who were here ({table.name})"
            raise NotEmpty(f"{message} → name a new one under storage.url of other settings")


async def _write(tx: AsyncConnection, rows: _Rows) -> None:
    for table, columns in _TABLES:
        await bulk.put(tx, table, columns, rows.rows[table.name])
        rows.rows[table.name] = []


class _Maker:
    """Turns residents into rows and counts."""

    def __init__(self, metrics: Metrics, zone: dt.tzinfo, consent_version: int, seed: int, until: dt.date) -> None:
        self.rows = _Rows()
        self.count = Count(metrics.measures)
        self.asked: Counter[tuple[str, str, str]] = Counter()
        self.assisted = 0
        self._consent = consent_version
        self._chance = Random(f"{seed} rows")
        first = first_day(until)
        days = [first + dt.timedelta(days=number) for number in range((until - first).days + 1)]
        self._days = [day.isoformat() for day in days]
        self._starts = [round(dt.datetime.combine(day, dt.time(), zone).timestamp() * 1000) for day in days]
        self._lessons = _Lessons.of(metrics.catalogue)
        self._topics = _Topics(metrics.library, seed)
        self._open: dict[tuple[str, str | None], tuple[int, int]] = {}  # (kind, ward) → (group, places left)

    def make(self, number: int, resident: Resident) -> None:
        rows, at = self.rows, self._at(resident.joined)
        rows.add(person, number, DEMO, str(number), at)
        rows.add(consent, number, self._consent, at)
        ward = resident.then if any(passed.moved for passed in resident.passed) else resident.ward
        rows.add(profile, number, resident.audience, ward, resident.age, "age audience ward")
        group = self._join(resident.group, ward, number, at) if resident.group else None
        facts = []
        for passed in resident.passed:
            facts.append(self._complete(number, resident, passed, group))
            self._try(number, passed)
        self.count.add(facts)
        for passed in resident.helped:
            self.count.add([self._help(number, ward, passed, group)])
        self._ask(number, resident)

    def _at(self, day: int) -> int:
        """A moment within the hours of ``day``, in milliseconds since 1970."""
        return self._starts[day] + self._chance.randrange(OPEN, CLOSED) * 1000

    def _join(self, kind: str, ward: str | None, number: int, at: int) -> int:
        group, left = self._open.get((kind, ward), (0, 0))
        if not left:
            group, left = self.rows.written["learner_group"] + 1, SIZES[kind]
            self.rows.add(learner_group, group, f"D{group:09}", f"{kind} {group}", kind, number, at)
        self._open[kind, ward] = group, left - 1
        self.rows.add(membership, group, number, at)
        return group

    def _complete(self, number: int, resident: Resident, passed: Passed, group: int | None) -> Fact:
        about = self._lessons.about[passed.subject]
        day, ward = self._days[passed.day], resident.at(passed)
        self.rows.add(
            completion, number, passed.kind, passed.subject, about.version, passed.correct, passed.questions,
            self._at(passed.day), day, about.json, resident.audience, ward, resident.age, group, resident.group, None,
            False,
        )  # fmt: skip
        return Fact(
            passed.kind, passed.subject, day, about.competences, resident.audience, ward, resident.age, resident.group
        )

    def _help(self, number: int, ward: str | None, passed: Passed, group: int | None) -> Fact:
        """A lesson for someone without an account: of them nothing is known but the ward of who helped."""
        about, day = self._lessons.about[passed.subject], self._days[passed.day]
        kind = "community" if group else None
        self.rows.add(
            completion, None, passed.kind, passed.subject, about.version, passed.correct, passed.questions,
            self._at(passed.day), day, about.json, None, ward, None, group, kind, number, True,
        )  # fmt: skip
        self.assisted += 1
        return Fact(passed.kind, passed.subject, day, about.competences, None, ward, None, kind, assisted=True)

    def _try(self, number: int, passed: Passed) -> None:
        """Attempts beside the one that counts: of those that passed at once, the completion says all there is."""
        about = self._lessons.about[passed.subject]
        for correct, there in ((2, passed.failed), (5, passed.again)):
            if there:
                start = self._at(passed.day)
                self.rows.add(
                    attempt, number, passed.kind, passed.subject, False, about.version, 80, "[]", start,
                    start + 240_000, correct, correct > 2,
                )  # fmt: skip

    def _ask(self, number: int, resident: Resident) -> None:
        for _ in range(int(self._chance.expovariate(1 / (ASKED + 0.5)))):
            day = min(resident.joined + int(self._chance.expovariate(1 / 40)), len(self._days) - 1)
            topic, outcome = self._topics.draw(self._chance)
            id = -1 - self.rows.written["question"]  # a real one has the number of its inbox row
            probability = 0.9 if outcome == "answer" else 0.4 if outcome == "clarify" else 0.15
            self.rows.add(
                question, id, number, self._at(day), outcome, topic if outcome == "answer" else None, probability,
                json.dumps([[topic, probability]]), "demo",
            )  # fmt: skip
            self.asked[self._days[day][:7], topic, outcome] += 1


@dataclass(frozen=True, slots=True)
class _About:
    version: str
    competences: tuple[str, ...]
    json: str


@dataclass(frozen=True, slots=True)
class _Lessons:
    about: dict[str, _About]
    """by lesson and course; a course teaches what its lessons do"""

    @classmethod
    def of(cls, catalogue: Catalogue) -> _Lessons:
        about = {}
        for course in catalogue.courses.values():
            taught = tuple(sorted({code for lesson in course.lessons for code in lesson.competences}))
            about[course.id] = _About(course.version, taught, _json(taught))
            for lesson in course.lessons:
                about[lesson.id] = _About(course.version, tuple(lesson.competences), _json(lesson.competences))
        return cls(about)


class _Topics:
    """What people ask: some topics often, most seldom, a few mostly without an answer."""

    def __init__(self, library: Library, seed: int) -> None:
        chance = Random(f"{seed} topics")
        names = sorted(article.id for article in library.articles.values() if not article.opens)
        chance.shuffle(names)
        self._topics = Weighted(names, [1 / (place + 3) ** NOT_SHOWN for place in range(len(names))])
        outcomes = ("answer", "clarify", "abstain")
        self._outcomes = {
            name: Weighted(outcomes, (3, 3, 4) if chance.random() < 0.1 else (80, 12, 8)) for name in names
        }

    def draw(self, chance: Random) -> tuple[str, str]:
        topic = self._topics.draw(chance) or ""
        return topic, self._outcomes[topic].draw(chance) or ""


def _json(competences: Sequence[str]) -> str:
    return json.dumps(list(competences), ensure_ascii=False, separators=(",", ":"))
