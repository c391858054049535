"""The annual goal."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("equivalence", sa.Text(), nullable=True),
        sa.Column("module", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_credit_batch_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credit_person_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["credit.id"], name=op.f("fk_credit_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        sa.UniqueConstraint(
            "person_id",
            "activity",
            "completed_on",
            "source",
            "entry",
            name=op.f("uq_credit_person_id_activity_completed_on_source_entry"),
        ),
    )
    op.create_index(op.f("ix_credit_batch_id"), "credit", ["batch_id"], unique=False)
    op.create_index("ix_credit_person_day", "credit", ["person_id", "completed_on"], unique=False)
    op.create_index(op.f("ix_credit_reverses_id"), "credit", ["reverses_id"], unique=False)
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_exemption_batch_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exemption_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
        sa.UniqueConstraint(
            "person_id",
            "policy",
            "year",
            "scope",
            "target",
            name=op.f("uq_exemption_person_id_policy_year_scope_target"),
        ),
    )
    op.create_index(op.f("ix_exemption_batch_id"), "exemption", ["batch_id"], unique=False)
    op.create_index(op.f("ix_exemption_person_id"), "exemption", ["person_id"], unique=False)
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reference_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("earned", sa.Integer(), nullable=False),
        sa.Column("effective_days", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standing_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_standing_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("person_id", "policy", "year", name=op.f("uq_standing_person_id_policy_year")),
    )
    op.create_index("ix_standing_unit", "standing", ["unit_id", "policy", "year", "status"], unique=False)
    op.create_table(
        "policy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["published_by_id"], ["account.id"], name=op.f("fk_policy_version_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_policy_version_code_number")),
    )
    op.create_index(op.f("ix_policy_version_code"), "policy_version", ["code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_policy_version_code"), table_name="policy_version")
    op.drop_table("policy_version")
    op.drop_index("ix_standing_unit", table_name="standing")
    op.drop_table("standing")
    op.drop_index(op.f("ix_exemption_person_id"), table_name="exemption")
    op.drop_index(op.f("ix_exemption_batch_id"), table_name="exemption")
    op.drop_table("exemption")
    op.drop_index(op.f("ix_credit_reverses_id"), table_name="credit")
    op.drop_index("ix_credit_person_day", table_name="credit")
    op.drop_index(op.f("ix_credit_batch_id"), table_name="credit")
    op.drop_table("credit")
