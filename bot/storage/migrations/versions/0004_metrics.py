"""Metrics: tallies beside the completions, questions by month, sign-in to the pages, staff of one ward."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DIMENSIONS = {"all": "''", "ward": "ward", "audience": "audience", "age": "age", "group": "group_kind"}


def upgrade() -> None:
    for name in ("tally", "erased_tally"):
        op.create_table(
            name,
            sa.Column("dimension", sa.String(8), nullable=False),
            sa.Column("measure", sa.String(64), nullable=False),
            sa.Column("scope", sa.String(8), nullable=False),
            sa.Column("value", sa.String(16), nullable=False),
            sa.Column("month", sa.String(7), nullable=False),
            sa.Column("n", Id, nullable=False),
            sa.CheckConstraint(
                "dimension IN ('all', 'ward', 'audience', 'age', 'group')", name=op.f(f"ck_{name}_dimension")
            ),
            sa.CheckConstraint(
                "scope IN ('person', 'year', 'turn', 'assisted', 'unknown')", name=op.f(f"ck_{name}_scope")
            ),
            sa.CheckConstraint("n > 0", name=op.f(f"ck_{name}_n")),
            sa.PrimaryKeyConstraint("dimension", "measure", "scope", "value", "month", name=f"pk_{name}"),
            sqlite_with_rowid=False,
        )
    # Courses that erased people had completed; of lessons nobody can tell any more whether they were a person's first.
    for dimension, column in DIMENSIONS.items():
        for scope in ("person", "year", "turn"):
            statement = (
                f"INSERT INTO erased_tally SELECT '{dimension}', 'course:' || subject, '{scope}', {column},"  # noqa: S608  named above
                " substr(day, 1, 7), sum(n) FROM erased_completion WHERE kind = 'course'"
                f" GROUP BY subject, {column}, substr(day, 1, 7)"
            )
            op.execute(statement)
    op.drop_table("erased_completion")
    op.create_table(
        "counted_by",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_counted_by_id")),
        sa.PrimaryKeyConstraint("id", name="pk_counted_by"),
    )
    op.create_table(
        "asked",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_asked_n")),
        sa.PrimaryKeyConstraint("month", "topic", "outcome", name="pk_asked"),
        sqlite_with_rowid=False,
    )
    op.add_column("question", sa.Column("outside", sa.String(64)))
    op.add_column("role", sa.Column("unit", sa.String(16), server_default="", nullable=False))
    op.add_column("invitation", sa.Column("unit", sa.String(16), server_default="", nullable=False))
    for name, own in (("sign_in", [sa.Column("used_at", sa.BigInteger())]), ("web_session", [])):
        op.create_table(
            name,
            sa.Column("token", sa.String(64), nullable=False),
            sa.Column("person_id", Id),
            sa.Column("role", sa.String(16)),
            sa.Column("created_at", sa.BigInteger(), nullable=False),
            sa.Column("expires_at", sa.BigInteger(), nullable=False),
            *own,
            sa.CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name=op.f(f"ck_{name}_who")),
            sa.ForeignKeyConstraint(
                ["person_id"], ["person.id"], name=f"fk_{name}_person_id_person", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("token", name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])
        op.create_index(f"ix_{name}_expires_at", name, ["expires_at"])
