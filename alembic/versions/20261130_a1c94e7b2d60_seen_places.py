"""Where staff worked and where clients registered and signed."""

import sqlalchemy as sa

from alembic import op

revision = "a1c94e7b2d60"
down_revision = "e3f7a09b5c18"
branch_labels = None
depends_on = None

ACTS = sa.Enum(
    "registered", "signed", "staff-came", name="place_act", native_enum=False, create_constraint=True, length=32
)


def upgrade() -> None:
    op.create_table(
        "seen_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("act", ACTS, nullable=True),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("browser", sa.LargeBinary(), nullable=True),
        sa.Column("user_agent", sa.String(length=500), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["manager_clients.id"]),
        sa.ForeignKeyConstraint(["manager_id"], ["manager_users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_seen_places_manager_id", "seen_places", ["manager_id"])
    op.create_index("ix_seen_places_client_id", "seen_places", ["client_id"])
    op.create_index("ix_seen_places_network", "seen_places", ["network", "last_seen_at"])
    op.create_index("ix_seen_places_browser", "seen_places", ["browser", "last_seen_at"])


def downgrade() -> None:
    op.drop_table("seen_places")
