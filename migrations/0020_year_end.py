"""The December pack: settings, reports, what was produced, schedules and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SETTINGS = (
    "superior", "body", "number_pattern", "place", "ranks", "signatory", "recipients", "legal_basis", "until_day",
    "reported_day",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "year_end_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in SETTINGS),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_year_end_setting_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_end_setting")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_year_end_setting_unit_id")),
    )
    op.create_table(
        "year_end_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("dispatch_number", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_year_end_report_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_end_report")),
        sa.UniqueConstraint("unit_id", "policy", "year", name=op.f("uq_year_end_report_unit_id_policy_year")),
    )
    op.create_table(
        "year_end_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["year_end_report.id"], name=op.f("fk_year_end_issue_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_end_issue")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_year_end_issue_report_id_number")),
    )
    op.create_table(
        "year_end_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("account_ids", sa.JSON(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_year_end_schedule_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_end_schedule")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_year_end_schedule_unit_id")),
    )
    op.create_table(
        "year_end_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["year_end_issue.id"], name=op.f("fk_year_end_delivery_issue_id")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["year_end_schedule.id"], name=op.f("fk_year_end_delivery_schedule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_end_delivery")),
        sa.UniqueConstraint("schedule_id", "due_on", name=op.f("uq_year_end_delivery_schedule_id_due_on")),
    )


def downgrade() -> None:
    for table in ("delivery", "schedule", "issue", "report", "setting"):
        op.drop_table(f"year_end_{table}")
