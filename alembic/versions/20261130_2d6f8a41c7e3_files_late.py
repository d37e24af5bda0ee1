"""Files of messages: tries of each, when one that is late is asked for again, and since when one is missing."""

import sqlalchemy as sa

from alembic import op

revision = "2d6f8a41c7e3"
down_revision = "b7d3f02c9a61"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dialog_messages", sa.Column("file_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attachments", sa.Column("fetch_tries", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("attachments", sa.Column("missing_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("attachments", "missing_at")
    op.drop_column("attachments", "fetch_tries")
    op.drop_column("dialog_messages", "file_due_at")
