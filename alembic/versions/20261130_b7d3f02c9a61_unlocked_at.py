"""A contract's `unlocked_at`, which nothing writes, goes; the trigger that watched it is made anew."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision = "b7d3f02c9a61"
down_revision = "f1a83c6d27b9"
branch_labels = None
depends_on = None

TRIGGER = "manager_contracts_tell_changed"
SEEN = ("status", "file_key", "signed_at", "voided_at", "payment_confirmed_at", "certificate_key", "wrong_tries")


def watch(columns: Sequence[str]) -> None:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    op.execute(
        f"CREATE TRIGGER {TRIGGER} AFTER UPDATE ON manager_contracts "
        f"FOR EACH ROW WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION privet_tell_client()"
    )


def upgrade() -> None:
    op.execute(f"DROP TRIGGER {TRIGGER} ON manager_contracts")
    op.drop_column("manager_contracts", "unlocked_at")
    watch(SEEN)


def downgrade() -> None:
    op.execute(f"DROP TRIGGER {TRIGGER} ON manager_contracts")
    op.add_column("manager_contracts", sa.Column("unlocked_at", sa.DateTime(timezone=True), nullable=True))
    watch((*SEEN, "unlocked_at"))
