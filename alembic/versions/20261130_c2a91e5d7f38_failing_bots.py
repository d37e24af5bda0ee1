"""Since when a bot cannot serve its group, and when it is asked again; a page hears when that begins and ends."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision = "c2a91e5d7f38"
down_revision = "2d6f8a41c7e3"
branch_labels = None
depends_on = None

TRIGGER = "bots_tell_changed"
SEEN = ("username", "status", "status_reason", "group_chat_id", "topic_mode", "webhook_last_error", "deleted_at")


def watch(columns: Sequence[str]) -> None:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    op.execute(
        f"CREATE TRIGGER {TRIGGER} AFTER UPDATE ON bots "
        f"FOR EACH ROW WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION privet_tell_own('bot')"
    )


def upgrade() -> None:
    op.add_column("bots", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bots", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"DROP TRIGGER {TRIGGER} ON bots")
    watch((*SEEN, "failing_since"))


def downgrade() -> None:
    op.execute(f"DROP TRIGGER {TRIGGER} ON bots")
    op.drop_column("bots", "retry_at")
    op.drop_column("bots", "failing_since")
    watch(SEEN)
