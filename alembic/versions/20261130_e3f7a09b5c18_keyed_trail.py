"""Events are keyed and numbered, heads have a MAC, breaks of chains are kept; reads of a card are append-only."""

import sqlalchemy as sa

from alembic import op

revision = "e3f7a09b5c18"
down_revision = "a5b81c0f94e2"
branch_labels = None
depends_on = None

KEEP_KEYED = """
CREATE FUNCTION privet_keep_keyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM manager_clients c WHERE c.id = NEW.client_id AND c.events_mac IS NOT NULL) THEN
        RAISE EXCEPTION 'the events of this client are keyed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
"""A process of the earlier release tries again until it is replaced; it must not write into a keyed chain."""

BREAKS = sa.Enum(
    *("content", "order", "unkeyed", "unknown-key", "head", "head-mac", "head-unkeyed", "contract"),
    name="trail_break_kind",
    native_enum=False,
    create_constraint=True,
    length=32,
)

TRIGGERS = {
    "audit_events_keyed": (
        "audit_events",
        "BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.key_id IS NULL)",
        "privet_keep_keyed",
    ),
    **{
        f"{table}_{name}": (table, f"{when.format(table=table)} FOR EACH {row}", "privet_append_only")
        for table in ("access_events", "trail_breaks")
        for name, when, row in (
            ("append_only", "BEFORE UPDATE OR DELETE ON {table}", "ROW"),
            ("not_emptied", "BEFORE TRUNCATE ON {table}", "STATEMENT"),
        )
    },
}


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("ordinal", sa.Integer(), nullable=True))
    op.add_column("audit_events", sa.Column("key_id", sa.String(length=32), nullable=True))
    op.create_index("uq_audit_events_ordinal", "audit_events", ["client_id", "ordinal"], unique=True)
    op.add_column(
        "manager_clients", sa.Column("events_count", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("manager_clients", sa.Column("events_mac", sa.LargeBinary(), nullable=True))
    op.add_column("manager_clients", sa.Column("events_key_id", sa.String(length=32), nullable=True))
    op.create_table(
        "trail_breaks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", BREAKS, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trail_breaks_client", "trail_breaks", ["client_id"])
    op.execute(KEEP_KEYED)
    for name, (_, when, function) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()")
    for name, (table, _, _) in TRIGGERS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    for name, (table, _, _) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION privet_keep_keyed()")
    op.drop_table("trail_breaks")
    for column in ("events_key_id", "events_mac", "events_count"):
        op.drop_column("manager_clients", column)
    op.drop_index("uq_audit_events_ordinal", "audit_events")
    op.drop_column("audit_events", "key_id")
    op.drop_column("audit_events", "ordinal")
