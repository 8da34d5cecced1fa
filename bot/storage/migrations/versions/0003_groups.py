"""Groups can be closed; what was learnt with help never belongs to an account as well."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.add_column("learner_group", sa.Column("closed_at", sa.BigInteger()))
    op.create_index("ix_learner_group_kind", "learner_group", ["kind"], sqlite_where=OPEN, postgresql_where=OPEN)

    op.execute("UPDATE completion SET assisted_by = NULL WHERE person_id IS NOT NULL")
    with op.batch_alter_table("completion") as completion:  # SQLite copies the table, with all it has already
        completion.create_check_constraint(op.f("ck_completion_helper"), "person_id IS NULL OR assisted_by IS NULL")
