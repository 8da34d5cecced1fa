"""A made-up population: who lives where, what they learn and when. Pure; the same seed gives the same people.

Numbers are plausible, not measured: no table of a real place stands behind them.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from bot.content.courses import Catalogue, Course

MONTHS = 24
QUIET = 0.15  # of the usual activity around Tết
AROUND_TET = range(-9, 10)  # days from the first of the lunar year
TET = ("2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23")
FAILED, REPEATED = 0.12, 0.04  # chances of a failed attempt before a pass, and of one more attempt after it
HELPS, HELPED = 0.6, 16  # of the community teams, and lessons they register for others, on average
PREFERRED = 5  # times as likely is a course for one's own audience
REST = 2.0  # days between two lessons, on average
SECOND = 0.02  # of people move to another ward while they learn

_AUDIENCES: Mapping[str | None, float] = {
    "worker": 44, "citizen": 20, "student": 13, "business": 6, "official": 5, "teacher": 3, "it_specialist": 2, None: 7,
}  # fmt: skip
_BANDS = ("0_14", "15_24", "25_34", "35_44", "45_54", "55_59", "60_99", None)
_AGES: Mapping[str | None, tuple[int, ...]] = {
    "worker": (0, 30, 36, 20, 7, 1, 0, 6),
    "citizen": (1, 12, 18, 20, 19, 10, 14, 6),
    "student": (38, 57, 1, 0, 0, 0, 0, 4),
    "business": (0, 5, 26, 34, 22, 6, 3, 4),
    "official": (0, 4, 28, 36, 22, 7, 0, 3),
    "teacher": (0, 5, 33, 34, 20, 5, 0, 3),
    "it_specialist": (0, 22, 48, 22, 5, 1, 0, 2),
    None: (1, 10, 13, 10, 6, 2, 3, 55),
}
_GROUPS: Mapping[str | None, tuple[tuple[str, float], ...]] = {
    "worker": (("line", 0.6), ("community", 0.005)),
    "citizen": (("community", 0.08),),
    "student": (("class", 0.7), ("community", 0.02)),
    "teacher": (("class", 0.3), ("community", 0.02)),
    "official": (("agency", 0.8), ("community", 0.08)),
    "it_specialist": (("agency", 0.3),),
    "business": (("community", 0.01),),
}


@dataclass(frozen=True, slots=True)
class Passed:
    """``failed``, ``again``: there was a failed attempt before, and one more good one later, which does not count."""

    kind: str
    subject: str
    day: int
    correct: int
    questions: int
    failed: bool = False
    again: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Resident:
    """Days count from the population's first. ``helped``: completions registered for people without an account."""

    joined: int
    audience: str | None
    ward: str | None
    age: str | None
    group: str | None
    then: str | None
    passed: tuple[Passed, ...]
    helped: tuple[Passed, ...]

    def at(self, passed: Passed) -> str | None:
        """The ward the person had chosen when they passed."""
        return self.then if passed.moved else self.ward


class Weighted:
    """One of ``values``, as likely as its weight says."""

    def __init__(self, values: Sequence[str | None], weights: Sequence[float]) -> None:
        self._values = values
        self._sums = list(accumulate(weights))

    def draw(self, chance: Random) -> str | None:
        return self._values[bisect(self._sums, chance.random() * self._sums[-1])]


def first_day(until: dt.date) -> dt.date:
    """The first of the month with which MONTHS months end on ``until``."""
    months = until.year * 12 + until.month - MONTHS
    return dt.date(months // 12, months % 12 + 1, 1)


def residents(
    people: int, seed: int, until: dt.date, wards: Sequence[str], catalogue: Catalogue, completions: float
) -> Iterator[Resident]:
    """In the order in which they joined. ``completions``: of a person, on average, assisted ones not counted."""
    chance = Random(seed)
    first = first_day(until)
    calendar = _calendar(first, until)
    places = Weighted([*wards, None], [*(chance.lognormvariate(0, 0.8) for _ in wards), 0.08 * len(wards)])
    audiences = Weighted(list(_AUDIENCES), list(_AUDIENCES.values()))
    ages = {audience: Weighted(_BANDS, weights) for audience, weights in _AGES.items()}
    courses = list(catalogue.courses.values())
    wanted = {
        audience: [PREFERRED if audience in course.about.audience else 1 for course in courses]
        for audience in _AUDIENCES
    }
    for number in range(people):
        joined = bisect(calendar, (number + chance.random()) / people * calendar[-1])
        audience = audiences.draw(chance)
        ward, then = places.draw(chance), None
        if chance.random() < SECOND:
            then = places.draw(chance)
        group = _group(audience, chance)
        effort = round(chance.expovariate(1 / completions)) if completions else 0
        passed = tuple(
            _learn(courses, wanted[audience], effort, joined, len(calendar), moves=then is not None, chance=chance)
        )
        helped: tuple[Passed, ...] = ()
        if group == "community" and chance.random() < HELPS:
            helped = tuple(_help(courses, joined, len(calendar), chance))
        yield Resident(joined, audience, ward, ages[audience].draw(chance), group, then, passed, helped)


def _calendar(first: dt.date, until: dt.date) -> list[float]:
    """Sums of the days' weights: more with every month, fewer people around Tết."""
    quiet = {dt.date.fromisoformat(day) + dt.timedelta(days=around) for day in TET for around in AROUND_TET}
    days = (first + dt.timedelta(days=number) for number in range((until - first).days + 1))
    return list(accumulate((200 + number) * (QUIET if day in quiet else 1) for number, day in enumerate(days)))


def _group(audience: str | None, chance: Random) -> str | None:
    drawn = chance.random()
    for kind, share in _GROUPS.get(audience, ()):
        if drawn < share:
            return kind
        drawn -= share
    return None


def _learn(
    courses: Sequence[Course],
    weights: Sequence[int],
    effort: int,
    day: int,
    days: int,
    *,
    moves: bool,
    chance: Random,
) -> Iterator[Passed]:
    """Course after course in their order, until effort or time ends: most people drop out of their last one."""
    left, likely = list(courses), list(weights)
    begun = effort
    while effort > 0 and left:
        place = chance.choices(range(len(left)), likely)[0]
        course = left.pop(place)
        likely.pop(place)
        for lesson in course.lessons:
            if effort == 0 or day >= days:
                return
            moved = moves and effort * 2 < begun
            failed, again = chance.random() < FAILED, chance.random() < REPEATED
            yield Passed("lesson", lesson.id, day, 4 + (chance.random() < 0.6), 5, failed, again, moved)
            effort -= 1
            if chance.random() < 0.5:  # else the next one on the same day
                day += round(chance.expovariate(1 / (2 * REST)))
        if effort and day < days:
            yield Passed("course", course.id, day, 8 + chance.randrange(3), 10, moved=moves and effort * 2 < begun)
            effort -= 1


def _help(courses: Sequence[Course], day: int, days: int, chance: Random) -> Iterator[Passed]:
    for _ in range(round(chance.expovariate(1 / HELPED))):
        day += round(chance.expovariate(1 / (5 * REST)))
        if day >= days:
            return
        lesson = chance.choice(chance.choice(courses).lessons)
        yield Passed("lesson", lesson.id, day, 4 + (chance.random() < 0.4), 5)
