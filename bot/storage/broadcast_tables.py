"""Tables of announcements: what is said, to whom it goes, and what became of each copy."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from bot.storage.learning_tables import _one_of
from bot.storage.tables import Id, Timestamp, metadata

STATUSES = (
    "draft",  # being written -> submitted | cancelled
    "submitted",  # waits for a second person -> approved | draft (sent back) | cancelled
    "scheduled",  # approved, waits for its time -> canary | cancelled
    "canary",  # its first copies go out -> sending | stopped | paused | cancelled
    "sending",  # -> paused | done | cancelled
    "paused",  # by a person -> canary | sending (as it was) | cancelled
    "done",  # every copy has its fate; unknown ones may be sent again -> sending
    "cancelled",  # by a person; what was sent stays sent
    "stopped",  # by itself, since too many of its first copies failed
)
FATES = ("pending", "queued", "sent", "failed", "blocked", "skipped", "unknown")

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("category", String(16), nullable=False),
    Column("status", String(12), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),  # [{"label", "url" or "lesson"}, ...], two at most
    Column("file", JSON(none_as_null=True)),  # {"kind", "name", "data"}
    Column("segment", JSON, nullable=False),
    Column("author_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("approver_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("created_at", Timestamp, nullable=False),
    Column("tested_at", Timestamp),  # when the author's copy of this very text had arrived
    Column("start_at", Timestamp),  # not before
    Column("started_at", Timestamp),
    Column("finished_at", Timestamp),
    Column("total", Integer),  # recipients in the snapshot
    Column("canary_done", Boolean(create_constraint=False), nullable=False, server_default=text("0")),
    Column("reason", String(200)),  # why it was sent back or stopped
    Column("test_letter", Id),  # in the outbox: the author's own copy of this very text; null again after a change
    Column("progress_letter", Id),  # in the outbox: the author's message that shows how far it is
    CheckConstraint(_one_of("kind", ("announcement", "emergency")), name="kind"),
    CheckConstraint(_one_of("status", STATUSES), name="status"),
    CheckConstraint("approver_id <> author_id", name="two_people"),
    CheckConstraint("status IN ('draft', 'cancelled') OR tested_at IS NOT NULL", name="tested"),
    CheckConstraint("(started_at IS NULL) = (total IS NULL)", name="snapshot"),
    sqlite_autoincrement=True,
)

# One copy for one person; the primary key is why nobody gets two. pending -> queued (its letter is in the outbox) ->
# sent | failed | blocked | unknown; skipped: gone or opted out since the snapshot. Of people who were erased a number
# below zero stays, which leads to nobody.
delivery = Table(
    "delivery",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Id, primary_key=True),
    Column("status", String(8), nullable=False, server_default="pending"),
    Column("reason", String(80)),
    CheckConstraint(_one_of("status", FATES), name="status"),
    Index(
        "ix_delivery_pending",
        "broadcast_id",
        "person_id",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
    Index("ix_delivery_person_id", "person_id"),
    sqlite_with_rowid=False,
)

# Who opened a lesson from an announcement; each person once.
opening = Table(
    "opening",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("opened_at", Timestamp, nullable=False),
    Index("ix_opening_person_id", "person_id"),
    sqlite_with_rowid=False,
)

# Which kinds of announcement a person wants, or does not want. No row: never said, so only emergencies come.
subscription = Table(
    "subscription",
    metadata,
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("category", String(16), primary_key=True),
    Column("wanted", Boolean(create_constraint=False), nullable=False),
    Column("changed_at", Timestamp, nullable=False),
    sqlite_with_rowid=False,
)
