"""Autosaves of forms, the version that a write expects, and indexes for badges and figures."""

import sqlalchemy as sa

from alembic import op

revision = "f1a83c6d27b9"
down_revision = "e5b27a90c1d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # One sequence for all: a form that was thrown away and begun anew never gets a version that it had before.
    op.execute("CREATE SEQUENCE manager_autosave_versions")
    op.create_table(
        "manager_autosaves",
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(48), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["manager_clients.id"], name="manager_autosaves_client_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager_users.id"], name="manager_autosaves_manager_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "manager_id", "form", name="manager_autosaves_pkey"),
    )
    op.create_index("ix_manager_autosaves_updated", "manager_autosaves", ["updated_at"])
    op.add_column("drafts", sa.Column("expected_card_version", sa.Integer(), nullable=True))
    op.create_index(
        "ix_dialogs_unanswered",
        "dialogs",
        ["organisation_id", "last_message_at", "id"],
        postgresql_where=sa.text("state = 'active' AND first_unanswered_at IS NOT NULL"),
    )
    op.create_index(
        "ix_dialog_messages_failed",
        "dialog_messages",
        ["dialog_id"],
        postgresql_where=sa.text("status = 'failed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_dialog_messages_failed", table_name="dialog_messages")
    op.drop_index("ix_dialogs_unanswered", table_name="dialogs")
    op.drop_column("drafts", "expected_card_version")
    op.drop_index("ix_manager_autosaves_updated", table_name="manager_autosaves")
    op.drop_table("manager_autosaves")
    op.execute("DROP SEQUENCE manager_autosave_versions")
