"""Sessions of the staff's browsers, and triggers that say on `privet_changes` which rows have changed.

A word is `{"kind", "org", "id"}`: ids only, because whoever may LISTEN reads it. PostgreSQL folds equal words of one
transaction into one, and says none of a transaction that was rolled back.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from alembic import op

revision = "e5b27a90c1d4"
down_revision = "c41d07e92ab5"
branch_labels = None
depends_on = None

TELL = """
CREATE FUNCTION privet_tell(kind text, organisation uuid, id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF organisation IS NOT NULL THEN
        PERFORM pg_notify('privet_changes', json_build_object('kind', kind, 'org', organisation, 'id', id)::text);
    END IF;
END $$
"""

TELL_OWN = """
CREATE FUNCTION privet_tell_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM privet_tell(TG_ARGV[0], NEW.organisation_id, NEW.id);
    RETURN NULL;
END $$
"""

TELL_ORGANISATION = """
CREATE FUNCTION privet_tell_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM privet_tell('organisation', NEW.id, NEW.id);
    RETURN NULL;
END $$
"""

TELL_CLIENT = """
CREATE FUNCTION privet_tell_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM privet_tell('client', c.organisation_id, c.id) FROM manager_clients c WHERE c.id = NEW.client_id;
    RETURN NULL;
END $$
"""

TELL_DIALOG = """
CREATE FUNCTION privet_tell_dialog() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM privet_tell('dialog', d.organisation_id, d.id) FROM dialogs d WHERE d.id = NEW.dialog_id;
    RETURN NULL;
END $$
"""

TELL_ATTACHMENT = """
CREATE FUNCTION privet_tell_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM privet_tell('dialog', d.organisation_id, d.id)
       FROM dialog_messages m JOIN dialogs d ON d.id = m.dialog_id WHERE m.id = NEW.message_id;
    RETURN NULL;
END $$
"""

FUNCTIONS = (TELL, TELL_OWN, TELL_ORGANISATION, TELL_CLIENT, TELL_DIALOG, TELL_ATTACHMENT)


class Told(NamedTuple):
    """What is said of a table: with `inserted` of new rows where that holds, and of those whose `seen` columns change.

    `seen` are the columns that an answer of the API shows, so that claims, paces and keys wake no screen.
    """

    table: str
    call: str
    inserted: str | None
    seen: Sequence[str]


TOLD = (
    Told(
        "manager_clients",
        "privet_tell_own('client')",
        "true",
        (
            "organisation_id", "status", "assigned_manager_id", "support_ticket_id", "contact_phone", "contact_email",
            "contact_name", "contact_address", "full_name", "card_version", "last_step_at", "updated_at",
        ),
    ),
    Told("audit_events", "privet_tell_client()", "true", ()),
    Told(
        "manager_contracts",
        "privet_tell_client()",
        "true",
        ("status", "file_key", "signed_at", "voided_at", "payment_confirmed_at", "certificate_key", "wrong_tries",
         "unlocked_at"),
    ),
    Told("manager_contract_codes", "privet_tell_client()", "true", ("tries_left", "used_at", "expires_at")),
    Told("manager_invoices", "privet_tell_client()", "true", ("status", "paid_at")),
    Told(
        "dialogs",
        "privet_tell_own('dialog')",
        "true",
        (
            "avito_account_id", "buyer_name", "item_title", "item_price", "item_url", "item_city", "title", "state",
            "muted_at", "telegram_chat_id", "telegram_topic_id", "last_message_at", "first_unanswered_at",
            "auto_reply_last_sent_at",
        ),
    ),
    Told(
        "dialog_messages",
        "privet_tell_dialog()",
        "NOT NEW.hidden",
        ("kind", "body_sealed", "status", "failure", "hidden", "deleted_at"),
    ),
    Told("attachments", "privet_tell_attachment()", None, ("storage_key",)),
    Told(
        "bots",
        "privet_tell_own('bot')",
        "true",
        ("username", "status", "status_reason", "group_chat_id", "topic_mode", "webhook_last_error", "deleted_at"),
    ),
    Told(
        "avito_accounts",
        "privet_tell_own('account')",
        "true",
        (
            "bot_id", "name", "api_client_id", "status", "status_reason", "monitoring_enabled", "webhook_enabled",
            "webhook_last_error", "deleted_at",
        ),
    ),
    Told(
        "manager_users",
        "privet_tell_own('staff')",
        "true",
        ("organisation_id", "email", "name", "role", "is_super_admin", "can_onboard", "disabled_at"),
    ),
)  # fmt: skip


def triggers() -> Iterator[str]:
    for table, call, inserted, seen in TOLD:
        if inserted:
            yield (
                f"CREATE TRIGGER {table}_tell_new AFTER INSERT ON {table} "
                f"FOR EACH ROW WHEN ({inserted}) EXECUTE FUNCTION {call}"
            )
        if seen:
            old, new = (", ".join(f"{row}.{column}" for column in seen) for row in ("OLD", "NEW"))
            yield (
                f"CREATE TRIGGER {table}_tell_changed AFTER UPDATE ON {table} "
                f"FOR EACH ROW WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION {call}"
            )
    yield (
        "CREATE TRIGGER organisations_tell_changed AFTER UPDATE ON organisations "
        "FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION privet_tell_organisation()"
    )


def upgrade() -> None:
    create_tables()
    for statement in (*FUNCTIONS, *triggers()):
        op.execute(statement)


def downgrade() -> None:
    for trigger in triggers():
        name, table = trigger.split()[2], trigger.split(" ON ")[1].split()[0]
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in (
        "privet_tell_attachment()",
        "privet_tell_dialog()",
        "privet_tell_client()",
        "privet_tell_organisation()",
        "privet_tell_own()",
        "privet_tell(text, uuid, uuid)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("manager_session_tokens")
    op.drop_table("manager_sessions")


def create_tables() -> None:
    op.create_table(
        "manager_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("ip", sa.String(64), nullable=True),
        sa.Column("user_agent", sa.String(500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager_users.id"], name="manager_sessions_manager_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="manager_sessions_pkey"),
    )
    op.create_index("ix_manager_sessions_manager_id", "manager_sessions", ["manager_id"])
    op.create_table(
        "manager_session_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["manager_sessions.id"],
            name="manager_session_tokens_session_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name="manager_session_tokens_pkey"),
    )
    op.create_index("ix_manager_session_tokens_session_id", "manager_session_tokens", ["session_id"])
