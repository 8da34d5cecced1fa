"""Tables of learning from questions: which questions are alike, what editors decided, who got which weekly letter.

That questions are alike is kept as hashes: their words stand in ``question`` alone, and all goes with them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, text

from bot.storage.learning_tables import _one_of
from bot.storage.tables import Id, Timestamp, metadata, question

DECISIONS = ("topic", "outside", "new_topic", "ignore")
LETTERS = ("digest", "freshness", "unit")

_OPEN = "words IS NOT NULL AND (outcome <> 'answer' OR verdict = 0)"

# Questions that may wait for an editor and have no group yet; the exact condition is in bot/storage/review.py.
_UNGROUPED = text(f"{_OPEN} AND group_key IS NULL")
Index("ix_question_ungrouped", question.c.asked_at, sqlite_where=_UNGROUPED, postgresql_where=_UNGROUPED)
# The queue is counted from this index alone.
_GROUPED = text("group_key IS NOT NULL")
Index(
    "ix_question_group",
    *(question.c[name] for name in ("group_key", "asked_at", "outcome", "verdict", "topic", "outside")),
    sqlite_where=_GROUPED,
    postgresql_where=_GROUPED,
)
Index("ix_question_wording", question.c.wording, question.c.group_key, sqlite_where=_GROUPED, postgresql_where=_GROUPED)
_JUDGED = text("verdict_at IS NOT NULL")
Index("ix_question_verdict_at", question.c.verdict_at, sqlite_where=_JUDGED, postgresql_where=_JUDGED)

# By what a question is found among those nearly alike; of each wording, its first question only.
likeness_part = Table(
    "likeness_part",
    metadata,
    Column("part", BigInteger, primary_key=True),
    Column("question_id", Id, ForeignKey("question.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# What an editor decided for a group. ``words``: redacted, with nobody behind them; null when there is nothing to learn.
# waiting -> exported: written into the content; only a waiting one can be taken back.
question_review = Table(
    "question_review",
    metadata,
    Column("key", String(16), primary_key=True),  # of the group
    Column("words", Text),
    Column("decision", String(12), nullable=False),
    Column("topic", String(64)),
    Column("editor_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("decided_at", Timestamp, nullable=False),
    Column("exported_at", Timestamp),
    CheckConstraint(_one_of("decision", DECISIONS), name="decision"),
    CheckConstraint("decision <> 'topic' OR topic IS NOT NULL", name="topic"),
    CheckConstraint("(decision = 'ignore') = (words IS NULL)", name="words"),
)

# Written with the letter itself: once a week, kind and person, whatever restarts.
weekly_letter = Table(
    "weekly_letter",
    metadata,
    Column("week", String(8), primary_key=True),  # ISO, of the site: 2026-W48; of monthly ones the month: 2026-M11
    Column("kind", String(12), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("written_at", Timestamp, nullable=False),
    CheckConstraint(_one_of("kind", LETTERS), name="kind"),
)
