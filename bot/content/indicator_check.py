"""What ``bot check`` looks at in the indicators beyond their shape: would an auditor accept each of them?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from bot.content.indicators import Indicator, Indicators
from bot.content.style import MAX_WORDS, long_sentences, unexplained
from bot.documents import Problem, read

MEASURE = 64  # signs of the column that holds what is counted, such as begun:<course>

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Finding = tuple[tuple[str | int, ...], str, str]
"""(place in the file, message, remedy)"""


def check_indicators(
    path: Path, rows: Path, indicators: Indicators, courses: Collection[str], areas: Collection[str]
) -> list[Problem]:
    """``path``: of indicators.yaml, ``rows``: of the denominators; ``areas``: codes of wards, none: any is right."""
    if not indicators.all:
        return []
    document = read(path)
    found: list[Finding] = [*_unused_sets(indicators), *_repeated(indicators)]
    for number, indicator in enumerate(indicators.all):
        found += [(("indicators", number, *place), what, remedy) for place, what, remedy in _one(indicator, courses)]
    problems = [document.problem(*finding) for finding in found]
    problems += [
        Problem(
            path.parent / "courses" / id / "course.yaml", 1, "", "its id is too long to be counted by", "shorten it"
        )
        for id in courses
        if len(f"course:{id}") > MEASURE
    ]
    return problems + list(_rows(rows, indicators, areas))


def _one(indicator: Indicator, courses: Collection[str]) -> Iterator[Finding]:
    for number, course in enumerate(indicator.numerator.courses):
        if course not in courses:
            yield ("numerator", "courses", number), f"{course!r} is no course", f"use one of {', '.join(courses)}"
    if indicator.counts == "assisted" and indicator.numerator.kind == "course":
        yield ("numerator",), "assisted people pass lessons, never courses", "write kind: lesson"
    if len(indicator.owner.split()) < 2:
        yield ("owner",), f"{indicator.owner!r} is no agency", "write the full name of who reports it"
    for number, source in enumerate(indicator.basis):
        if source.date is None and not _YEAR.search(source.title):
            yield ("basis", number), f"{source.title!r} has no date", "add the day on which it was signed"
    for number, target in enumerate(indicator.targets):
        if target.source is None:
            yield ("targets", number), "does not say who set this target", "add a source"
        if indicator.denominator and target.value > 100:
            yield ("targets", number), "is over 100 per cent", "write per cent of the denominator"
    yield from _plain(indicator)


def _plain(indicator: Indicator) -> Iterator[Finding]:
    """Sentences that are too long to be read aloud, and abbreviations that nobody explains."""
    texts = {name: str(getattr(indicator, name)) for name in ("name", "label", "definition", "limits", "unread")}
    for name, text in texts.items():
        for sentence in long_sentences(text):
            yield (name,), f"a sentence has over {MAX_WORDS} words: {sentence[:60]!r}…", "split it in two"
    for short in sorted(unexplained(texts.values())):
        yield (), f"the abbreviation {short!r} is not explained", "write it in full"


def _unused_sets(indicators: Indicators) -> Iterator[Finding]:
    for name in indicators.sets:
        if not indicators.of_set(name):
            yield ("sets", name), "no indicator feeds this set", "name it under sets of an indicator, or remove it"


def _repeated(indicators: Indicators) -> Iterator[Finding]:
    labels = [indicator.label for indicator in indicators.all]
    for number, label in enumerate(labels):
        if label in labels[:number]:
            yield ("indicators", number, "label"), f"{label!r} stands twice", "say in it how the two differ"


def _rows(path: Path, indicators: Indicators, areas: Collection[str]) -> Iterator[Problem]:
    used = {indicator.denominator for indicator in indicators.all}
    for row in indicators.denominators:
        if row.key not in used:
            yield Problem(path, row.line, "key", f"nothing is divided by {row.key!r}", "fix the key or remove the row")
        if row.area and areas and row.area not in areas:
            yield Problem(path, row.line, "area", f"{row.area!r} is no ward", "use a code under units of places.yaml")
