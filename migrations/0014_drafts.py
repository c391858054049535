"""Drafts of courses, their review, and whose a course is."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("course") as course:
        course.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        course.create_foreign_key("fk_course_unit_id", "unit", ["unit_id"], ["id"])
        course.create_index(op.f("ix_course_unit_id"), ["unit_id"], unique=False)
    _create_draft()
    _create_revision()
    _create_comment()
    _create_answer()
    _create_rule()
    _create_move()


def downgrade() -> None:
    op.drop_index(op.f("ix_version_move_course_id"), table_name="version_move")
    op.drop_table("version_move")
    op.drop_table("authoring_rule")
    op.drop_table("draft_answer")
    for column in ("parent_id", "draft_id"):
        op.drop_index(op.f(f"ix_review_comment_{column}"), table_name="review_comment")
    op.drop_table("review_comment")
    op.drop_table("draft_revision")
    for index in ("version_id", "unit_id", "slug", "open", "based_on_id"):
        op.drop_index(f"ix_draft_{index}", table_name="draft")
    op.drop_table("draft")
    with op.batch_alter_table("course") as course:
        course.drop_index(op.f("ix_course_unit_id"))
        course.drop_constraint("fk_course_unit_id", type_="foreignkey")
        course.drop_column("unit_id")


def _create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_revision", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("publish_on", sa.Date(), nullable=True),
        sa.Column("publish_by_id", sa.Integer(), nullable=True),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["based_on_id"], ["course_version.id"], name=op.f("fk_draft_based_on_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_draft_changed_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_draft_created_by_id")),
        sa.ForeignKeyConstraint(["publish_by_id"], ["account.id"], name=op.f("fk_draft_publish_by_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["account.id"], name=op.f("fk_draft_reviewed_by_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_draft_sent_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_draft_unit_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_draft_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    for column in ("based_on_id", "slug", "unit_id", "version_id"):
        op.create_index(op.f(f"ix_draft_{column}"), "draft", [column], unique=False)
    is_open = sa.text("closed_at IS NULL")
    op.create_index("ix_draft_open", "draft", ["slug"], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _create_revision() -> None:
    op.create_table(
        "draft_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_revision_draft_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_draft_revision_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_revision")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_revision_draft_id_number")),
    )


def _create_comment() -> None:
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_review_comment_by_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_review_comment_draft_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["review_comment.id"], name=op.f("fk_review_comment_parent_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["account.id"], name=op.f("fk_review_comment_resolved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    for column in ("draft_id", "parent_id"):
        op.create_index(op.f(f"ix_review_comment_{column}"), "review_comment", [column], unique=False)


def _create_answer() -> None:
    op.create_table(
        "draft_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_draft_answer_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_answer")),
        sa.UniqueConstraint("slug", "code", name=op.f("uq_draft_answer_slug_code")),
    )


def _create_rule() -> None:
    op.create_table(
        "authoring_rule",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("needs_reviewer", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_authoring_rule_set_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_authoring_rule_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_authoring_rule")),
    )


def _create_move() -> None:
    op.create_table(
        "version_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_version_move_course_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_version_move_made_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_version_move_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_move")),
    )
    op.create_index(op.f("ix_version_move_course_id"), "version_move", ["course_id"], unique=False)
