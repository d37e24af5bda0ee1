"""Deliveries to a person, with the attempts of their channels; a code refers to its delivery."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "9b41d7e0c5f2"
down_revision = "7c1e5a93d046"
branch_labels = None
depends_on = None

REASONS = (
    "channel-off",
    "phone-unconfirmed",
    "telegram-unlinked",
    "email-unconfirmed",
    "no-chat",
    "no-answer",
    "too-many",
    "carrier-account",
    "refused",
    "answer-lost",
    "undelivered",
    "file-missing",
    "expired",
    "withdrawn",
)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column(
            "purpose",
            choice("delivery_purpose", "signing_code", "phone_code", "email_code", "signed_copy", "owner_note"),
            nullable=False,
        ),
        sa.Column("channels", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=False),
        sa.Column("attachments", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("addresses", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            choice("delivery_state", "pending", "sent", "delivered", "failed", "unknown"),
            server_default=sa.text("'pending'"),
            nullable=False,
        ),
        sa.Column("reason", choice("delivery_reason", *REASONS), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="deliveries_client_id_fkey"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="deliveries_user_id_fkey"),
        sa.ForeignKeyConstraint(["manager_id"], ["manager_users.id"], name="deliveries_manager_id_fkey"),
        sa.ForeignKeyConstraint(["contract_id"], ["manager_contracts.id"], name="deliveries_contract_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="deliveries_pkey"),
    )
    for column in ("client_id", "user_id", "manager_id"):
        op.create_index(f"ix_deliveries_{column}", "deliveries", [column])
    op.create_index("ix_deliveries_due", "deliveries", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("ix_deliveries_contract", "deliveries", ["contract_id", "created_at"])
    op.create_table(
        "delivery_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("channel", choice("delivery_channel", "support_chat", "sms", "telegram", "mail"), nullable=False),
        sa.Column(
            "state",
            choice(
                "attempt_state",
                "claimed",
                "not_done",
                "sent",
                "delivered",
                "undelivered",
                "rejected",
                "unreachable",
                "unknown",
            ),
            nullable=False,
        ),
        sa.Column("reason", choice("attempt_reason", *REASONS), nullable=True),
        sa.Column("provider_status", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.String(255), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipts_asked", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="delivery_attempts_delivery_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="delivery_attempts_pkey"),
    )
    op.create_index("uq_delivery_attempts_channel", "delivery_attempts", ["delivery_id", "channel"], unique=True)
    op.add_column("manager_contract_codes", sa.Column("delivery_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "manager_contract_codes_delivery_id_fkey",
        "manager_contract_codes",
        "deliveries",
        ["delivery_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint("manager_contract_codes_delivery_id_fkey", "manager_contract_codes", type_="foreignkey")
    op.drop_column("manager_contract_codes", "delivery_id")
    op.drop_table("delivery_attempts")
    op.drop_table("deliveries")
