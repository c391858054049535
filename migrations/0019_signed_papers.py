"""Papers are signed: what is known of the signature of each file."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        certificate.add_column(sa.Column("signature", sa.JSON()))


def downgrade() -> None:
    with op.batch_alter_table("certificate") as certificate:
        certificate.drop_column("signature")
