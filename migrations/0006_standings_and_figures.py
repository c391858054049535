"""What standings know, the figures of units, and facts as they were known.

Standings are judged anew by `flask goals rebuild` after this migration: they are derived.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def added() -> list[sa.Column]:
    """The new columns of `standing`."""
    return [
        sa.Column("role", sa.Text(), nullable=False, server_default=""),
        sa.Column("employment", sa.Text(), nullable=False, server_default=""),
        sa.Column("position", sa.Text(), nullable=False, server_default=""),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("lacking", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("wakes_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=False, server_default="0"),
    ]


def upgrade() -> None:
    op.create_table(
        "superseded",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superseded")),
    )
    op.create_index("ix_superseded_person", "superseded", ["table", "person_id"], unique=False)
    op.create_table(
        "unit_heir",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("heir_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_heir_unit_id")),
        sa.ForeignKeyConstraint(["heir_id"], ["unit.id"], name=op.f("fk_unit_heir_heir_id")),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_heir")),
    )
    op.create_index(op.f("ix_unit_heir_heir_id"), "unit_heir", ["heir_id"], unique=False)
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("map", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_change", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
    )
    changes = sa.text("is_change")
    op.create_index(
        "ix_figure_change", "figure", ["unit_id"], unique=False, sqlite_where=changes, postgresql_where=changes
    )
    op.create_index("ix_figure_place", "figure", ["unit_id", "policy", "dimension", "year"], unique=False)
    op.create_table(
        "coverage",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_coverage")),
    )
    op.create_table(
        "kept_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_kept_year")),
    )
    op.execute("INSERT INTO kept_year (year) SELECT DISTINCT year FROM standing")
    with op.batch_alter_table("standing") as standing:
        for column in added():
            standing.add_column(column)
        standing.create_index(op.f("ix_standing_wakes_on"), ["wakes_on"], unique=False)
    with op.batch_alter_table("standing") as standing:
        for column in added():
            standing.alter_column(column.name, server_default=None)
    with op.batch_alter_table("policy_version") as version:
        version.add_column(sa.Column("first_year", sa.Integer(), nullable=False, server_default="0"))
        version.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("policy_version") as version:
        version.alter_column("first_year", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("policy_version") as version:
        version.drop_column("withdrawn_at")
        version.drop_column("first_year")
    with op.batch_alter_table("standing") as standing:
        standing.drop_index(op.f("ix_standing_wakes_on"))
        for column in added():
            standing.drop_column(column.name)
    op.drop_table("kept_year")
    op.drop_table("coverage")
    op.drop_index("ix_figure_change", table_name="figure")
    op.drop_index("ix_figure_place", table_name="figure")
    op.drop_table("figure")
    op.drop_index(op.f("ix_unit_heir_heir_id"), table_name="unit_heir")
    op.drop_table("unit_heir")
    op.drop_index("ix_superseded_person", table_name="superseded")
    op.drop_table("superseded")
