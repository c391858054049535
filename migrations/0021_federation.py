"""Years that other installations report; numbers of outside certificates, and units where two people decide on claims."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TAKEN = sa.text("state = 'taken'")
FIGURES = ("people", "met", "not_met", "exempt", "not_applicable")


def upgrade() -> None:
    _extend_claims()
    _create_senders()
    _create_reports()


def downgrade() -> None:
    for table, *indexes in (
        ("reported_person",),
        ("reported_figure", op.f("ix_reported_figure_unit_id")),
        ("reported_year", "ix_reported_year_sender", "uq_reported_year_taken"),
        ("federation_key",),
        ("federation_sender",),
        ("federation_setting",),
        ("recognition_rule",),
    ):
        for index in indexes:
            op.drop_index(index, table_name=table)
        op.drop_table(table)
    op.drop_index(op.f("ix_claim_paper_key"), table_name="claim")
    with op.batch_alter_table("claim") as claim:
        claim.drop_column("paper_key")
        claim.drop_column("paper_number")


def _extend_claims() -> None:
    with op.batch_alter_table("claim") as claim:
        claim.add_column(sa.Column("paper_number", sa.Text(), nullable=True))
        claim.add_column(sa.Column("paper_key", sa.Text(), nullable=True))
    op.create_index(op.f("ix_claim_paper_key"), "claim", ["paper_key"], unique=False)
    op.create_table(
        "recognition_rule",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_recognition_rule_set_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recognition_rule_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_recognition_rule")),
    )


def _create_senders() -> None:
    op.create_table(
        "federation_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sends_names", sa.Boolean(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_federation_setting")),
    )
    op.create_table(
        "federation_sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("takes_names", sa.Boolean(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_federation_sender_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_federation_sender")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_federation_sender_unit_id")),
    )
    op.create_table(
        "federation_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["federation_sender.id"], name=op.f("fk_federation_key_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_federation_key")),
        sa.UniqueConstraint("sender_id", "public", name=op.f("uq_federation_key_sender_id_public")),
    )


def _create_reports() -> None:
    op.create_table(
        "reported_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *[
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("state", "unit_code", "unit_name", "last_hash", "digest", "sha256", "kid")
        ],
        sa.Column("with_names", sa.Boolean(), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES],
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["federation_sender.id"], name=op.f("fk_reported_year_sender_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reported_year_unit_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["account.id"], name=op.f("fk_reported_year_received_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_reported_year_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_year")),
        sa.UniqueConstraint("unit_id", "digest", name=op.f("uq_reported_year_unit_id_digest")),
    )
    op.create_index("ix_reported_year_sender", "reported_year", ["sender_id", "policy", "year"], unique=False)
    op.create_index(
        "uq_reported_year_taken",
        "reported_year",
        ["unit_id", "policy", "year"],
        unique=True,
        sqlite_where=TAKEN,
        postgresql_where=TAKEN,
    )
    op.create_table(
        "reported_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("code", "name", "above_code")],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES],
        sa.ForeignKeyConstraint(["report_id"], ["reported_year.id"], name=op.f("fk_reported_figure_report_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reported_figure_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_reported_figure_report_id_number")),
    )
    op.create_index(op.f("ix_reported_figure_unit_id"), "reported_figure", ["unit_id"], unique=False)
    op.create_table(
        "reported_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("code", "name", "unit_code", "unit_name", "status")],
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("earned", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reported_year.id"], name=op.f("fk_reported_person_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_person")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_reported_person_report_id_number")),
    )
