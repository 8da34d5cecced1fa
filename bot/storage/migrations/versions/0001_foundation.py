"""Foundation: people, inbox, conversations, outbox, questions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("external", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("stopped_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("channel", "external", name="uq_person_channel_external"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("event", sa.JSON()),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "update_id", name="uq_inbox_channel_update_id"),
        sqlite_autoincrement=True,
    )
    _partial("ix_inbox_waiting", "inbox", ["update_id"], "done_at IS NULL")
    _partial("ix_inbox_done", "inbox", ["done_at"], "done_at IS NOT NULL")
    op.create_table(
        "conversation",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_conversation"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_conversation_person_id_person", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("inbox_id", Id),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("reply", sa.JSON()),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("unknowns", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("message", sa.String(32)),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("inbox_id", "position", name="uq_outbox_inbox_id_position"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_outbox_inbox_id_inbox", ondelete="SET NULL"),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'failed', 'unknown')", name=op.f("ck_outbox_status")
        ),
        sa.CheckConstraint("lane IN (0, 1)", name=op.f("ck_outbox_lane")),
    )
    _partial("ix_outbox_waiting", "outbox", ["channel", "lane", "id"], "status = 'waiting'")
    _partial("ix_outbox_sending", "outbox", ["id"], "status = 'sending'")
    op.create_index("ix_outbox_created", "outbox", ["created_at"])
    op.create_table(
        "question",
        sa.Column("id", Id, nullable=False, autoincrement=False),
        sa.Column("person_id", Id),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text()),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("content_version", sa.String(16), nullable=False),
        sa.Column("verdict", sa.SmallInteger()),
        sa.Column("verdict_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_question_person_id_person", ondelete="SET NULL"),
        sa.CheckConstraint("outcome IN ('answer', 'clarify', 'abstain')", name=op.f("ck_question_outcome")),
        sa.CheckConstraint("verdict IN (0, 1)", name=op.f("ck_question_verdict")),
    )
    op.create_index("ix_question_person_id", "question", ["person_id"])
    op.create_index("ix_question_asked_at", "question", ["asked_at"])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
