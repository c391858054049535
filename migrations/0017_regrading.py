"""Corrections of published questions, the sheets that statistics read, and passes that were lost."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("completion") as completion:
        completion.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        completion.drop_constraint("uq_completion_person_id_course_id", type_="unique")
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_completion_standing",
        "completion",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    _corrections()
    _effects()
    _statistics()


def downgrade() -> None:
    for table in (
        "course_finding",
        "answer_sheet",
        "lost_pass",
        "correction_effect",
        "corrected_version",
        "correction",
    ):
        op.drop_table(table)
    op.drop_index("uq_completion_standing", table_name="completion")
    with op.batch_alter_table("completion") as completion:
        completion.create_unique_constraint("uq_completion_person_id_course_id", ["person_id", "course_id"])
        completion.drop_column("withdrawn_at")


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holds_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["applied_by_id"], ["account.id"], name=op.f("fk_correction_applied_by_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_correction_course_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_correction_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_course_id"), "correction", ["course_id"])
    op.create_table(
        "corrected_version",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_corrected_version_correction_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_corrected_version_version_id")),
        sa.PrimaryKeyConstraint("correction_id", "version_id", name=op.f("pk_corrected_version")),
    )
    op.create_index(op.f("ix_corrected_version_version_id"), "corrected_version", ["version_id"])


def _effects() -> None:
    op.create_table(
        "correction_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before_points", sa.Double(), nullable=False),
        sa.Column("before_of", sa.Double(), nullable=False),
        sa.Column("before_passed", sa.Boolean(), nullable=False),
        sa.Column("after_points", sa.Double(), nullable=False),
        sa.Column("after_of", sa.Double(), nullable=False),
        sa.Column("after_passed", sa.Boolean(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_correction_effect_attempt_id")),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_correction_effect_correction_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_correction_effect_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_effect")),
        sa.UniqueConstraint("correction_id", "attempt_id", name=op.f("uq_correction_effect_correction_id_attempt_id")),
    )
    op.create_index("ix_correction_effect_list", "correction_effect", ["correction_id", "kind", "id"])
    op.create_index(op.f("ix_correction_effect_attempt_id"), "correction_effect", ["attempt_id"])
    op.create_table(
        "lost_pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["completion_id"], ["completion.id"], name=op.f("fk_lost_pass_completion_id")),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_lost_pass_correction_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_lost_pass_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lost_pass_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_pass")),
        sa.UniqueConstraint("completion_id", "correction_id", name=op.f("uq_lost_pass_completion_id_correction_id")),
    )
    op.create_index(op.f("ix_lost_pass_person_id"), "lost_pass", ["person_id"])


def _statistics() -> None:
    op.create_table(
        "answer_sheet",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_sheet_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_answer_sheet")),
    )
    op.create_table(
        "course_finding",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("advice", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_finding_course_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_finding")),
    )
