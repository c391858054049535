"""What search finds: a row for each course, lesson, sheet of a kit and topic of a quiz. `flask courses reindex` fills it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("title", "pieces", "words", "fold")],
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_search_page_course_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_search_page_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_page")),
        sa.UniqueConstraint("course_id", "kind", "slug", name=op.f("uq_search_page_course_id_kind_slug")),
    )
    op.create_index(op.f("ix_search_page_version_id"), "search_page", ["version_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_search_page_version_id"), table_name="search_page")
    op.drop_table("search_page")
