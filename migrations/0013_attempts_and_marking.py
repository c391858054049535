"""Answers that know their revision and wait for marks, attempts with allowances, marks by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("submitted_at IS NULL")
TO_BE_MARKED = sa.text("marks_wanted IS NOT NULL AND points IS NULL")
NEW = ("revision", "is_kept", "marks_wanted", "points", "remarks")


def upgrade() -> None:
    with op.batch_alter_table("answer") as answer:
        answer.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        answer.add_column(sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.false()))
        answer.add_column(sa.Column("marks_wanted", sa.Integer(), nullable=True))
        answer.add_column(sa.Column("points", sa.Double(), nullable=True))
        answer.add_column(sa.Column("remarks", sa.JSON(), nullable=True))
    with op.batch_alter_table("answer") as answer:
        answer.alter_column("revision", server_default=None)
        answer.alter_column("is_kept", server_default=None)
    op.create_index(
        "ix_answer_to_be_marked", "answer", ["id"], sqlite_where=TO_BE_MARKED, postgresql_where=TO_BE_MARKED
    )
    op.create_index("ix_attempt_deadline", "attempt", ["deadline_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "attempt_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("ends_cool_down", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_attempt_override_course_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["account.id"], name=op.f("fk_attempt_override_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_override_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_override")),
    )
    op.create_index(op.f("ix_attempt_override_course_id"), "attempt_override", ["course_id"], unique=False)
    op.create_index("ix_attempt_override_person", "attempt_override", ["person_id", "course_id"], unique=False)
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_mark_answer_id")),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_mark_marker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("answer_id", "marker_id", "entry", name=op.f("uq_mark_answer_id_marker_id_entry")),
    )
    op.create_index(op.f("ix_mark_marker_id"), "mark", ["marker_id"], unique=False)
    op.create_table(
        "marking_lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_marking_lease_answer_id")),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_marking_lease_marker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking_lease")),
        sa.UniqueConstraint("answer_id", "marker_id", name=op.f("uq_marking_lease_answer_id_marker_id")),
    )
    op.create_index(op.f("ix_marking_lease_marker_id"), "marking_lease", ["marker_id"], unique=False)


def downgrade() -> None:
    op.drop_table("marking_lease")
    op.drop_table("mark")
    op.drop_table("attempt_override")
    op.drop_index("ix_attempt_deadline", table_name="attempt")
    op.drop_index("ix_answer_to_be_marked", table_name="answer")
    with op.batch_alter_table("answer") as answer:
        for column in NEW:
            answer.drop_column(column)
