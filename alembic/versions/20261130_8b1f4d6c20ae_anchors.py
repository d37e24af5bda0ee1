"""Daily anchors of the trails: stamps, checks and findings; all of them are only added to."""

import sqlalchemy as sa

from alembic import op

revision = "8b1f4d6c20ae"
down_revision = "a1c94e7b2d60"
branch_labels = None
depends_on = None

TABLES = ("anchors", "anchor_stamps", "anchor_checks", "anchor_findings")
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("leaves", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous_root", sa.LargeBinary(), nullable=True),
        sa.Column("previous_sha256", sa.String(64), nullable=True),
        sa.Column("file_key", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("leaves_key", sa.String(300), nullable=False),
        sa.Column("leaves_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="anchors_pkey"),
    )
    op.create_index("uq_anchors_day", "anchors", ["day", "extra"], unique=True)
    op.create_table(
        "anchor_stamps",
        sa.Column("anchor_seq", sa.BigInteger(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authority", sa.String(200), nullable=False),
        sa.Column("token_key", sa.String(300), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["anchor_seq"], ["anchors.seq"], name="anchor_stamps_anchor_seq_fkey"),
        sa.PrimaryKeyConstraint("anchor_seq", name="anchor_stamps_pkey"),
    )
    op.create_table(
        "anchor_checks",
        sa.Column("anchor_seq", sa.BigInteger(), nullable=False),
        sa.Column("against_seq", sa.BigInteger(), nullable=True),
        sa.Column("clients", sa.BigInteger(), nullable=False),
        sa.Column("findings", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["anchor_seq"], ["anchors.seq"], name="anchor_checks_anchor_seq_fkey"),
        sa.ForeignKeyConstraint(["against_seq"], ["anchors.seq"], name="anchor_checks_against_seq_fkey"),
        sa.PrimaryKeyConstraint("anchor_seq", name="anchor_checks_pkey"),
    )
    op.create_table(
        "anchor_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("anchor_seq", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("finding", sa.String(32), nullable=False),
        sa.Column("expected_count", sa.BigInteger(), nullable=False),
        sa.Column("found_count", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("finding IN ('gone', 'cut_off', 'rewritten', 'leaves_lost')", name="anchor_finding"),
        sa.ForeignKeyConstraint(["anchor_seq"], ["anchors.seq"], name="anchor_findings_anchor_seq_fkey"),
        sa.PrimaryKeyConstraint("id", name="anchor_findings_pkey"),
    )
    op.create_index("uq_anchor_findings", "anchor_findings", ["anchor_seq", "client_id"], unique=True)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION privet_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION privet_append_only()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
