"""The rows behind the figures as CSV: for auditors with a pseudonym a person, for the public without and in crowds.

Cells cannot become formulas; files begin with a mark by which spreadsheets read them as UTF-8.
"""

from __future__ import annotations

import csv
import hmac
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TextIO

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Texts
from bot.metrics.period import Period
from bot.metrics.report import Metrics
from bot.metrics.suppression import LEAST, NOTHING, Crowds, Traits, shown
from bot.storage import evidence
from bot.storage.evidence import Row

ENCODING = "utf-8-sig"
PSEUDONYM = 24  # signs: 96 bits
KEY_LENGTH = 32  # signs of the secret, at least
_RISKY = ("=", "+", "-", "@", "\t", "\r")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """``rows``: in the file; ``blanked``: of these, how many show less than is known; ``suppressed``: left out."""

    rows: int
    blanked: int = 0
    suppressed: int = 0


def wards_of(metrics: Metrics, area: str | None) -> set[str] | None:
    """The codes that go by ``area`` today; None for everywhere. Raises LookupError for a code nobody knows."""
    if area is None:
        return None
    if metrics.places is None or area not in metrics.places.units:
        raise LookupError(area)
    return {area} | {old for old, now in metrics.places.merged.items() if now == area}


async def write(
    tx: AsyncConnection, metrics: Metrics, say: Texts, period: Period, area: str | None, key: bytes, file: TextIO,
    progress: Progress = lambda rows: None,
) -> Written:  # fmt: skip
    """One line a completion, in the order in which they were recorded; assisted ones have no pseudonym."""
    cells, out, total = _Cells(metrics, say), csv.writer(file), 0
    out.writerow(
        say(name)
        for name in (
            "evidence.person", *_WHAT, "evidence.correct", "evidence.questions", "evidence.day", *_WHO,
            "evidence.assisted",
        )
    )  # fmt: skip
    pseudonym = lru_cache(maxsize=4096)(lambda person: hmac.digest(key, b"%d" % person, "sha256").hex()[:PSEUDONYM])
    async for part in evidence.rows(tx, period.first, period.last, wards_of(metrics, area)):
        out.writerows(
            (
                "" if row.person_id is None else pseudonym(row.person_id),
                *cells.what(row.kind, row.subject, row.content_version),
                row.correct,
                row.questions,
                row.day,
                *cells.who(_traits(metrics, row)),
                cells.assisted(row.person_id is None),
            )
            for row in part
        )
        total += len(part)
        progress(len(part))
    return Written(total)


async def write_public(
    tx: AsyncConnection, metrics: Metrics, say: Texts, period: Period, area: str | None, file: TextIO,
    progress: Progress = lambda rows: None,
) -> Written:  # fmt: skip
    """One line a completion, without person, score and day, sorted by what is shown: its place tells nothing either.

    Every combination of traits that is shown is that of ``LEAST`` people or more within the period. Of assisted
    completions no trait is shown, since nobody can say how many people they were.
    """
    crowds, wards = Crowds(), wards_of(metrics, area)
    async for part in evidence.rows(tx, period.first, period.last, wards):
        for row in part:
            if row.person_id is not None:
                crowds.add(row.person_id, _traits(metrics, row))
        progress(len(part))
    seen = shown(crowds.found)
    lines: dict[tuple[str, str, str, str, bool], Counter[Traits]] = {}
    blanked = suppressed = 0
    async for part in evidence.rows(tx, period.first, period.last, wards):
        for row in part:
            real, assisted = _traits(metrics, row), row.person_id is None
            as_seen = NOTHING if assisted else seen[real]
            if as_seen is None:
                suppressed += 1
                continue
            blanked += as_seen != real
            what = row.day[:7], row.kind, row.subject, row.content_version, assisted
            lines.setdefault(what, Counter())[as_seen] += 1
        progress(len(part))
    written = Written(sum(each.total() for each in lines.values()), blanked, suppressed)
    out = csv.writer(file)
    out.writerow(say(name) for name in (*_WHAT, "evidence.month", *_WHO, "evidence.assisted"))
    out.writerows(_lines(_Cells(metrics, say), lines))
    note = say("evidence.note", least=LEAST, blanked=say.number(blanked), suppressed=say.number(suppressed))
    out.writerow([note])
    return written


_WHAT = ("evidence.kind", "evidence.subject", "evidence.title", "evidence.version")
_WHO = ("evidence.ward", "evidence.ward_name", "evidence.audience", "evidence.age", "evidence.group")


def _lines(cells: _Cells, lines: dict[tuple[str, str, str, str, bool], Counter[Traits]]) -> Iterator[tuple[str, ...]]:
    for what in sorted(lines):
        month, kind, subject, version, assisted = what
        for traits, n in sorted(lines[what].items()):
            line = (*cells.what(kind, subject, version), month, *cells.who(traits), cells.assisted(assisted))
            for _ in range(n):
                yield line


def _traits(metrics: Metrics, row: Row) -> Traits:
    ward = metrics.today(row.ward) if row.ward else ""
    return Traits(row.group_kind or "", ward, row.audience or "", row.age or "")


def safe(text: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


class _Cells:
    """Codes as people read them; each combination is put into words once."""

    def __init__(self, metrics: Metrics, say: Texts) -> None:
        self._metrics = metrics
        self._say = say
        self.what = lru_cache(maxsize=None)(self._what)
        self.who = lru_cache(maxsize=None)(self._who)
        self._yes, self._no = say("evidence.yes"), say("evidence.no")

    def assisted(self, is_so: bool) -> str:
        return self._yes if is_so else self._no

    def _what(self, kind: str, subject: str, version: str) -> tuple[str, ...]:
        catalogue, say = self._metrics.catalogue, self._say
        course, lesson = catalogue.course(subject), catalogue.lesson(subject)
        title = course.about.title if course else lesson.title if lesson else ""
        name = say("evidence.course") if kind == "course" else say("evidence.lesson")
        return tuple(map(safe, (name, subject, title, version)))

    def _who(self, traits: Traits) -> tuple[str, ...]:
        named = [self._label("audience", traits.audience), self._label("age", traits.age)]
        group = self._label("kind", traits.group)
        return tuple(map(safe, (traits.ward, self._metrics.area_name(traits.ward), *named, group)))

    def _label(self, prefix: str, value: str) -> str:
        """A value that the texts no longer name stands for itself."""
        try:
            return self._say(f"{prefix}.{value}") if value else ""
        except KeyError:
            return value
