"""The register of certificates: kinds, chains of papers, acts with reason and actor, several issuers."""

import sqlalchemy as sa
from alembic import op

from lms import text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CHUNK = 1000
CERTIFICATE = sa.table(
    "certificate",
    sa.column("id", sa.Integer()),
    sa.column("completion_id", sa.Integer()),
    sa.column("label", sa.Text()),
    sa.column("printed", sa.JSON()),
    sa.column("kind", sa.Text()),
    sa.column("subject", sa.Text()),
    sa.column("fold", sa.Text()),
)


def upgrade() -> None:
    with op.batch_alter_table("issuer") as issuer:
        issuer.add_column(sa.Column("unit_id", sa.Integer()))
        issuer.add_column(sa.Column("pattern", sa.Text(), nullable=False, server_default="{number}/{year}/{issuer}"))
        issuer.create_foreign_key(op.f("fk_issuer_unit_id"), "unit", ["unit_id"], ["id"])
        issuer.create_unique_constraint(op.f("uq_issuer_unit_id"), ["unit_id"])
    with op.batch_alter_table("issuer") as issuer:
        issuer.alter_column("pattern", existing_type=sa.Text(), server_default=None)
    with op.batch_alter_table("certificate") as certificate:
        certificate.drop_constraint(op.f("uq_certificate_completion_id"), type_="unique")
        certificate.drop_constraint(op.f("uq_certificate_label"), type_="unique")
        certificate.alter_column("completion_id", existing_type=sa.Integer(), nullable=True)
        certificate.alter_column("course_id", existing_type=sa.Integer(), nullable=True)
        for name in ("kind", "subject", "fold", "relation"):
            certificate.add_column(sa.Column(name, sa.Text()))
        certificate.add_column(sa.Column("expires_on", sa.Date()))
        for name in ("predecessor_id", "successor_id"):
            certificate.add_column(sa.Column(name, sa.Integer()))
            certificate.create_foreign_key(op.f(f"fk_certificate_{name}"), "certificate", [name], ["id"])
    _fill()
    with op.batch_alter_table("certificate") as certificate:
        for name in ("kind", "subject", "fold"):
            certificate.alter_column(name, existing_type=sa.Text(), nullable=False)
        certificate.create_unique_constraint(op.f("uq_certificate_subject"), ["subject"])
        for name in ("completion_id", "predecessor_id", "expires_on"):
            certificate.create_index(op.f(f"ix_certificate_{name}"), [name])
    op.create_table(
        "certificate_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_act_certificate_id")),
        sa.ForeignKeyConstraint(["other_id"], ["certificate.id"], name=op.f("fk_certificate_act_other_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_certificate_act_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_act")),
    )
    for name in ("certificate_id", "other_id"):
        op.create_index(op.f(f"ix_certificate_act_{name}"), "certificate_act", [name])
    op.execute(
        "INSERT INTO certificate_act (certificate_id, act, reason, authority, account_id, at) "
        "SELECT id, 'revoke', COALESCE(revoked_reason, ''), '', revoked_by_id, revoked_at FROM certificate "
        "WHERE revoked_at IS NOT NULL"
    )


def downgrade() -> None:
    for name in ("other_id", "certificate_id"):
        op.drop_index(op.f(f"ix_certificate_act_{name}"), table_name="certificate_act")
    op.drop_table("certificate_act")
    op.execute("UPDATE certificate SET predecessor_id = NULL, successor_id = NULL")
    op.execute("DELETE FROM certificate WHERE completion_id IS NULL OR relation IS NOT NULL")
    with op.batch_alter_table("certificate") as certificate:
        for name in ("completion_id", "predecessor_id", "expires_on"):
            certificate.drop_index(op.f(f"ix_certificate_{name}"))
        certificate.drop_constraint(op.f("uq_certificate_subject"), type_="unique")
        for name in ("predecessor_id", "successor_id"):
            certificate.drop_constraint(op.f(f"fk_certificate_{name}"), type_="foreignkey")
        for name in ("kind", "subject", "fold", "relation", "expires_on", "predecessor_id", "successor_id"):
            certificate.drop_column(name)
        certificate.alter_column("completion_id", existing_type=sa.Integer(), nullable=False)
        certificate.alter_column("course_id", existing_type=sa.Integer(), nullable=False)
        certificate.create_unique_constraint(op.f("uq_certificate_completion_id"), ["completion_id"])
        certificate.create_unique_constraint(op.f("uq_certificate_label"), ["label"])
    with op.batch_alter_table("issuer") as issuer:
        issuer.drop_constraint(op.f("uq_issuer_unit_id"), type_="unique")
        issuer.drop_constraint(op.f("fk_issuer_unit_id"), type_="foreignkey")
        issuer.drop_column("pattern")
        issuer.drop_column("unit_id")


def _fill() -> None:
    connection, after = op.get_bind(), 0
    columns = CERTIFICATE.c.id, CERTIFICATE.c.completion_id, CERTIFICATE.c.label, CERTIFICATE.c.printed
    change = sa.update(CERTIFICATE).where(CERTIFICATE.c.id == sa.bindparam("key"))
    while found := connection.execute(
        sa.select(*columns).where(CERTIFICATE.c.id > after).order_by(CERTIFICATE.c.id).limit(CHUNK)
    ).all():
        for row in found:
            paper = row.printed.get("paper", {})
            fold = text.fold(" ".join((paper.get("name", ""), paper.get("course", ""), row.label)))
            values = {"kind": "course", "subject": f"completion:{row.completion_id}", "fold": fold}
            connection.execute(change.values(values), {"key": row.id})
        after = found[-1].id
