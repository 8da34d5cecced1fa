"""Tables of learning: who agreed to what, attempts and their answers, completions, reviews, groups, staff, erasure.

A person's own rows go with the person (ON DELETE CASCADE); what is counted stays as numbers nobody can link.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from bot.storage.tables import Id, Timestamp, metadata

GROUP_KINDS = ("line", "class", "agency", "community")
ATTEMPT_KINDS = ("lesson", "final", "placement", "review")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, values))})"


def _owner() -> Column[int]:
    """The person whose row it is, and with whom it goes."""
    return Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


# The text of which version a person agreed to, and when. No row: nothing about learning is kept.
consent = Table(
    "consent",
    metadata,
    _owner(),
    Column("version", SmallInteger, nullable=False),
    Column("given_at", Timestamp, nullable=False),
)

# All of it optional. ``asked``: names of the fields already asked for; nobody is asked twice.
profile = Table(
    "profile",
    metadata,
    _owner(),
    Column("audience", String(16)),
    Column("ward", String(8)),
    Column("age", String(8)),
    Column("asked", String(32), nullable=False, server_default=""),
)

# A factory line, class, agency or community digital team. ``code`` is what its link carries. open -> closed: nobody
# joins any more and nothing more counts for it, what was counted stays.
learner_group = Table(
    "learner_group",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(12), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("owner_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("created_at", Timestamp, nullable=False),
    Column("closed_at", Timestamp),
    CheckConstraint(_one_of("kind", GROUP_KINDS), name="kind"),
    Index(  # the groups that one of their kind is compared with
        "ix_learner_group_kind",
        "kind",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

# ``shown_name``: typed by the member for the owner to see; null: only counted.
membership = Table(
    "membership",
    metadata,
    Column("group_id", Id, ForeignKey("learner_group.id", ondelete="CASCADE"), primary_key=True),
    _owner(),
    Column("joined_at", Timestamp, nullable=False),
    Column("shown_name", String(60)),
    Index("ix_membership_person_id", "person_id", "joined_at"),
)

# Where someone stopped reading.
bookmark = Table(
    "bookmark",
    metadata,
    _owner(),
    Column("lesson", String(64), nullable=False),
    Column("card", SmallInteger, nullable=False),
    Column("updated_at", Timestamp, nullable=False),
)

# A question as it was when it was asked, kept once whatever the number of attempts; content may change meanwhile.
frozen_question = Table(
    "frozen_question",
    metadata,
    Column("digest", String(16), primary_key=True),
    Column("data", JSON, nullable=False),
)

# One run through a quiz. ``items``: [[digest, order of its options], ...]. open (finished_at null) -> finished.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("subject", String(64), nullable=False),  # lesson, course, or the day of a review
    Column("assisted", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("content_version", String(16), nullable=False),
    Column("pass_mark", SmallInteger, nullable=False),  # percent
    Column("items", JSON, nullable=False),
    Column("started_at", Timestamp, nullable=False),
    Column("finished_at", Timestamp),
    Column("correct", SmallInteger),
    Column("passed", Boolean(create_constraint=False)),
    CheckConstraint(_one_of("kind", ATTEMPT_KINDS), name="kind"),
    CheckConstraint("(finished_at IS NULL) = (correct IS NULL)", name="finished"),
    # of each quiz a person has one open attempt at most: a second tap on its button resumes the first
    Index(
        "uq_attempt_open",
        "person_id",
        "kind",
        "subject",
        "assisted",
        unique=True,
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
    # one round of reviews a day
    Index(
        "uq_attempt_review",
        "person_id",
        "subject",
        unique=True,
        sqlite_where=text("kind = 'review'"),
        postgresql_where=text("kind = 'review'"),
    ),
    Index("ix_attempt_person_id", "person_id", "started_at"),
    sqlite_autoincrement=True,  # an id is never used again, since old buttons carry it
)

# One answer to one question of one attempt: the primary key is why a double tap counts once.
answer = Table(
    "answer",
    metadata,
    Column("attempt_id", Id, ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("given", String(8), nullable=False),  # places of the chosen options as shown: "2", "013"
    Column("correct", Boolean(create_constraint=False), nullable=False),
    Column("answered_at", Timestamp, nullable=False),
)

# The first pass of a lesson or a course. What it counts for is copied here as it was on that day.
completion = Table(
    "completion",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE")),  # null: assisted, they have no account
    Column("kind", String(8), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("content_version", String(16), nullable=False),
    Column("correct", SmallInteger, nullable=False),
    Column("questions", SmallInteger, nullable=False),
    Column("completed_at", Timestamp, nullable=False),
    Column("day", String(10), nullable=False),  # of the site, as 2026-11-24
    Column("competences", JSON, nullable=False),
    Column("audience", String(16)),
    Column("ward", String(8)),
    Column("age", String(8)),
    Column("group_id", Id, ForeignKey("learner_group.id", ondelete="SET NULL"), index=True),
    Column("group_kind", String(12)),
    Column("assisted_by", Id, ForeignKey("person.id", ondelete="SET NULL")),
    Column("assisted", Boolean(create_constraint=False), nullable=False, server_default=false()),
    UniqueConstraint("person_id", "kind", "subject"),  # retakes do not count
    CheckConstraint(_one_of("kind", ("lesson", "course")), name="kind"),
    CheckConstraint("(person_id IS NULL) = assisted", name="assisted"),
    CheckConstraint("person_id IS NULL OR assisted_by IS NULL", name="helper"),
    CheckConstraint("correct BETWEEN 0 AND questions", name="score"),
    Index(
        "ix_completion_assisted_by",
        "assisted_by",
        "day",
        sqlite_where=text("assisted_by IS NOT NULL"),
        postgresql_where=text("assisted_by IS NOT NULL"),
    ),
)

# A receipt proves that an erasure took place; it leads to nobody.
erasure = Table(
    "erasure",
    metadata,
    Column("receipt", String(12), primary_key=True),
    Column("erased_at", Timestamp, nullable=False),
)

# What is asked again and when (FSRS). ``card``: the scheduler's own state.
review = Table(
    "review",
    metadata,
    _owner(),
    Column("lesson", String(64), primary_key=True),
    Column("question", String(24), primary_key=True),
    Column("due_at", Timestamp, nullable=False),
    Column("card", JSON, nullable=False),
    Index("ix_review_person_id", "person_id", "due_at"),
)

# Opt-in: ``hour`` of the site's day; ``next_at`` null: paused, since the person has been silent for long.
reminder = Table(
    "reminder",
    metadata,
    _owner(),
    Column("hour", SmallInteger, nullable=False),
    Column("next_at", Timestamp),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    Index(
        "ix_reminder_next_at",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)

# ``code`` is checked by whoever is shown the paper: course and date, nobody's name.
certificate = Table(
    "certificate",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("course", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("person_id", Id, ForeignKey("person.id", ondelete="SET NULL")),
    Column("issued_at", Timestamp, nullable=False),
    UniqueConstraint("person_id", "course"),
)

# Who may do what; the capabilities of a role stand in bot/staff/authority.py. ``unit``: only for this ward; empty: all.
role = Table(
    "role",
    metadata,
    _owner(),
    Column("role", String(16), primary_key=True),
    Column("unit", String(16), nullable=False, server_default=""),
    Column("granted_at", Timestamp, nullable=False),
)

# A single-use way to become staff. The token itself is never kept. open -> used | expired.
invitation = Table(
    "invitation",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256
    Column("role", String(16), nullable=False),
    Column("unit", String(16), nullable=False, server_default=""),
    Column("created_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    Column("used_at", Timestamp),
)


def _web(name: str, *more: Column[Any]) -> Table:
    """A token that lets a member of staff (or the command line, as ``role``) onto the pages; kept as its SHA-256."""
    return Table(
        name,
        metadata,
        Column("token", String(64), primary_key=True),
        Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), index=True),
        Column("role", String(16)),
        Column("created_at", Timestamp, nullable=False),
        Column("expires_at", Timestamp, nullable=False, index=True),
        *more,
        CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name="who"),
    )


sign_in = _web("sign_in", Column("used_at", Timestamp))  # open -> used | expired
web_session = _web("web_session")

# Every staff action. Append-only: triggers refuse UPDATE and DELETE.
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Timestamp, nullable=False, index=True),
    Column("actor", Id),  # a person's number; null: the command line
    Column("action", String(32), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
)
