"""Certificates are printed when somebody asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        certificate.alter_column("sha256", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    op.execute("UPDATE certificate SET sha256 = '' WHERE sha256 IS NULL")
    with op.batch_alter_table("certificate") as certificate:
        certificate.alter_column("sha256", existing_type=sa.Text(), nullable=False)
