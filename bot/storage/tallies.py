"""The tallies: raised by one with a completion, read as sums over months."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import Table, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import bulk
from bot.storage.dialect import insert
from bot.storage.metrics_tables import SCOPES, asked, counted_by, erased_tally, tally

Scope = Literal["person", "year", "turn", "assisted", "unknown"]
"""person: their first completion that counts; year: their first in that year; turn: each completion; assisted: by
someone without an account, whom nobody can tell from the one before; unknown: would be a person's first if only their
audience or age were known.
"""
Dimension = Literal["all", "ward", "audience", "age", "group"]
CHUNK = 5000  # rows of one INSERT when many are written


class Key(NamedTuple):
    """``month`` as 2026-11; ``value`` of the dimension, empty where it is not known."""

    dimension: Dimension
    measure: str
    scope: Scope
    value: str
    month: str


@dataclass(frozen=True, slots=True)
class Sum:
    """``ever``: up to the last month asked for; ``new``: from the first on; ``year``: in the year of the last."""

    measure: str
    scope: Scope
    value: str
    ever: int
    new: int
    year: int


async def add(tx: AsyncConnection, keys: Iterable[Key]) -> None:
    """Raise each tally by one for each time its key is given."""
    await _raise(tx, tally, Counter(keys))


async def keep_erased(tx: AsyncConnection, keys: Iterable[Key]) -> None:
    """Note that these have no rows behind them any more."""
    await _raise(tx, erased_tally, Counter(keys))


async def replace(tx: AsyncConnection, counted: Mapping[Key, int], digest: str) -> None:
    """Put ``counted`` and what erased people had added in the place of all tallies."""
    whole = Counter(counted)
    async for key, n in _rows(tx, erased_tally):
        whole[key] += n
    await tx.execute(delete(tally))
    await _raise(tx, tally, whole)
    await _counted_by(tx, digest)


async def differences(tx: AsyncConnection, counted: Mapping[Key, int]) -> dict[Key, tuple[int, int]]:
    """Where the tallies are not ``counted`` and what erased people had added: key → (kept, counted)."""
    whole = Counter(counted)
    async for key, n in _rows(tx, erased_tally):
        whole[key] += n
    found: dict[Key, tuple[int, int]] = {}
    async for key, n in _rows(tx, tally):
        if (right := whole.pop(key, 0)) != n:
            found[key] = n, right
    return found | {key: (0, right) for key, right in whole.items()}


async def correct(tx: AsyncConnection, differences: Mapping[Key, tuple[int, int]], digest: str) -> None:
    """Make up for ``differences`` found some time ago: what was added to these tallies meanwhile stays added."""
    kept = {key: n async for key, n in _rows(tx, tally) if key in differences}
    right = {key: kept.get(key, 0) + counted - before for key, (before, counted) in differences.items()}
    await bulk.remove(tx, tally, Key._fields, list(kept))
    await _raise(tx, tally, {key: n for key, n in right.items() if n > 0})
    await _counted_by(tx, digest)


async def replace_asked(tx: AsyncConnection, counted: Mapping[tuple[str, str, str], int]) -> None:
    """Put ``counted`` in the place of all counts of questions."""
    await tx.execute(delete(asked))
    await add_asked(tx, counted)


async def asked_differences(
    tx: AsyncConnection, counted: Mapping[tuple[str, str, str], int]
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Where the counts of questions are not ``counted``: (month, topic, outcome) → (kept, counted)."""
    a = asked.c
    kept = {
        (month, topic, outcome): n
        for month, topic, outcome, n in await tx.execute(select(a.month, a.topic, a.outcome, a.n))
    }
    return {
        key: (kept.get(key, 0), counted.get(key, 0))
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key, 0) != counted.get(key, 0)
    }


async def correct_asked(tx: AsyncConnection, differences: Mapping[tuple[str, str, str], tuple[int, int]]) -> None:
    """As ``correct``, for questions."""
    names = ("month", "topic", "outcome")
    a = asked.c
    found = await tx.execute(select(a.month, a.topic, a.outcome, a.n))
    kept = {(month, topic, outcome): n for month, topic, outcome, n in found}
    right = {key: kept.get(key, 0) + counted - before for key, (before, counted) in differences.items()}
    await bulk.remove(tx, asked, names, [key for key in differences if key in kept])
    await bulk.add(tx, asked, names, [(*key, n) for key, n in sorted(right.items()) if n > 0])


async def digest(tx: AsyncConnection) -> str:
    """By which definitions the tallies were counted; empty before the first count."""
    return await tx.scalar(select(counted_by.c.digest)) or ""


async def sums(
    tx: AsyncConnection,
    dimension: Dimension,
    first: str,
    last: str,
    measures: Collection[str] | None = None,
    values: Collection[str] | None = None,
) -> list[Sum]:
    """Sums by measure, scope and value, for the months from ``first`` to ``last``.

    ``measures``, ``values``: only these; with both given only their rows are read, whatever else there is.
    """
    t = tally.c
    where = (t.dimension == dimension) & (t.month <= last)
    if measures is not None:
        where &= t.measure.in_(sorted(measures))
    if values is not None:
        where &= t.scope.in_(SCOPES) & t.value.in_(sorted(values))  # all scopes named: the key is used to its end
    query = (
        select(
            t.measure,
            t.scope,
            t.value,
            func.sum(t.n),
            func.sum(case((t.month >= first, t.n), else_=0)),
            func.sum(case((t.month >= f"{last[:4]}-01", t.n), else_=0)),
        )
        .where(where)
        .group_by(t.measure, t.scope, t.value)
    )
    return [Sum(*row) for row in await tx.execute(query)]


async def by_month(
    tx: AsyncConnection,
    scope: Scope,
    first: str,
    last: str,
    measures: Collection[str],
    dimension: Dimension = "all",
    values: Collection[str] = ("",),
) -> dict[str, dict[str, int]]:
    """measure → month → n over everybody, or over those of ``values`` of a dimension."""
    t = tally.c
    where = (t.dimension == dimension) & t.value.in_(sorted(values)) & t.measure.in_(sorted(measures))
    where &= (t.scope == scope) & t.month.between(first, last)
    query = select(t.measure, t.month, func.sum(t.n)).where(where).group_by(t.measure, t.month)
    found: dict[str, dict[str, int]] = {}
    for measure, month, n in await tx.execute(query):
        found.setdefault(measure, {})[month] = n
    return found


async def add_asked(tx: AsyncConnection, questions: Mapping[tuple[str, str, str], int]) -> None:
    """Raise the counts of (month, topic, outcome) by as many questions."""
    names = ("month", "topic", "outcome")
    rows = [dict(zip(names, key, strict=True)) | {"n": n} for key, n in sorted(questions.items())]
    if rows:
        statement = insert(tx, asked)
        more = {"n": asked.c.n + statement.excluded.n}
        await tx.execute(statement.on_conflict_do_update(index_elements=list(names), set_=more), rows)


async def asked_in(tx: AsyncConnection, first: str, last: str) -> list[tuple[str, str, int]]:
    """(topic, outcome, n) of the months from ``first`` to ``last``."""
    a = asked.c
    query = select(a.topic, a.outcome, func.sum(a.n)).where(a.month.between(first, last)).group_by(a.topic, a.outcome)
    return [(topic, outcome, int(n)) for topic, outcome, n in await tx.execute(query)]


async def _counted_by(tx: AsyncConnection, digest: str) -> None:
    await tx.execute(delete(counted_by))
    await tx.execute(insert(tx, counted_by).values(id=1, digest=digest))


async def _raise(tx: AsyncConnection, table: Table, counted: Mapping[Key, int]) -> None:
    rows = [(*key, n) for key, n in sorted(counted.items())]
    for start in range(0, len(rows), CHUNK):
        await bulk.add(tx, table, Key._fields, rows[start : start + CHUNK])


async def _rows(tx: AsyncConnection, table: Table) -> AsyncIterator[tuple[Key, int]]:
    columns = [table.c[name] for name in Key._fields]
    async with tx.stream(select(*columns, table.c.n)) as rows:
        async for part in rows.partitions(CHUNK):
            for *key, n in part:
                yield Key(*key), n
