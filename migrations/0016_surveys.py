"""Surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_survey()
    op.create_table(
        "survey_turnout",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_turnout_person_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_turnout_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_turnout")),
    )
    op.create_index(op.f("ix_survey_turnout_person_id"), "survey_turnout", ["person_id"], unique=False)
    op.create_table(
        "survey_unfinished",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_unfinished_person_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_unfinished_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_unfinished")),
    )
    op.create_table(
        "survey_answer",
        sa.Column("id", LARGE, autoincrement=False, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_answer_person_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_answer_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("survey_id", "person_id", name=op.f("uq_survey_answer_survey_id_person_id")),
    )
    op.create_index(op.f("ix_survey_answer_survey_id"), "survey_answer", ["survey_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_survey_answer_survey_id"), table_name="survey_answer")
    op.drop_table("survey_answer")
    op.drop_table("survey_unfinished")
    op.drop_index(op.f("ix_survey_turnout_person_id"), table_name="survey_turnout")
    op.drop_table("survey_turnout")
    for column in ("unit_id", "state", "purpose", "course_id"):
        op.drop_index(op.f(f"ix_survey_{column}"), table_name="survey")
    op.drop_table("survey")


def _create_survey() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("is_after_completion", sa.Boolean(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["before_id"], ["survey.id"], name=op.f("fk_survey_before_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_course_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_survey_created_by_id")),
        sa.ForeignKeyConstraint(["role"], ["network_role.code"], name=op.f("fk_survey_role")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survey_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_code")),
    )
    for column in ("unit_id", "state", "purpose", "course_id"):
        op.create_index(op.f(f"ix_survey_{column}"), "survey", [column], unique=False)
