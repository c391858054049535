"""The shared question bank."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_item_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_item")),
        sa.UniqueConstraint("code", name=op.f("uq_bank_item_code")),
    )
    op.create_index(op.f("ix_bank_item_unit_id"), "bank_item", ["unit_id"], unique=False)
    op.create_table(
        "bank_item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("fold", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["bank_item.id"], name=op.f("fk_bank_item_version_item_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_bank_item_version_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_bank_item_version_item_id_number")),
    )
    op.create_index("ix_bank_item_version_cell", "bank_item_version", ["topic", "difficulty"], unique=False)
    op.create_index(op.f("ix_bank_item_version_fingerprint"), "bank_item_version", ["fingerprint"], unique=False)
    op.create_table(
        "bank_pool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_pool_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_pool")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_bank_pool_unit_id_name")),
    )
    op.create_table(
        "bank_pool_entry",
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["bank_item.id"], name=op.f("fk_bank_pool_entry_item_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["bank_pool.id"], name=op.f("fk_bank_pool_entry_pool_id")),
        sa.PrimaryKeyConstraint("pool_id", "item_id", name=op.f("pk_bank_pool_entry")),
    )
    op.create_index(op.f("ix_bank_pool_entry_item_id"), "bank_pool_entry", ["item_id"], unique=False)
    op.create_table(
        "bank_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("matches", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_bank_arrival_made_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_arrival_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_arrival")),
    )
    op.create_index(op.f("ix_bank_arrival_unit_id"), "bank_arrival", ["unit_id"], unique=False)


def downgrade() -> None:
    for table in ("bank_arrival", "bank_pool_entry", "bank_pool", "bank_item_version", "bank_item"):
        op.drop_table(table)
