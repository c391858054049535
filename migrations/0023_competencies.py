"""Frames of competencies, pathways, and what was found in learning elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("competency_frame", "learning_pathway"):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("code", sa.Text(), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("sha256", sa.Text(), nullable=False),
            sa.Column("content", sa.JSON(), nullable=False),
            sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("loaded_by_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(["loaded_by_id"], ["account.id"], name=op.f(f"fk_{table}_loaded_by_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("code", "number", name=op.f(f"uq_{table}_code_number")),
        )
    op.create_table(
        "claim_competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_competency_claim_id")),
        sa.ForeignKeyConstraint(["named_by_id"], ["account.id"], name=op.f("fk_claim_competency_named_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_competency")),
        sa.UniqueConstraint(
            "claim_id", "frame", "component", name=op.f("uq_claim_competency_claim_id_frame_component")
        ),
    )


def downgrade() -> None:
    for table in ("claim_competency", "learning_pathway", "competency_frame"):
        op.drop_table(table)
