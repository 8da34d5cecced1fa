"""Learning: consent, attempts, completions, reviews, groups, staff, audit, erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", Id),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True)),
        sa.Column("after", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])

    op.create_table(
        "erased_completion",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("audience", sa.String(16), server_default="", nullable=False),
        sa.Column("ward", sa.String(8), server_default="", nullable=False),
        sa.Column("age", sa.String(8), server_default="", nullable=False),
        sa.Column("group_kind", sa.String(12), server_default="", nullable=False),
        sa.Column("n", Id, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "kind", "subject", "audience", "ward", "age", "group_kind", name="pk_erased_completion"
        ),
    )
    op.create_table(
        "erasure",
        sa.Column("receipt", sa.String(12), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("receipt", name="pk_erasure"),
    )
    op.create_table(
        "frozen_question",
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_frozen_question"),
    )
    op.create_table(
        "invitation",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token", name="pk_invitation"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("assisted", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("content_version", sa.String(16), nullable=False),
        sa.Column("pass_mark", sa.SmallInteger(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("correct", sa.SmallInteger()),
        sa.Column("passed", sa.Boolean()),
        sa.CheckConstraint("kind IN ('lesson', 'final', 'placement', 'review')", name=op.f("ck_attempt_kind")),
        sa.CheckConstraint("(finished_at IS NULL) = (correct IS NULL)", name=op.f("ck_attempt_finished")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attempt_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempt_person_id", "attempt", ["person_id", "started_at"])
    _partial(
        "uq_attempt_open", "attempt", ["person_id", "kind", "subject", "assisted"], "finished_at IS NULL", unique=True
    )
    _partial("uq_attempt_review", "attempt", ["person_id", "subject"], "kind = 'review'", unique=True)

    op.create_table(
        "bookmark",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("lesson", sa.String(64), nullable=False),
        sa.Column("card", sa.SmallInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bookmark_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_bookmark"),
    )
    op.create_table(
        "certificate",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("person_id", Id),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_certificate_person_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_certificate"),
        sa.UniqueConstraint("person_id", "course", name="uq_certificate_person_id_course"),
    )
    op.create_table(
        "consent",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_consent_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_consent"),
    )
    op.create_table(
        "learner_group",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('line', 'class', 'agency', 'community')", name=op.f("ck_learner_group_kind")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name="fk_learner_group_owner_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_learner_group"),
        sa.UniqueConstraint("code", name="uq_learner_group_code"),
    )
    op.create_index("ix_learner_group_owner_id", "learner_group", ["owner_id"])

    op.create_table(
        "profile",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("audience", sa.String(16)),
        sa.Column("ward", sa.String(8)),
        sa.Column("age", sa.String(8)),
        sa.Column("asked", sa.String(32), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_profile_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_profile"),
    )
    op.create_table(
        "reminder",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger()),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_reminder_hour")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_reminder"),
    )
    _partial("ix_reminder_next_at", "reminder", ["next_at"], "next_at IS NOT NULL")

    op.create_table(
        "review",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("lesson", sa.String(64), nullable=False),
        sa.Column("question", sa.String(24), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_review_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "lesson", "question", name="pk_review"),
    )
    op.create_index("ix_review_person_id", "review", ["person_id", "due_at"])

    op.create_table(
        "role",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_role_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_role"),
    )
    op.create_table(
        "answer",
        sa.Column("attempt_id", Id, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("given", sa.String(8), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_answer_attempt_id_attempt", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name="pk_answer"),
    )
    op.create_table(
        "completion",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("content_version", sa.String(16), nullable=False),
        sa.Column("correct", sa.SmallInteger(), nullable=False),
        sa.Column("questions", sa.SmallInteger(), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("competences", sa.JSON(), nullable=False),
        sa.Column("audience", sa.String(16)),
        sa.Column("ward", sa.String(8)),
        sa.Column("age", sa.String(8)),
        sa.Column("group_id", Id),
        sa.Column("group_kind", sa.String(12)),
        sa.Column("assisted_by", Id),
        sa.Column("assisted", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("kind IN ('lesson', 'course')", name=op.f("ck_completion_kind")),
        sa.CheckConstraint("(person_id IS NULL) = assisted", name=op.f("ck_completion_assisted")),
        sa.CheckConstraint("correct BETWEEN 0 AND questions", name=op.f("ck_completion_score")),
        sa.ForeignKeyConstraint(
            ["assisted_by"], ["person.id"], name="fk_completion_assisted_by_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["learner_group.id"], name="fk_completion_group_id_learner_group", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_completion_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_completion"),
        sa.UniqueConstraint("person_id", "kind", "subject", name="uq_completion_person_id_kind_subject"),
    )
    _partial("ix_completion_assisted_by", "completion", ["assisted_by", "day"], "assisted_by IS NOT NULL")
    op.create_index("ix_completion_group_id", "completion", ["group_id"])

    op.create_table(
        "membership",
        sa.Column("group_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("shown_name", sa.String(60)),
        sa.ForeignKeyConstraint(
            ["group_id"], ["learner_group.id"], name="fk_membership_group_id_learner_group", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_membership_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name="pk_membership"),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id", "joined_at"])

    op.add_column("person", sa.Column("contacted_at", sa.BigInteger()))

    _refuse("UPDATE")
    _refuse("DELETE")
    if op.get_bind().dialect.name == "sqlite":  # INSERT OR REPLACE deletes without a DELETE trigger
        _refuse("INSERT", " WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)")


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _refuse(verb: str, when: str = "") -> None:
    """Nobody changes what was recorded, through this program or beside it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER audit_{verb.lower()} BEFORE {verb} ON audit{when}"
            " BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END"
        )
    else:
        op.execute(f"CREATE RULE audit_{verb.lower()} AS ON {verb} TO audit DO INSTEAD NOTHING")
