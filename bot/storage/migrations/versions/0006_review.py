"""Learning from questions: what is alike, what editors decided, who got which weekly letter."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNGROUPED = sa.text("words IS NOT NULL AND (outcome <> 'answer' OR verdict = 0) AND group_key IS NULL")
GROUPED = sa.text("group_key IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("question") as batch:
        batch.add_column(sa.Column("wording", sa.String(16)))
        batch.add_column(sa.Column("group_key", sa.String(16)))
        batch.create_check_constraint(op.f("ck_question_group"), "(wording IS NULL) = (group_key IS NULL)")
    columns = ["group_key", "asked_at", "outcome", "verdict", "topic", "outside"]
    for name, of, where in (
        ("ix_question_ungrouped", ["asked_at"], UNGROUPED),
        ("ix_question_group", columns, GROUPED),
        ("ix_question_wording", ["wording", "group_key"], GROUPED),
        ("ix_question_verdict_at", ["verdict_at"], sa.text("verdict_at IS NOT NULL")),
    ):
        op.create_index(name, "question", of, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "likeness_part",
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("question_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name="fk_likeness_part_question_id_question", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("part", "question_id", name="pk_likeness_part"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_part_question_id", "likeness_part", ["question_id"])
    op.create_table(
        "question_review",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("words", sa.Text()),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("editor_id", Id),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("exported_at", sa.BigInteger()),
        sa.CheckConstraint(
            "decision IN ('topic', 'outside', 'new_topic', 'ignore')", name=op.f("ck_question_review_decision")
        ),
        sa.CheckConstraint("decision <> 'topic' OR topic IS NOT NULL", name=op.f("ck_question_review_topic")),
        sa.CheckConstraint("(decision = 'ignore') = (words IS NULL)", name=op.f("ck_question_review_words")),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["person.id"], name="fk_question_review_editor_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_question_review"),
    )
    op.create_index("ix_question_review_editor_id", "question_review", ["editor_id"])
    op.create_table(
        "weekly_letter",
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('digest', 'freshness', 'unit')", name=op.f("ck_weekly_letter_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_weekly_letter_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("week", "kind", "person_id", name="pk_weekly_letter"),
    )
    op.create_index("ix_weekly_letter_person_id", "weekly_letter", ["person_id"])
