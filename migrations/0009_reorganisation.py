"""Acts that change the network."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reorganisation_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_reorganisation_act_import_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation_act")),
    )
    op.create_index(op.f("ix_reorganisation_act_account_id"), "reorganisation_act", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_reorganisation_act_import_batch_id"), "reorganisation_act", ["import_batch_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_reorganisation_act_import_batch_id"), table_name="reorganisation_act")
    op.drop_index(op.f("ix_reorganisation_act_account_id"), table_name="reorganisation_act")
    op.drop_table("reorganisation_act")
