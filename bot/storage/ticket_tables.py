"""Tables of the hand-over to staff: a question for a person, and what was written on it."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, text

from bot.storage.learning_tables import _one_of
from bot.storage.tables import Id, Timestamp, metadata

CLOSED_BY = ("person", "staff", "silence", "gone", "erased")

# One question for a person. open -> taken -> closed; taken -> open when whoever took it cannot go on; open -> closed
# when the asker takes it back. While ``owner`` is human, the asker's words go to ``agent_id`` and not to the bot.
# ``later``: answered by one letter, since nobody was there or free; the bot keeps answering meanwhile.
ticket = Table(
    "ticket",
    metadata,
    Column("id", Id, primary_key=True),  # shown as T-000123
    Column("person_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),  # null: they were erased
    Column("agent_id", Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),  # who took it last
    Column("state", String(8), nullable=False),
    Column("owner", String(8), nullable=False),
    Column("later", Boolean(create_constraint=False), nullable=False),
    Column("turn", String(8), nullable=False),  # whose word is awaited
    Column("topic", String(64)),  # what the question is probably about
    Column("opened_at", Timestamp, nullable=False),
    Column("taken_at", Timestamp),
    Column("closed_at", Timestamp),
    Column("closed_by", String(8)),
    # When the clock does the next thing. open: announce again, or give up waiting; taken: the silence is too long;
    # closed: the answer was written at night and goes out. Null: nothing is due.
    Column("due_at", Timestamp),
    CheckConstraint(_one_of("state", ("open", "taken", "closed")), name="state"),
    CheckConstraint(_one_of("owner", ("bot", "human")), name="owner"),
    CheckConstraint(_one_of("turn", ("person", "staff")), name="turn"),
    CheckConstraint(_one_of("closed_by", CLOSED_BY), name="closed_by"),
    CheckConstraint("(owner = 'human') = (state = 'taken' AND NOT later)", name="human"),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    Index(  # one open ticket a person
        "uq_ticket_person",
        "person_id",
        unique=True,
        sqlite_where=text("state <> 'closed'"),
        postgresql_where=text("state <> 'closed'"),
    ),
    Index(  # one talk at a time
        "uq_ticket_agent",
        "agent_id",
        unique=True,
        sqlite_where=text("state = 'taken'"),
        postgresql_where=text("state = 'taken'"),
    ),
    Index("ix_ticket_open", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index(
        "ix_ticket_due", "due_at", sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")
    ),
    Index("ix_ticket_closed_at", "closed_at"),
    sqlite_autoincrement=True,  # a number is never used again
)

# What was written on a ticket, in order, as typed. ``topic``: staff sent this article instead of words.
ticket_message = Table(
    "ticket_message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sender", String(8), nullable=False),
    Column("words", Text),  # null: an article, or forgotten
    Column("topic", String(64)),
    Column("written_at", Timestamp, nullable=False),
    CheckConstraint(_one_of("sender", ("person", "staff")), name="sender"),
)
