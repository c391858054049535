"""Year books: lines, finished versions and adjustments that nobody changes, the application included."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GUARDED = {"book_line": "", "book_adjustment": "", "book_version": "WHEN (OLD.state = 'done') "}
REFUSAL = "the year book is append-only"

GUARDS = {
    "sqlite": [
        *[
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for table, when in GUARDED.items()
            for act in ("update", "delete")
        ],
        "CREATE TRIGGER book_line_no_late_insert BEFORE INSERT ON book_line "
        "WHEN (SELECT state FROM book_version WHERE id = NEW.version_id) = 'done' "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_book_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE FUNCTION refuse_late_line() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF (SELECT state FROM book_version WHERE id = NEW.version_id) = 'done' "
        f"THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$",
        *[
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION refuse_book_change()"
            for table, when in GUARDED.items()
        ],
        "CREATE TRIGGER book_line_no_late_insert BEFORE INSERT ON book_line "
        "FOR EACH ROW EXECUTE FUNCTION refuse_late_line()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "year_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("adjustments", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("authority_on", sa.Date(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_book")),
        sa.UniqueConstraint("unit_id", "policy", "year", name=op.f("uq_year_book_unit_id_policy_year")),
    )
    op.create_index("ix_year_book_goal", "year_book", ["policy", "year"], unique=False)
    op.create_table(
        "book_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("policy_version_id", sa.Integer(), nullable=False),
        sa.Column("policy_number", sa.Integer(), nullable=False),
        sa.Column("policy_source", sa.Text(), nullable=False),
        sa.Column("policy_sha256", sa.Text(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("authority_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("not_met", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("first_hash", sa.Text(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["year_book.id"], name=op.f("fk_book_version_book_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_version")),
        sa.UniqueConstraint("book_id", "number", name=op.f("uq_book_version_book_id_number")),
    )
    op.create_table(
        "book_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fold", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("reference_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("earned", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["book_version.id"], name=op.f("fk_book_line_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_line")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_book_line_version_id_number")),
    )
    op.create_index("ix_book_line_subject", "book_line", ["version_id", "kind", "subject_id"], unique=False)
    op.create_table(
        "book_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("before_status", sa.Text(), nullable=True),
        sa.Column("before_due", sa.Integer(), nullable=True),
        sa.Column("before_earned", sa.Integer(), nullable=True),
        sa.Column("now_status", sa.Text(), nullable=True),
        sa.Column("now_due", sa.Integer(), nullable=True),
        sa.Column("now_earned", sa.Integer(), nullable=True),
        sa.Column("cause", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["year_book.id"], name=op.f("fk_book_adjustment_book_id")),
        sa.ForeignKeyConstraint(["version_id"], ["book_version.id"], name=op.f("fk_book_adjustment_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_adjustment")),
        sa.UniqueConstraint("book_id", "number", name=op.f("uq_book_adjustment_book_id_number")),
    )
    op.create_index("ix_book_adjustment_person", "book_adjustment", ["version_id", "person_id"], unique=False)
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_book_adjustment_person", table_name="book_adjustment")
    op.drop_table("book_adjustment")
    op.drop_index("ix_book_line_subject", table_name="book_line")
    op.drop_table("book_line")
    op.drop_table("book_version")
    op.drop_index("ix_year_book_goal", table_name="year_book")
    op.drop_table("year_book")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_book_change()")
        op.execute("DROP FUNCTION refuse_late_line()")
