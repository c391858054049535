"""Drafts of policies, dry runs, and taking a version back."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("policy_version") as version:
        version.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        version.add_column(sa.Column("withdraw_reason", sa.Text(), nullable=True))
        version.create_foreign_key("fk_policy_version_withdrawn_by_id", "account", ["withdrawn_by_id"], ["id"])
    _create_draft()
    _create_dry_run()
    _create_effect()


def downgrade() -> None:
    op.drop_index("ix_policy_effect_list", table_name="policy_effect")
    op.drop_table("policy_effect")
    for column in ("base_version_id", "code", "draft_id"):
        op.drop_index(op.f(f"ix_policy_dry_run_{column}"), table_name="policy_dry_run")
    op.drop_table("policy_dry_run")
    op.drop_index(op.f("ix_policy_draft_code"), table_name="policy_draft")
    op.drop_table("policy_draft")
    with op.batch_alter_table("policy_version") as version:
        version.drop_constraint("fk_policy_version_withdrawn_by_id", type_="foreignkey")
        version.drop_column("withdraw_reason")
        version.drop_column("withdrawn_by_id")


def _create_draft() -> None:
    op.create_table(
        "policy_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_version_id"], ["policy_version.id"], name=op.f("fk_policy_draft_base_version_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_policy_draft_created_by_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_policy_draft_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft")),
    )
    op.create_index(op.f("ix_policy_draft_code"), "policy_draft", ["code"], unique=False)


def _create_dry_run() -> None:
    op.create_table(
        "policy_dry_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("years", sa.JSON(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["policy_draft.id"], name=op.f("fk_policy_dry_run_draft_id")),
        sa.ForeignKeyConstraint(
            ["base_version_id"], ["policy_version.id"], name=op.f("fk_policy_dry_run_base_version_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_policy_dry_run_created_by_id")),
        sa.ForeignKeyConstraint(["applied_by_id"], ["account.id"], name=op.f("fk_policy_dry_run_applied_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["policy_version.id"], name=op.f("fk_policy_dry_run_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_dry_run")),
    )
    for column in ("base_version_id", "code", "draft_id"):
        op.create_index(op.f(f"ix_policy_dry_run_{column}"), "policy_dry_run", [column], unique=False)


def _create_effect() -> None:
    op.create_table(
        "policy_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dry_run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_behind", sa.Boolean(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("before_status", sa.Text(), nullable=True),
        sa.Column("after_status", sa.Text(), nullable=True),
        sa.Column("before_due", sa.Integer(), nullable=True),
        sa.Column("after_due", sa.Integer(), nullable=True),
        sa.Column("before_earned", sa.Integer(), nullable=True),
        sa.Column("after_earned", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("came_otherwise", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["dry_run_id"], ["policy_dry_run.id"], name=op.f("fk_policy_effect_dry_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_effect")),
    )
    op.create_index("ix_policy_effect_list", "policy_effect", ["dry_run_id", "kind", "id"], unique=False)
