"""Announcements: what is said, to whom it goes, what became of each copy; who wants which kind."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = "'draft', 'submitted', 'scheduled', 'canary', 'sending', 'paused', 'done', 'cancelled', 'stopped'"
FATES = "'pending', 'queued', 'sent', 'failed', 'blocked', 'skipped', 'unknown'"


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("file", sa.JSON(none_as_null=True)),
        sa.Column("segment", sa.JSON(), nullable=False),
        sa.Column("author_id", Id),
        sa.Column("approver_id", Id),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tested_at", sa.BigInteger()),
        sa.Column("start_at", sa.BigInteger()),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("total", sa.Integer()),
        sa.Column("canary_done", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("test_letter", Id),
        sa.Column("progress_letter", Id),
        sa.CheckConstraint("kind IN ('announcement', 'emergency')", name=op.f("ck_broadcast_kind")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_broadcast_status")),
        sa.CheckConstraint("approver_id <> author_id", name=op.f("ck_broadcast_two_people")),
        sa.CheckConstraint(
            "status IN ('draft', 'cancelled') OR tested_at IS NOT NULL", name=op.f("ck_broadcast_tested")
        ),
        sa.CheckConstraint("(started_at IS NULL) = (total IS NULL)", name=op.f("ck_broadcast_snapshot")),
        *_people("broadcast", "author_id", "approver_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
        sqlite_autoincrement=True,
    )
    for column in ("status", "author_id", "approver_id"):
        op.create_index(f"ix_broadcast_{column}", "broadcast", [column])
    op.create_table(
        "delivery",
        sa.Column("broadcast_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("status", sa.String(8), server_default="pending", nullable=False),
        sa.Column("reason", sa.String(80)),
        sa.CheckConstraint(f"status IN ({FATES})", name=op.f("ck_delivery_status")),
        _of_broadcast("delivery"),
        sa.PrimaryKeyConstraint("broadcast_id", "person_id", name="pk_delivery"),
        sqlite_with_rowid=False,
    )
    pending = sa.text("status = 'pending'")
    op.create_index(
        "ix_delivery_pending", "delivery", ["broadcast_id", "person_id"], sqlite_where=pending, postgresql_where=pending
    )
    op.create_index("ix_delivery_person_id", "delivery", ["person_id"])
    op.create_table(
        "opening",
        sa.Column("broadcast_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        _of_broadcast("opening"),
        _of_person("opening"),
        sa.PrimaryKeyConstraint("broadcast_id", "person_id", name="pk_opening"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opening_person_id", "opening", ["person_id"])
    op.create_table(
        "subscription",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        _of_person("subscription"),
        sa.PrimaryKeyConstraint("person_id", "category", name="pk_subscription"),
        sqlite_with_rowid=False,
    )
    op.add_column("outbox", sa.Column("broadcast_id", Id))
    op.add_column("outbox", sa.Column("person_id", Id))
    going = sa.text("broadcast_id IS NOT NULL AND status IN ('waiting', 'sending')")
    op.create_index("ix_outbox_broadcast_id", "outbox", ["broadcast_id"], sqlite_where=going, postgresql_where=going)


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], ["person.id"], name=f"fk_{table}_{column}_person", ondelete="SET NULL")
        for column in columns
    ]


def _of_broadcast(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["broadcast_id"], ["broadcast.id"], name=f"fk_{table}_broadcast_id_broadcast", ondelete="CASCADE"
    )


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name=f"fk_{table}_person_id_person", ondelete="CASCADE"
    )
