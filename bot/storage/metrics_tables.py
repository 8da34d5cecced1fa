"""Tables of the skill metrics: what completions and questions add up to. All but ``erased_*`` can be recomputed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, SmallInteger, String, Table

from bot.storage.learning_tables import _one_of
from bot.storage.tables import Id, metadata

DIMENSIONS = ("all", "ward", "audience", "age", "group")
SCOPES = ("person", "year", "turn", "assisted", "unknown")


def _tally(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("dimension", String(8), primary_key=True),
        Column("measure", String(64), primary_key=True),
        Column("scope", String(8), primary_key=True),
        Column("value", String(16), primary_key=True),  # of the dimension; empty: not known
        Column("month", String(7), primary_key=True),  # of the site, as 2026-11
        Column("n", Id, nullable=False),
        CheckConstraint(_one_of("dimension", DIMENSIONS), name="dimension"),
        CheckConstraint(_one_of("scope", SCOPES), name="scope"),
        CheckConstraint("n > 0", name="n"),
        sqlite_with_rowid=False,
    )


# Raised in the transaction that records a completion.
tally = _tally("tally")

# The part of ``tally`` that people who were erased had added: numbers by month, which lead to nobody.
erased_tally = _tally("erased_tally")

# By which definitions ``tally`` was counted; one row.
counted_by = Table(
    "counted_by",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("digest", String(16), nullable=False),
    CheckConstraint("id = 1", name="id"),
)

# Questions by month, nearest topic (empty: none) and what became of them, raised where the question is kept.
asked = Table(
    "asked",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("outcome", String(8), primary_key=True),
    Column("n", Integer, nullable=False),
    CheckConstraint("n > 0", name="n"),
    sqlite_with_rowid=False,
)
