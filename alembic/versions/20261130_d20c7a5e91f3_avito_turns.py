"""The turns of an Avito account: a queue, and a slow-down that fades with time."""

import sqlalchemy as sa

from alembic import op

revision = "d20c7a5e91f3"
down_revision = "c4e81f0a27d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("avito_accounts", sa.Column("slowed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("avito_accounts", sa.Column("queued_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("avito_accounts", sa.Column("refusals", sa.Integer(), server_default="0", nullable=False))
    # An interval of the old rule has no time from which it could fade.
    op.execute("UPDATE avito_accounts SET interval_ms = 0, next_at = NULL WHERE interval_ms <> 0")
    op.create_table(
        "avito_waits",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["avito_accounts.id"], name="avito_waits_account_id_fkey"),
        sa.PrimaryKeyConstraint("account_id", "who", "urgency", name="avito_waits_pkey"),
    )


def downgrade() -> None:
    op.drop_table("avito_waits")
    op.drop_column("avito_accounts", "refusals")
    op.drop_column("avito_accounts", "queued_until")
    op.drop_column("avito_accounts", "slowed_at")
