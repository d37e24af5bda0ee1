"""Links by which a client's Telegram vouches for the phone of his account."""

import sqlalchemy as sa

from alembic import op

revision = "3f8a6c20d715"
down_revision = "9b41d7e0c5f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="phone_links_user_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_sessions.id"], name="phone_links_session_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="phone_links_pkey"),
        sa.UniqueConstraint("token_hash", name="phone_links_token_hash_key"),
    )
    op.create_index("ix_phone_links_user_id", "phone_links", ["user_id"])
    op.create_index("ix_phone_links_session_id", "phone_links", ["session_id"])
    op.create_index("ix_phone_links_person", "phone_links", ["telegram_user_id", "opened_at"])


def downgrade() -> None:
    op.drop_table("phone_links")
