"""Hand-over to staff: tickets and what is written on them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id),
        sa.Column("agent_id", Id),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("later", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("turn", sa.String(8), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("closed_by", sa.String(8)),
        sa.Column("due_at", sa.BigInteger()),
        sa.CheckConstraint("state IN ('open', 'taken', 'closed')", name=op.f("ck_ticket_state")),
        sa.CheckConstraint("owner IN ('bot', 'human')", name=op.f("ck_ticket_owner")),
        sa.CheckConstraint("turn IN ('person', 'staff')", name=op.f("ck_ticket_turn")),
        sa.CheckConstraint(
            "closed_by IN ('person', 'staff', 'silence', 'gone', 'erased')", name=op.f("ck_ticket_closed_by")
        ),
        sa.CheckConstraint("(owner = 'human') = (state = 'taken' AND NOT later)", name=op.f("ck_ticket_human")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_ticket_closed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ticket_person_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name="fk_ticket_agent_id_person", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sqlite_autoincrement=True,
    )
    for name, column, where, unique in (
        ("uq_ticket_person", "person_id", "state <> 'closed'", True),
        ("uq_ticket_agent", "agent_id", "state = 'taken'", True),
        ("ix_ticket_open", "id", "state = 'open'", False),
        ("ix_ticket_due", "due_at", "due_at IS NOT NULL", False),
    ):
        op.create_index(
            name, "ticket", [column], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    for column in ("person_id", "agent_id", "closed_at"):
        op.create_index(f"ix_ticket_{column}", "ticket", [column])
    op.create_table(
        "ticket_message",
        sa.Column("id", Id, nullable=False),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("sender", sa.String(8), nullable=False),
        sa.Column("words", sa.Text()),
        sa.Column("topic", sa.String(64)),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sender IN ('person', 'staff')", name=op.f("ck_ticket_message_sender")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name="fk_ticket_message_ticket_id_ticket", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_message"),
    )
    op.create_index("ix_ticket_message_ticket_id", "ticket_message", ["ticket_id"])
