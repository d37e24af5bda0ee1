"""Signatures: trace of the second version, openings of contracts, stamps, and what the API verifies by."""

import sqlalchemy as sa

from alembic import op

revision = "a5b81c0f94e2"
down_revision = "3f8a6c20d715"
branch_labels = None
depends_on = None

KEEP_SIGNED = """
CREATE OR REPLACE FUNCTION privet_keep_signed_contract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    after_signature CONSTANT text[] := ARRAY[
        'payment_confirmed_at', 'card_version', 'client_reminded_at', 'manager_reminded_at', 'unlocked_at',
        'wrong_tries'];
    once CONSTANT text[] := ARRAY[
        'signature_hmac', 'trace_stamp', 'trace_stamped_at', 'trace_stamped_by', 'certificate_key',
        'certificate_sha256', 'stamped_key', 'stamped_sha256', 'stamped_at', 'stamped_by'];
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed contract is kept for ever' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(OLD) - after_signature - once IS DISTINCT FROM to_jsonb(NEW) - after_signature - once THEN
        RAISE EXCEPTION 'what was signed does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    FOREACH name IN ARRAY once LOOP
        IF to_jsonb(OLD) ->> name IS NOT NULL AND to_jsonb(OLD) ->> name IS DISTINCT FROM to_jsonb(NEW) ->> name THEN
            RAISE EXCEPTION '% of a signed contract is written once', name
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""
"""A column that comes later is guarded as what was signed unless it is named here."""

KEEP_SIGNED_BEFORE = """
CREATE OR REPLACE FUNCTION privet_keep_signed_contract() RETURNS trigger LANGUAGE plpgsql AS $$
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

NEW = (
    ("trace", sa.LargeBinary()),
    ("trace_stamp", sa.LargeBinary()),
    ("trace_stamped_at", sa.DateTime(timezone=True)),
    ("trace_stamped_by", sa.String(200)),
    ("stamped_key", sa.String(300)),
    ("stamped_sha256", sa.String(64)),
    ("stamped_at", sa.DateTime(timezone=True)),
    ("stamped_by", sa.String(200)),
)


def upgrade() -> None:
    for name, kind in NEW:
        op.add_column("manager_contracts", sa.Column(name, kind, nullable=True))
    op.execute(KEEP_SIGNED)
    op.create_index(
        "ix_manager_contracts_unstamped",
        "manager_contracts",
        ["id"],
        postgresql_where=sa.text("certificate_key IS NOT NULL AND stamped_at IS NULL AND trace IS NOT NULL"),
    )
    op.create_table(
        "contract_openings",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ip", sa.String(64), nullable=True),
        sa.Column("user_agent", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["manager_contracts.id"], name="contract_openings_contract_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contract_id", "session_id", "sha256", name="contract_openings_pkey"),
    )
    op.create_table(
        "contract_verify_links",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["manager_contracts.id"], name="contract_verify_links_contract_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="contract_verify_links_pkey"),
    )
    op.create_index("ix_contract_verify_links_contract_id", "contract_verify_links", ["contract_id"])
    op.create_table(
        "seal_certificates",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name="seal_certificates_pkey"),
    )


def downgrade() -> None:
    op.drop_table("seal_certificates")
    op.drop_table("contract_verify_links")
    op.drop_table("contract_openings")
    op.execute(KEEP_SIGNED_BEFORE)
    op.drop_index("ix_manager_contracts_unstamped", table_name="manager_contracts")
    for name, _ in reversed(NEW):
        op.drop_column("manager_contracts", name)
