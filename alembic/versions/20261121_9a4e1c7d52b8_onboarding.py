"""Onboarding: staff, clients and their papers, the first organisation, and the guards of the trail."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "9a4e1c7d52b8"
down_revision = "5d20c6b8f1ae"
branch_labels = None
depends_on = None

FIRST_ORGANISATION = "00000000-0000-4000-8000-000000000001"

TARIFFS = (
    (
        "00000000-0000-4000-8000-000000000101",
        "Бесплатный",
        0,
        0,
        "Без абонентской и дополнительной платы: знакомство с сервисом.",
    ),
    (
        "00000000-0000-4000-8000-000000000102",
        "Базовый",
        99_000,
        100_000,
        "990 ₽ в месяц; 1000 ₽ за каждое устройство при подключении.",
    ),
    (
        "00000000-0000-4000-8000-000000000103",
        "Семейный",
        199_000,
        80_000,
        "1990 ₽ в месяц; 800 ₽ за каждое устройство при подключении, выгодно для нескольких устройств.",
    ),
)
"""Id, name, monthly fee and fee per device in kopecks, what the manager reads beside it."""

APPEND_ONLY = """
CREATE FUNCTION privet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

KEEP_SIGNED = """
CREATE FUNCTION privet_keep_signed_contract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    after_signature CONSTANT text[] := ARRAY[
        'certificate_key', 'certificate_sha256', 'payment_confirmed_at', 'card_version',
        'client_reminded_at', 'manager_reminded_at', 'unlocked_at', 'wrong_tries'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed contract is kept for ever' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(OLD) - after_signature IS DISTINCT FROM to_jsonb(NEW) - after_signature THEN
        RAISE EXCEPTION 'what was signed does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
"""Certificate and payment come after the signature; a column that comes later is guarded unless it is named here."""

TRIGGERS = (
    "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events "
    "FOR EACH ROW EXECUTE FUNCTION privet_append_only()",
    "CREATE TRIGGER audit_events_not_emptied BEFORE TRUNCATE ON audit_events "
    "FOR EACH STATEMENT EXECUTE FUNCTION privet_append_only()",
    "CREATE TRIGGER manager_contracts_keep_signed BEFORE UPDATE OR DELETE ON manager_contracts "
    "FOR EACH ROW WHEN (OLD.status = 'signed') EXECUTE FUNCTION privet_keep_signed_contract()",
    "CREATE TRIGGER manager_contracts_not_emptied BEFORE TRUNCATE ON manager_contracts "
    "FOR EACH STATEMENT EXECUTE FUNCTION privet_append_only()",
)


def upgrade() -> None:
    create_tables()
    op.execute(APPEND_ONLY)
    op.execute(KEEP_SIGNED)
    for trigger in TRIGGERS:
        op.execute(trigger)
    found_the_first_organisation()


def downgrade() -> None:
    op.drop_table("manager_device_photos")
    op.drop_table("manager_support_messages")
    op.drop_table("manager_invoices")
    op.drop_table("manager_devices")
    op.drop_table("manager_contract_codes")
    op.drop_table("manager_support_threads")
    op.drop_table("manager_contracts")
    op.drop_table("manager_client_tariffs")
    op.drop_table("audit_events")
    op.drop_table("access_events")
    op.drop_table("user_session_tokens")
    op.drop_table("pep_agreements")
    op.drop_table("manager_clients")
    op.drop_table("users_passports")
    op.drop_table("user_sessions")
    op.drop_table("manager_users")
    op.drop_table("manager_tariffs")
    op.drop_table("upload_tickets")
    op.drop_table("rate_buckets")
    op.drop_table("organisations")
    op.drop_table("manager_contract_counters")
    op.drop_table("drafts")
    op.execute("DROP FUNCTION privet_keep_signed_contract")
    op.execute("DROP FUNCTION privet_append_only")


def found_the_first_organisation() -> None:
    organisations = sa.table("organisations", sa.column("id", sa.Uuid(as_uuid=False)), sa.column("name", sa.String()))
    op.bulk_insert(organisations, [{"id": FIRST_ORGANISATION, "name": "Привет"}])
    tariffs = sa.table(
        "manager_tariffs",
        sa.column("organisation_id", sa.Uuid(as_uuid=False)),
        sa.column("id", sa.Uuid(as_uuid=False)),
        sa.column("name", sa.String()),
        sa.column("base_fee", sa.BigInteger()),
        sa.column("extra_per_device", sa.BigInteger()),
        sa.column("notes", sa.String()),
    )
    names = [column.name for column in tariffs.columns]
    op.bulk_insert(tariffs, [dict(zip(names, (FIRST_ORGANISATION, *row), strict=True)) for row in TARIFFS])


def one_of(name: str, *values: str) -> sa.Enum:
    """A closed set: text with a CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def create_tables() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller", sa.String(80), nullable=False),
        sa.Column("route", sa.String(160), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", postgresql.JSONB(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="drafts_pkey"),
    )
    op.create_index("ix_drafts_created", "drafts", ["created_at"])
    op.create_index("uq_drafts_key", "drafts", ["caller", "route", "key"], unique=True)

    op.create_table(
        "manager_contract_counters",
        sa.Column("prefix", sa.String(4), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "day", name="manager_contract_counters_pkey"),
    )

    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="organisations_pkey"),
    )

    op.create_table(
        "rate_buckets",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name="rate_buckets_pkey"),
    )

    op.create_table(
        "upload_tickets",
        sa.Column("file_key", sa.String(300), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("file_key", name="upload_tickets_pkey"),
    )

    op.create_table(
        "manager_tariffs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("base_fee", sa.BigInteger(), nullable=False),
        sa.Column("extra_per_device", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.String(1000), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("base_fee >= 0 AND extra_per_device >= 0", name="ck_manager_tariffs_fees"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="manager_tariffs_organisation_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="manager_tariffs_pkey"),
    )

    op.create_table(
        "manager_users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=True),
        sa.Column("role", one_of("manager_role", "owner", "manager"), nullable=False),
        sa.Column("is_super_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("can_onboard", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="manager_users_organisation_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="manager_users_pkey"),
        sa.UniqueConstraint("telegram_user_id", name="manager_users_telegram_user_id_key"),
    )
    op.create_index("ix_manager_users_organisation_id", "manager_users", ["organisation_id"])
    op.create_index("uq_manager_users_email", "manager_users", [sa.literal_column("lower(email)")], unique=True)

    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("ip", sa.String(64), nullable=True),
        sa.Column("user_agent", sa.String(500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="user_sessions_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="user_sessions_pkey"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])

    op.create_table(
        "users_passports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=True),
        sa.Column("complete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("photo_key", sa.String(300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="users_passports_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="users_passports_pkey"),
        sa.UniqueConstraint("number_index", name="users_passports_number_index_key"),
        sa.UniqueConstraint("user_id", name="users_passports_user_id_key"),
    )

    op.create_table(
        "manager_clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            one_of("client_status", "new", "in_verification", "awaiting_contract", "awaiting_payment", "processed"),
            nullable=False,
        ),
        sa.Column("assigned_manager_id", sa.Uuid(), nullable=True),
        sa.Column("support_ticket_id", sa.Uuid(), nullable=True),
        sa.Column("contact_phone", sa.String(10), nullable=True),
        sa.Column("contact_email", sa.String(254), nullable=True),
        sa.Column("contact_name", sa.String(200), nullable=True),
        sa.Column("contact_address", sa.String(500), nullable=True),
        sa.Column("full_name", sa.String(310), nullable=True),
        sa.Column("search_text", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("card_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("events_head", sa.LargeBinary(), nullable=True),
        sa.Column("workflow_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_manager_id"], ["manager_users.id"], name="manager_clients_assigned_manager_id_fkey"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="manager_clients_organisation_id_fkey"),
        sa.ForeignKeyConstraint(
            ["support_ticket_id"], ["support_tickets.id"], name="manager_clients_support_ticket_id_fkey"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="manager_clients_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="manager_clients_pkey"),
        sa.UniqueConstraint("user_id", name="manager_clients_user_id_key"),
    )
    op.create_index("ix_manager_clients_held", "manager_clients", ["assigned_manager_id", "status"])
    op.create_index("ix_manager_clients_list", "manager_clients", ["organisation_id", "created_at", "id"])
    op.create_index(
        "ix_manager_clients_search",
        "manager_clients",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )

    op.create_table(
        "pep_agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", one_of("agreed_by", "registration", "client_app", "signing", "manager"), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ip", sa.String(64), nullable=True),
        sa.Column("user_agent", sa.String(500), nullable=True),
        sa.Column("attested_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["attested_by_id"], ["manager_users.id"], name="pep_agreements_attested_by_id_fkey"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="pep_agreements_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="pep_agreements_pkey"),
    )
    op.create_index("ix_pep_agreements_user_id", "pep_agreements", ["user_id"])

    op.create_table(
        "user_session_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_sessions.id"], name="user_session_tokens_session_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name="user_session_tokens_pkey"),
    )
    op.create_index("ix_user_session_tokens_session_id", "user_session_tokens", ["session_id"])

    op.create_table(
        "access_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="access_events_client_id_fkey"),
        sa.ForeignKeyConstraint(["manager_id"], ["manager_users.id"], name="access_events_manager_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="access_events_pkey"),
    )
    op.create_index("ix_access_events_client", "access_events", ["client_id", "at"])

    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_kind", one_of("event_actor_kind", "manager", "client", "system"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(64), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="audit_events_client_id_fkey"),
        sa.PrimaryKeyConstraint("seq", name="audit_events_pkey"),
        sa.UniqueConstraint("id", name="audit_events_id_key"),
    )
    op.create_index("ix_audit_events_client", "audit_events", ["client_id", "seq"])

    op.create_table(
        "manager_client_tariffs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("tariff_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("base_fee", sa.BigInteger(), nullable=False),
        sa.Column("extra_per_device", sa.BigInteger(), nullable=False),
        sa.Column("device_count", sa.Integer(), nullable=False),
        sa.Column("total_extra_fee", sa.BigInteger(), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="manager_client_tariffs_client_id_fkey"),
        sa.ForeignKeyConstraint(["tariff_id"], ["manager_tariffs.id"], name="manager_client_tariffs_tariff_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="manager_client_tariffs_pkey"),
        sa.UniqueConstraint("client_id", name="manager_client_tariffs_client_id_key"),
    )

    op.create_table(
        "manager_contracts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("amendment_of_id", sa.Uuid(), nullable=True),
        sa.Column("status", one_of("contract_status", "draft", "sent", "signed", "void", "declined"), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("total_fee", sa.BigInteger(), nullable=False),
        sa.Column("file_key", sa.String(300), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("offer_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manager_reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unlocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signature_hash", sa.String(64), nullable=True),
        sa.Column("signature_hmac", sa.String(160), nullable=True),
        sa.Column("pep_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreement_version", sa.String(64), nullable=True),
        sa.Column("agreement_sha256", sa.String(64), nullable=True),
        sa.Column("attested_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirm_channel", one_of("confirm_channel", "client_app", "manager_device"), nullable=True),
        sa.Column("signed_ip", sa.String(64), nullable=True),
        sa.Column("signed_user_agent", sa.String(500), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_ip", sa.String(64), nullable=True),
        sa.Column("entered_by_user_agent", sa.String(500), nullable=True),
        sa.Column("payment_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_key", sa.String(300), nullable=True),
        sa.Column("certificate_sha256", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment_of_id"], ["manager_contracts.id"], name="manager_contracts_amendment_of_id_fkey"
        ),
        sa.ForeignKeyConstraint(["attested_by_id"], ["manager_users.id"], name="manager_contracts_attested_by_id_fkey"),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="manager_contracts_client_id_fkey"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["manager_users.id"], name="manager_contracts_entered_by_id_fkey"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="manager_contracts_organisation_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="manager_contracts_pkey"),
        sa.UniqueConstraint("number", name="manager_contracts_number_key"),
    )
    op.create_index("ix_manager_contracts_client_id", "manager_contracts", ["client_id"])
    op.create_index(
        "uq_manager_contracts_open",
        "manager_contracts",
        ["client_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'sent')"),
    )
    op.create_index("uq_manager_contracts_version", "manager_contracts", ["client_id", "version"], unique=True)

    op.create_table(
        "manager_support_threads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="manager_support_threads_client_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="manager_support_threads_pkey"),
        sa.UniqueConstraint("client_id", name="manager_support_threads_client_id_key"),
    )

    op.create_table(
        "manager_contract_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expiry_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="manager_contract_codes_client_id_fkey"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["manager_contracts.id"], name="manager_contract_codes_contract_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="manager_contract_codes_pkey"),
    )
    op.create_index("ix_manager_contract_codes_client_id", "manager_contract_codes", ["client_id"])
    op.create_index("ix_manager_contract_codes_contract_id", "manager_contract_codes", ["contract_id"])

    op.create_table(
        "manager_devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("device_type", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.String(4000), nullable=True),
        sa.Column("specs", postgresql.JSONB(), nullable=True),
        sa.Column("extra_fee", sa.BigInteger(), nullable=True),
        sa.Column("covered_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("extra_fee >= 0", name="ck_manager_devices_extra_fee"),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="manager_devices_client_id_fkey"),
        sa.ForeignKeyConstraint(["covered_by_id"], ["manager_contracts.id"], name="manager_devices_covered_by_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="manager_devices_pkey"),
    )
    op.create_index("ix_manager_devices_client_id", "manager_devices", ["client_id"])

    op.create_table(
        "manager_invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("contract_number", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("status", one_of("invoice_status", "pending", "paid", "overdue", "canceled"), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_manager_invoices_amount"),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"], name="manager_invoices_client_id_fkey"),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["manager_users.id"], name="manager_invoices_confirmed_by_id_fkey"
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["manager_contracts.id"], name="manager_invoices_contract_id_fkey"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="manager_invoices_organisation_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="manager_invoices_pkey"),
    )
    op.create_index("ix_manager_invoices_client_id", "manager_invoices", ["client_id"])

    op.create_table(
        "manager_support_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["manager_users.id"], name="manager_support_messages_manager_id_fkey"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["manager_support_threads.id"], name="manager_support_messages_thread_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="manager_support_messages_pkey"),
    )
    op.create_index("ix_manager_support_messages_thread_id", "manager_support_messages", ["thread_id"])

    op.create_table(
        "manager_device_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("file_key", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["manager_devices.id"], name="manager_device_photos_device_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="manager_device_photos_pkey"),
    )
    op.create_index("ix_manager_device_photos_device_id", "manager_device_photos", ["device_id"])
