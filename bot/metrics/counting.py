"""What a completion adds to the tallies. Pure: recording, erasing and recomputing all go through ``added``.

A tally is kept by month along one dimension at a time (all, ward, audience, age, group kind): its size depends on the
places and kinds there are, not on the people, so that reading stays fast; cross tables come from the evidence export.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.content.courses import Catalogue
from bot.content.indicators import Indicator, Indicators
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

    @cached_property
    def _known(self) -> dict[tuple[object, ...], tuple[tuple[str, bool], ...]]:
        return {}

    def _touched(self, fact: Fact) -> Iterator[Measure]:
        """Those that ``fact`` can count for; each once."""
        yield from self._by_subject.get(fact.subject, self._of_any)
        for code in sorted({competence.split("@")[0] for competence in fact.competences}):
            yield from self._by_competence.get(code, ())

    def fitting(self, fact: Fact) -> tuple[tuple[str, bool], ...]:
        """Measures that ``fact`` counts for (True), or would if the person's audience or age were known (False)."""
        # What there is to ask for is as many as lessons × audiences × ages: kept, a million people ask for the same.
        key = fact.kind, fact.subject, fact.competences, fact.audience, fact.age
        found = self._known.get(key)
        if found is None:
            fits = ((measure.id, measure.fits(fact)) for measure in self._touched(fact))
            found = self._known[key] = tuple((id, fit is True) for id, fit in fits if fit is not False)
        return found

    def added(self, before: Iterable[Fact], new: Fact) -> Iterator[Key]:
        """One key for each tally that ``new`` raises by one; ``before``: the same person's earlier completions."""
        history: History = {}
        for old in before:
            for _ in _scopes(self, history, old):
                pass
        return _keys(self, history, new)


def measures(catalogue: Catalogue, indicators: Indicators, competences: Iterable[str]) -> Measures:
    """Everything that is counted: each indicator, each course begun and finished, each competence by band."""
    found = [Measure("any", "course")]
    found += [
        _of_indicator(indicator, catalogue)
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


def _of_indicator(indicator: Indicator, catalogue: Catalogue) -> Measure:
    """Completed courses or, where it says so, passed lessons of them."""
    numerator = indicator.numerator
    subjects = frozenset(numerator.courses)
    if numerator.kind == "lesson":
        courses = (course for course in catalogue.courses.values() if course.id in subjects)
        subjects = frozenset(lesson.id for course in courses for lesson in course.lessons)
    audience, age = frozenset(numerator.audience), frozenset(numerator.age)
    return Measure(f"indicator:{indicator.id}", numerator.kind, subjects, audience=audience, age=age)


def replay(measures: Measures, facts: Iterable[Fact]) -> Iterator[Key]:
    """What one person's completions add, in the order in which they were recorded."""
    history: History = {}
    for fact in facts:
        yield from _keys(measures, history, fact)


class Count:
    """Sums of what many people add. The same as counting all keys of ``replay``, four times as fast: completions of the
    same lesson by the like of people raise the same measures, which are written out only at the end.
    """

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._patterns: dict[tuple[str, tuple[tuple[str, Scope], ...]], int] = {}  # (month, what is raised) → number
        self._found: dict[Dimension, Counter[tuple[str, int]]] = defaultdict(
            Counter
        )  # dimension → (value, pattern) → completions

    def add(self, facts: Iterable[Fact]) -> None:
        """One person's completions, in the order in which they were recorded."""
        history: History = {}
        for fact in facts:
            raised = fact.day[:7], tuple(_scopes(self._measures, history, fact))
            pattern = self._patterns.setdefault(raised, len(self._patterns))
            for dimension, value in _places(fact):
                self._found[dimension][value, pattern] += 1

    def keys(self) -> Counter[Key]:
        raised = list(self._patterns)
        whole: Counter[Key] = Counter()
        for dimension, found in self._found.items():
            for (value, pattern), n in found.items():
                month, scopes = raised[pattern]
                for measure, scope in scopes:
                    whole[Key(dimension, measure, scope, value, month)] += n
        return whole


History = dict[str, tuple[str, ...]]
"""measure → the years in which a person counted for it; none: they would have, had more been known of them."""


def _keys(measures: Measures, history: History, new: Fact) -> Iterator[Key]:
    month = new.day[:7]
    places = _places(new)
    for measure, scope in _scopes(measures, history, new):
        for dimension, value in places:
            yield Key(dimension, measure, scope, value, month)


def _scopes(measures: Measures, history: History, new: Fact) -> Iterator[tuple[str, Scope]]:
    """(measure, scope) that ``new`` counts for after ``history``, which then holds ``new`` too."""
    year = new.day[:4]
    for measure, known in measures.fitting(new):
        if new.assisted:
            if known:  # nobody knows their audience or age, so they are no workers and nobody of working age
                yield measure, "assisted"
            continue
        years = history.get(measure)
        if not known:
            if years is None:
                history[measure] = ()
                yield measure, "unknown"
            continue
        yield measure, "turn"
        if not years:
            yield measure, "person"
        if not years or year not in years:
            history[measure] = (*(years or ()), year)
            yield measure, "year"


def _places(fact: Fact) -> tuple[tuple[Dimension, str], ...]:
    return (
        ("all", ""),
        ("ward", fact.ward or ""),
        ("audience", fact.audience or ""),
        ("age", fact.age or ""),
        ("group", fact.group_kind or ""),
    )


def _among(value: str | None, wanted: frozenset[str]) -> bool | None:
    if not wanted:
        return True
    return None if value is None else value in wanted
