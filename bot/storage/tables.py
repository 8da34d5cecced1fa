"""All tables. Invariants are constraints here, so that no code path can break them.

Times are kept as milliseconds since 1970 in UTC (``Timestamp``): comparable and small on every database.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")


class Timestamp(TypeDecorator[dt.datetime]):
    """An aware UTC datetime, kept as milliseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else dt.datetime.fromtimestamp(value / 1000, dt.UTC)


# Someone who talks to the assistant, known by channel and external id and nothing else.
person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("external", String(64), nullable=False),
    Column("language", String(8)),  # of the interface; null: the site's
    Column("stopped_at", Timestamp),  # they blocked the assistant; null again with their next message
    Column("contacted_at", Timestamp),  # the last message they had not asked for: at most one a day
    Column("created_at", Timestamp, nullable=False),
    UniqueConstraint("channel", "external"),
    sqlite_autoincrement=True,  # the audit record keeps numbers of people who were erased
)

# What came in: committed before it is acknowledged, done in the transaction that holds its effects.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat", String(64), nullable=False),
    Column("event", JSON(none_as_null=True)),  # null once done: words are kept no longer than needed
    Column("received_at", Timestamp, nullable=False),
    Column("done_at", Timestamp),  # null: waiting -> set: its effects and replies are committed
    Column("error", Text),  # why it could not be handled, redacted; done all the same
    UniqueConstraint("channel", "update_id"),  # an update that arrives twice is one row
    Index(
        "ix_inbox_waiting", "update_id", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
    ),
    Index(
        "ix_inbox_done",
        "done_at",
        sqlite_where=text("done_at IS NOT NULL"),
        postgresql_where=text("done_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # an id is never used again, since questions keep it
)

# What a chat is in the middle of. The version guards against two writers.
conversation = Table(
    "conversation",
    metadata,
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", JSON, nullable=False),
    Column("updated_at", Timestamp, nullable=False),
)

# What goes out. waiting -> sending -> sent | failed | unknown; a retry goes sending -> waiting.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, ForeignKey("inbox.id", ondelete="SET NULL")),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("channel", String(16), nullable=False),
    Column("chat", String(64), nullable=False),  # empty once its fate is known
    Column("lane", SmallInteger, nullable=False),  # 0 interactive, 1 bulk
    Column("reply", JSON(none_as_null=True)),  # null once its fate is known
    Column("status", String(8), nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("unknowns", SmallInteger, nullable=False, server_default="0"),  # sends whose outcome nobody knows
    Column("not_before", Timestamp, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("sent_at", Timestamp),
    Column("message", String(32)),  # the channel's id of the sent message
    Column("error", Text),
    Column("broadcast_id", Id),  # the announcement that it is a copy of, and for whom
    Column("person_id", Id),
    UniqueConstraint("inbox_id", "position"),  # one event's replies are written once
    CheckConstraint("status IN ('waiting', 'sending', 'sent', 'failed', 'unknown')", name="status"),
    CheckConstraint("lane IN (0, 1)", name="lane"),
    Index(
        "ix_outbox_waiting",
        "channel",
        "lane",
        "id",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index(
        "ix_outbox_sending", "id", sqlite_where=text("status = 'sending'"), postgresql_where=text("status = 'sending'")
    ),
    Index("ix_outbox_created", "created_at"),
    Index(
        "ix_outbox_broadcast_id",
        "broadcast_id",
        sqlite_where=text("broadcast_id IS NOT NULL AND status IN ('waiting', 'sending')"),
        postgresql_where=text("broadcast_id IS NOT NULL AND status IN ('waiting', 'sending')"),
    ),
)

# What people asked and what became of it; the words are redacted before they get here.
question = Table(
    "question",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # the inbox row it came with, which goes away earlier
    Column("person_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("asked_at", Timestamp, nullable=False, index=True),
    Column("words", Text),  # null once older than limits.question_days
    Column("outcome", String(8), nullable=False),
    Column("topic", String(64)),  # what was answered
    Column("probability", Float, nullable=False),
    Column("candidates", JSON, nullable=False),  # [[topic, probability], ...], best first
    Column("outside", String(64)),  # the known topic, not served, that the words were rather about
    Column("content_version", String(16), nullable=False),
    Column("verdict", SmallInteger),  # the person's own: 1 right, 0 wrong, null not said
    Column("verdict_at", Timestamp),
    Column("wording", String(16)),  # a hash of the words, once it waits for an editor; questions alike share a group
    Column("group_key", String(16)),
    CheckConstraint("(wording IS NULL) = (group_key IS NULL)", name="group"),
    CheckConstraint("outcome IN ('answer', 'clarify', 'abstain')", name="outcome"),
    CheckConstraint("verdict IN (0, 1)", name="verdict"),
)
