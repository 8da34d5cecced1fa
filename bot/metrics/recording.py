"""The only way a completion is kept or goes: together with the tallies it raises, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics.counting import Count, Measures, replay
from bot.storage import completions, erasure, questions, tallies
from bot.storage.completions import Completion
from bot.storage.tallies import Key


async def record(tx: AsyncConnection, measures: Measures, new: Completion) -> bool:
    """Keep a completion and count it; False when this person completed the same before, which stays."""
    before = await completions.facts(tx, new.person_id) if new.person_id is not None else []
    if not await completions.put(tx, new):
        return False
    await tallies.add(tx, measures.added(before, new.fact))
    return True


async def erase(tx: AsyncConnection, measures: Measures, person_id: int, receipt: str, now: dt.datetime) -> None:
    """Remove a person; what they had added stays in the tallies, as numbers with nobody behind them."""
    await tallies.keep_erased(tx, replay(measures, await completions.facts(tx, person_id)))
    await erasure.erase(tx, person_id, receipt, now)


async def recount(
    tx: AsyncConnection, measures: Measures, progress: Callable[[int], None] = lambda completions: None
) -> Counter[Key]:
    """Every tally anew, from the completions alone. Some ten seconds a million completions."""
    count = Count(measures)
    async for facts in completions.all_facts(tx):
        count.add(facts)
        progress(len(facts))
    return count.keys()


async def recount_asked(tx: AsyncConnection, zone: dt.tzinfo) -> Counter[tuple[str, str, str]]:
    """Questions by month of the site, nearest topic and outcome, from the questions alone."""
    counted: Counter[tuple[str, str, str]] = Counter()
    async for asked_at, topic, outcome in questions.all_outcomes(tx):
        counted[f"{asked_at.astimezone(zone):%Y-%m}", topic, outcome] += 1
    return counted


@dataclass(frozen=True, slots=True)
class Found:
    """What a recount found. ``tallies``, ``asked``: key → (kept, counted) where these differ.

    ``redefined``: the tallies were counted by other definitions than those of now, so that differences are no errors.
    """

    completions: int
    tallies: Mapping[Key, tuple[int, int]]
    asked: Mapping[tuple[str, str, str], tuple[int, int]]
    redefined: bool

    @property
    def clean(self) -> bool:
        return not (self.tallies or self.asked or self.redefined)


async def verify(
    tx: AsyncConnection,
    measures: Measures,
    zone: dt.tzinfo,
    progress: Callable[[int], None] = lambda completions: None,
) -> Found:
    """Recount everything and compare. In a reading transaction it sees one moment, and nobody who writes waits."""
    redefined = await tallies.digest(tx) not in ("", measures.digest)
    total = await completions.count(tx)
    counted = await recount(tx, measures, progress)
    asked = await recount_asked(tx, zone)
    return Found(total, await tallies.differences(tx, counted), await tallies.asked_differences(tx, asked), redefined)


async def correct(tx: AsyncConnection, measures: Measures, found: Found) -> None:
    """Make up for what ``verify`` found, which may be some time ago: what came in since stays counted."""
    await tallies.correct(tx, found.tallies, measures.digest)
    await tallies.correct_asked(tx, found.asked)


async def catch_up(tx: AsyncConnection, measures: Measures, zone: dt.tzinfo) -> bool:
    """Count anew when the definitions are not those by which the tallies were counted; False when they are."""
    if await tallies.digest(tx) == measures.digest:
        return False
    await tallies.replace(tx, await recount(tx, measures), measures.digest)
    await tallies.replace_asked(tx, await recount_asked(tx, zone))
    return True
