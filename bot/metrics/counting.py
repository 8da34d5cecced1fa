"""What a completion adds to the tallies. Pure: recording, erasing and recomputing all go through ``added``.

A tally is kept by month along one dimension at a time (all, ward, audience, age, group kind): its size depends on the
places and kinds there are, not on the people, so that reading stays fast; cross tables come from the evidence export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.content.courses import Catalogue
from bot.content.indicators import Indicators, Numerator
from bot.storage.completions import Fact
from bot.storage.tallies import Dimension, Key, Scope

LEVELS = (1, 3, 5)
"""The first level of each band of DigComp that is counted: basic, intermediate, advanced."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Completions of ``kind``: of one of ``subjects``, or with ``competence`` at ``level`` or above."""

    id: str
    kind: str
    subjects: frozenset[str] = frozenset()
    competence: str = ""
    level: int = 1
    audience: frozenset[str] = frozenset()
    age: frozenset[str] = frozenset()

    def fits(self, fact: Fact) -> bool | None:
        """None: it would, if the person's audience or age were known."""
        if fact.kind != self.kind or (self.subjects and fact.subject not in self.subjects):
            return False
        if self.competence and not self._taught(fact.competences):
            return False
        known = [_among(fact.audience, self.audience), _among(fact.age, self.age)]
        return False if False in known else None if None in known else True

    def _taught(self, competences: Iterable[str]) -> bool:
        parts = (competence.split("@") for competence in competences)
        return any(code == self.competence and int(level) >= self.level for code, level in parts)


@dataclass(frozen=True)
class Measures:
    all: tuple[Measure, ...]

    @cached_property
    def digest(self) -> str:
        """Changes when anything is counted otherwise."""
        plain = [(m.id, m.kind, sorted(m.subjects), m.competence, m.level, sorted(m.audience), sorted(m.age))
                 for m in self.all]  # fmt: skip
        return hashlib.sha256(repr(plain).encode()).hexdigest()[:16]

    @cached_property
    def _by_subject(self) -> Mapping[str, tuple[Measure, ...]]:
        subjects = {subject for measure in self.all for subject in measure.subjects}
        return {
            subject: tuple(m for m in self.all if not m.competence and (not m.subjects or subject in m.subjects))
            for subject in subjects
        }

    @cached_property
    def _of_any(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.all if not measure.competence and not measure.subjects)

    @cached_property
    def _by_competence(self) -> Mapping[str, tuple[Measure, ...]]:
        codes = {measure.competence for measure in self.all if measure.competence}
        return {code: tuple(m for m in self.all if m.competence == code) for code in codes}

    def touched(self, fact: Fact) -> Iterator[Measure]:
        """Those that ``fact`` can count for; each once."""
        yield from self._by_subject.get(fact.subject, self._of_any)
        for code in {competence.split("@")[0] for competence in fact.competences}:
            yield from self._by_competence.get(code, ())

    def added(self, before: Collection[Fact], new: Fact) -> Iterator[Key]:
        """One key for each tally that ``new`` raises by one; ``before``: the same person's earlier completions."""
        for measure in self.touched(new):
            for scope in _scopes(measure, before, new):
                for dimension, value in _places(new):
                    yield Key(dimension, measure.id, scope, value or "", new.day[:7])


def measures(catalogue: Catalogue, indicators: Indicators, competences: Iterable[str]) -> Measures:
    """Everything that is counted: each indicator, each course begun and finished, each competence by band."""
    found = [Measure("any", "course")]
    found += [
        Measure(
            f"indicator:{indicator.id}",
            indicator.numerator.kind,
            frozenset(_subjects(catalogue, indicator.numerator)),
            audience=frozenset(indicator.numerator.audience),
            age=frozenset(indicator.numerator.age),
        )
        for indicator in indicators.all
        if indicator.counts in ("persons", "turns", "assisted") and not indicator.numerator.competences
    ]
    for course in catalogue.courses.values():
        found.append(Measure(f"course:{course.id}", "course", frozenset({course.id})))
        found.append(Measure(f"begun:{course.id}", "lesson", frozenset(lesson.id for lesson in course.lessons)))
    found += [
        Measure(f"competence:{code}@{level}", "lesson", competence=code, level=level)
        for code in competences
        for level in LEVELS
    ]
    return Measures(tuple(found))


def _subjects(catalogue: Catalogue, numerator: Numerator) -> Iterator[str]:
    """The courses it counts, or their lessons."""
    for id in numerator.courses:
        if numerator.kind == "course":
            yield id
        elif course := catalogue.course(id):
            yield from (lesson.id for lesson in course.lessons)


def replay(measures: Measures, facts: Sequence[Fact]) -> Iterator[Key]:
    """What one person's completions add, in the order in which they were recorded."""
    for place, fact in enumerate(facts):
        yield from measures.added(facts[:place], fact)


def _scopes(measure: Measure, before: Collection[Fact], new: Fact) -> Iterator[Scope]:
    fits = measure.fits(new)
    if fits is False:
        return
    if new.assisted:
        if fits:  # nobody knows their audience or age, so they are no workers and nobody of working age
            yield "assisted"
        return
    earlier = [old for old in before if measure.fits(old) is not False]
    if fits is None:
        if not earlier:
            yield "unknown"
        return
    counted = [old for old in earlier if measure.fits(old)]
    yield "turn"
    if not counted:
        yield "person"
    if all(old.year != new.year for old in counted):
        yield "year"


def _places(fact: Fact) -> Iterator[tuple[Dimension, str | None]]:
    yield "all", ""
    yield "ward", fact.ward
    yield "audience", fact.audience
    yield "age", fact.age
    yield "group", fact.group_kind


def _among(value: str | None, wanted: frozenset[str]) -> bool | None:
    if not wanted:
        return True
    return None if value is None else value in wanted
