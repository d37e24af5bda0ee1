"""Kinds of sessions of the staff, a word at the end of a session, and which manager wrote a message to a client."""

import sqlalchemy as sa

from alembic import op

revision = "c4e81f0a27d9"
down_revision = "c2a91e5d7f38"
branch_labels = None
depends_on = None

KINDS = sa.Enum(
    "browser", "token", "codec", name="manager_session_kind", native_enum=False, create_constraint=True, length=32
)

TELL_SESSION = """
CREATE FUNCTION privet_tell_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM privet_tell('session', m.organisation_id, OLD.id) FROM manager_users m WHERE m.id = OLD.manager_id;
    RETURN NULL;
END $$
"""

TRIGGERS = {
    "manager_sessions_tell_ended": "AFTER UPDATE ON manager_sessions FOR EACH ROW "
    "WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)",
    "manager_sessions_tell_deleted": "AFTER DELETE ON manager_sessions FOR EACH ROW "
    "WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > now())",
}


def upgrade() -> None:
    op.add_column("manager_sessions", sa.Column("kind", KINDS, server_default=sa.text("'browser'"), nullable=False))
    op.execute(TELL_SESSION)
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION privet_tell_session()")
    op.add_column("support_messages", sa.Column("author_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "support_messages_author_id_fkey", "support_messages", "manager_users", ["author_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("support_messages", "author_id")
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON manager_sessions")
    op.execute("DROP FUNCTION privet_tell_session()")
    # Sessions without a refresh token: the earlier release would show them as browsers.
    op.execute("DELETE FROM manager_sessions WHERE kind <> 'browser'")
    op.drop_column("manager_sessions", "kind")
