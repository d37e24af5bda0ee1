"""Conversations: bots, Avito accounts, dialogs with their messages, budgets, ways in, and an organisation's rules."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "c41d07e92ab5"
down_revision = "9a4e1c7d52b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "manager", name="link_role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="login_links_pkey"),
        sa.UniqueConstraint("token_hash", name="login_links_token_hash_key"),
    )
    op.create_table(
        "telegram_logins",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="telegram_logins_pkey"),
    )
    op.create_table(
        "bots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active", "inactive", "error", name="bot_status", native_enum=False, create_constraint=True, length=32
            ),
            server_default=sa.text("'active'"),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(300), nullable=True),
        sa.Column("group_chat_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "topic_mode",
            sa.Enum("per_dialog", name="topic_mode", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'per_dialog'"),
            nullable=False,
        ),
        sa.Column("webhook_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("webhook_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("webhook_last_error", sa.String(300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="bots_organisation_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="bots_pkey"),
    )
    op.create_index("ix_bots_group", "bots", ["group_chat_id"], unique=False)
    op.create_index("ix_bots_organisation", "bots", ["organisation_id", "created_at"], unique=False)
    op.create_index(
        "uq_bots_token", "bots", ["token_index"], unique=True, postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.create_table(
        "telegram_groups",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("refilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="telegram_groups_bot_id_fkey"),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name="telegram_groups_pkey"),
    )
    op.create_table(
        "avito_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("api_client_id", sa.String(200), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("avito_user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "expired",
                "blocked",
                name="account_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'active'"),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(300), nullable=True),
        sa.Column("monitoring_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("webhook_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("webhook_last_error", sa.String(300), nullable=True),
        sa.Column("webhook_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("webhook_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watermark", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interval_ms", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="avito_accounts_bot_id_fkey"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="avito_accounts_organisation_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="avito_accounts_pkey"),
    )
    op.create_index("ix_avito_accounts_bot", "avito_accounts", ["bot_id"], unique=False)
    op.create_index(
        "uq_avito_accounts_client",
        "avito_accounts",
        ["organisation_id", "api_client_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "bot_errands",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="bot_errands_bot_id_fkey"),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name="bot_errands_pkey"),
    )
    op.create_index(
        "ix_bot_errands_open",
        "bot_errands",
        ["bot_id", "update_id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "telegram_updates",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="telegram_updates_bot_id_fkey"),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name="telegram_updates_pkey"),
    )
    op.create_index("ix_telegram_updates_received", "telegram_updates", ["received_at"], unique=False)
    op.create_table(
        "avito_hints",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(120), nullable=False),
        sa.Column("chat_id", sa.String(120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["avito_accounts.id"], name="avito_hints_account_id_fkey"),
        sa.PrimaryKeyConstraint("account_id", "message_id", name="avito_hints_pkey"),
    )
    op.create_index("ix_avito_hints_received", "avito_hints", ["received_at"], unique=False)
    op.create_index(
        "ix_avito_hints_open",
        "avito_hints",
        ["account_id", "chat_id"],
        unique=False,
        postgresql_where=sa.text("taken_at IS NULL"),
    )
    op.create_table(
        "dialogs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("avito_account_id", sa.Uuid(), nullable=False),
        sa.Column("avito_dialog_id", sa.String(120), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_name", sa.String(200), nullable=True),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("item_title", sa.String(300), nullable=True),
        sa.Column("item_price", sa.String(60), nullable=True),
        sa.Column("item_url", sa.String(500), nullable=True),
        sa.Column("item_city", sa.String(120), nullable=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("search_text", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "closed", name="dialog_state", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'active'"),
            nullable=False,
        ),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("telegram_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("telegram_topic_id", sa.BigInteger(), nullable=True),
        sa.Column("topic_attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("topic_closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.Column("card_pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("buyer_messages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_buyer_message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_unanswered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_human_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("auto_reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("auto_reply_last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("foreign_autoresponder_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_topic_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_owner_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_until", sa.String(120), nullable=True),
        sa.Column("unread_on_avito", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["avito_account_id"], ["avito_accounts.id"], name="dialogs_avito_account_id_fkey"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="dialogs_organisation_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="dialogs_pkey"),
    )
    op.create_index("ix_dialogs_list", "dialogs", ["organisation_id", "last_message_at", "id"], unique=False)
    op.create_index(
        "ix_dialogs_search",
        "dialogs",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_index("uq_dialogs_chat", "dialogs", ["avito_account_id", "avito_dialog_id"], unique=True)
    op.create_index("uq_dialogs_topic", "dialogs", ["telegram_chat_id", "telegram_topic_id"], unique=True)
    op.create_table(
        "dialog_former_topics",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("dialog_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dialog_id"], ["dialogs.id"], name="dialog_former_topics_dialog_id_fkey"),
        sa.PrimaryKeyConstraint("chat_id", "topic_id", name="dialog_former_topics_pkey"),
    )
    op.create_index("ix_dialog_former_topics_dialog_id", "dialog_former_topics", ["dialog_id"], unique=False)
    op.create_table(
        "dialog_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("dialog_id", sa.Uuid(), nullable=False),
        sa.Column("source_key", sa.String(200), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "avito", "telegram", name="message_direction", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "author",
            sa.Enum(
                "buyer",
                "seller_app",
                "staff",
                "api",
                "auto",
                "system",
                name="message_author",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "sent",
                "delivered",
                "failed",
                name="message_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'pending'"),
            nullable=False,
        ),
        sa.Column("failure", sa.String(300), nullable=True),
        sa.Column("is_auto_reply", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("telegram_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("telegram_message_id", sa.BigInteger(), nullable=True),
        sa.Column("reply_to_telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("album", sa.String(64), nullable=True),
        sa.Column("quote_avito_id", sa.String(120), nullable=True),
        sa.Column("show_attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reaction", sa.String(16), nullable=True),
        sa.Column("reaction_wanted", sa.String(16), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dialog_id"], ["dialogs.id"], name="dialog_messages_dialog_id_fkey"),
        sa.ForeignKeyConstraint(["manager_id"], ["manager_users.id"], name="dialog_messages_manager_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="dialog_messages_pkey"),
    )
    op.create_index("ix_dialog_messages_order", "dialog_messages", ["dialog_id", "number"], unique=False)
    op.create_index(
        "ix_dialog_messages_open",
        "dialog_messages",
        ["dialog_id", "number"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL OR reaction_wanted IS NOT NULL"),
    )
    op.create_index("ix_dialog_messages_received", "dialog_messages", ["received_at"], unique=False)
    op.create_index("uq_dialog_messages_source", "dialog_messages", ["dialog_id", "source_key"], unique=True)
    op.create_table(
        "telegram_waits",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("dialog_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dialog_id"], ["dialogs.id"], name="telegram_waits_dialog_id_fkey"),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="telegram_waits_bot_id_fkey"),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", "dialog_id", name="telegram_waits_pkey"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=True),
        sa.Column("content_type", sa.String(100), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("storage_key", sa.String(300), nullable=True),
        sa.Column("source_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["dialog_messages.id"], name="attachments_message_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="attachments_pkey"),
    )
    op.create_index("uq_attachments_part", "attachments", ["message_id", "ordinal"], unique=True)
    op.create_table(
        "telegram_copies",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_message_id", sa.BigInteger(), nullable=False),
        sa.Column("dialog_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dialog_id"], ["dialogs.id"], name="telegram_copies_dialog_id_fkey"),
        sa.ForeignKeyConstraint(["message_id"], ["dialog_messages.id"], name="telegram_copies_message_id_fkey"),
        sa.PrimaryKeyConstraint("chat_id", "telegram_message_id", name="telegram_copies_pkey"),
    )
    op.create_index("ix_telegram_copies_dialog_id", "telegram_copies", ["dialog_id"], unique=False)
    op.create_index("ix_telegram_copies_message_id", "telegram_copies", ["message_id"], unique=False)
    op.create_table(
        "message_sends",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dialog_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("avito_image_id", sa.String(200), nullable=True),
        sa.Column("avito_message_id", sa.String(120), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "claimed",
                "sent",
                "failed",
                name="send_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'pending'"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name="message_sends_attachment_id_fkey"),
        sa.ForeignKeyConstraint(["dialog_id"], ["dialogs.id"], name="message_sends_dialog_id_fkey"),
        sa.ForeignKeyConstraint(["message_id"], ["dialog_messages.id"], name="message_sends_message_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="message_sends_pkey"),
    )
    op.create_index(
        "ix_message_sends_open",
        "message_sends",
        ["dialog_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'claimed')"),
    )
    op.create_index("uq_message_sends_avito", "message_sends", ["dialog_id", "avito_message_id"], unique=True)
    op.create_index("uq_message_sends_part", "message_sends", ["message_id", "ordinal"], unique=True)
    op.add_column(
        "organisations", sa.Column("auto_reply_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "organisations",
        sa.Column(
            "auto_reply_mode",
            sa.Enum("always", "first", name="auto_reply_mode", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'always'"),
            nullable=False,
        ),
    )
    op.add_column(
        "organisations", sa.Column("auto_reply_always", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("organisations", sa.Column("auto_reply_start_time", sa.Time(), nullable=True))
    op.add_column("organisations", sa.Column("auto_reply_end_time", sa.Time(), nullable=True))
    op.add_column("organisations", sa.Column("auto_reply_timezone", sa.String(64), nullable=True))
    op.add_column("organisations", sa.Column("auto_reply_text", sa.String(), nullable=True))
    op.add_column(
        "organisations",
        sa.Column("auto_reply_delay_seconds", sa.Integer(), server_default=sa.text("75"), nullable=False),
    )
    op.add_column(
        "organisations",
        sa.Column(
            "auto_reply_windows",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.add_column(
        "organisations",
        sa.Column(
            "auto_reply_holidays",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.add_column(
        "organisations",
        sa.Column(
            "filter_keywords", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
    )
    op.add_column(
        "organisations", sa.Column("hide_system_messages", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column(
        "organisations",
        sa.Column(
            "mark_read",
            sa.Enum(
                "on_delivery",
                "on_answer",
                "never",
                name="mark_read",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'on_delivery'"),
            nullable=False,
        ),
    )
    op.add_column(
        "organisations", sa.Column("unanswered_minutes", sa.Integer(), server_default=sa.text("30"), nullable=True)
    )
    op.add_column(
        "organisations",
        sa.Column(
            "canned_replies", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("organisations", "canned_replies")
    op.drop_column("organisations", "unanswered_minutes")
    op.drop_column("organisations", "mark_read")
    op.drop_column("organisations", "hide_system_messages")
    op.drop_column("organisations", "filter_keywords")
    op.drop_column("organisations", "auto_reply_holidays")
    op.drop_column("organisations", "auto_reply_windows")
    op.drop_column("organisations", "auto_reply_delay_seconds")
    op.drop_column("organisations", "auto_reply_text")
    op.drop_column("organisations", "auto_reply_timezone")
    op.drop_column("organisations", "auto_reply_end_time")
    op.drop_column("organisations", "auto_reply_start_time")
    op.drop_column("organisations", "auto_reply_always")
    op.drop_column("organisations", "auto_reply_mode")
    op.drop_column("organisations", "auto_reply_enabled")
    op.drop_index("uq_message_sends_part", table_name="message_sends")
    op.drop_index("uq_message_sends_avito", table_name="message_sends")
    op.drop_index(
        "ix_message_sends_open",
        table_name="message_sends",
        postgresql_where=sa.text("status IN ('pending', 'claimed')"),
    )
    op.drop_table("message_sends")
    op.drop_index("ix_telegram_copies_message_id", table_name="telegram_copies")
    op.drop_index("ix_telegram_copies_dialog_id", table_name="telegram_copies")
    op.drop_table("telegram_copies")
    op.drop_index("uq_attachments_part", table_name="attachments")
    op.drop_table("attachments")
    op.drop_table("telegram_waits")
    op.drop_index("uq_dialog_messages_source", table_name="dialog_messages")
    op.drop_index("ix_dialog_messages_received", table_name="dialog_messages")
    op.drop_index(
        "ix_dialog_messages_open",
        table_name="dialog_messages",
        postgresql_where=sa.text("settled_at IS NULL OR reaction_wanted IS NOT NULL"),
    )
    op.drop_index("ix_dialog_messages_order", table_name="dialog_messages")
    op.drop_table("dialog_messages")
    op.drop_index("ix_dialog_former_topics_dialog_id", table_name="dialog_former_topics")
    op.drop_table("dialog_former_topics")
    op.drop_index("uq_dialogs_topic", table_name="dialogs")
    op.drop_index("uq_dialogs_chat", table_name="dialogs")
    op.drop_index(
        "ix_dialogs_search",
        table_name="dialogs",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index("ix_dialogs_list", table_name="dialogs")
    op.drop_table("dialogs")
    op.drop_index("ix_avito_hints_received", table_name="avito_hints")
    op.drop_table("avito_hints")
    op.drop_index("ix_telegram_updates_received", table_name="telegram_updates")
    op.drop_table("telegram_updates")
    op.drop_index("ix_bot_errands_open", table_name="bot_errands", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("bot_errands")
    op.drop_index(
        "uq_avito_accounts_client", table_name="avito_accounts", postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.drop_index("ix_avito_accounts_bot", table_name="avito_accounts")
    op.drop_table("avito_accounts")
    op.drop_table("telegram_groups")
    op.drop_index("uq_bots_token", table_name="bots", postgresql_where=sa.text("deleted_at IS NULL"))
    op.drop_index("ix_bots_organisation", table_name="bots")
    op.drop_index("ix_bots_group", table_name="bots")
    op.drop_table("bots")
    op.drop_table("telegram_logins")
    op.drop_table("login_links")
