"""Confirmed phones and e-mail addresses of accounts, their codes, and sessions that have proven a phone.

`users` may be another product's table and may have columns of these names: such a column is taken as it is when our
values fit into it and it is empty by default, and is told otherwise, before this step changes anything. What is added is written
down in `privet_adoption`, so that the way back takes away no more.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic.util import CommandError

from alembic import op

revision = "7c1e5a93d046"
down_revision = "d20c7a5e91f3"
branch_labels = None
depends_on = None

BY = sa.Enum("sms", "telegram", name="phone_confirmed_by", native_enum=False, create_constraint=True, length=32)
KINDS = sa.Enum("phone", "email", name="confirmation_kind", native_enum=False, create_constraint=True, length=32)


def columns() -> list[sa.Column[object]]:
    """Of `users`; made anew for each use, because a column belongs to one table."""
    return [
        sa.Column("phone_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone_confirmed_by", BY, nullable=True),
        sa.Column("new_phone", sa.String(10), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_email", sa.String(254), nullable=True),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=True),
        sa.Column("telegram_linked_at", sa.DateTime(timezone=True), nullable=True),
    ]


UNIQUE = {
    "uq_users_email_confirmed": "(lower(email)) WHERE email_confirmed_at IS NOT NULL",
    "uq_users_telegram_user_id": "(telegram_user_id)",
}

TWICE = {
    "users.email (confirmed)": (
        "SELECT 1 FROM users WHERE email_confirmed_at IS NOT NULL AND email IS NOT NULL "
        "GROUP BY lower(email) HAVING count(*) > 1",
        {"email_confirmed_at"},
    ),
    "users.telegram_user_id": (
        "SELECT 1 FROM users WHERE telegram_user_id IS NOT NULL GROUP BY telegram_user_id HAVING count(*) > 1",
        {"telegram_user_id"},
    ),
}
"""Values of another product that would stand in a unique index twice, by the columns that must be there for it."""


def upgrade() -> None:
    here = {} if op.get_context().as_sql else found()
    for column in columns():
        if column.name not in here:
            op.add_column("users", column)
            note(column.name)
    for name, definition in UNIQUE.items():
        op.execute(f"CREATE UNIQUE INDEX {name} ON users {definition}")
    op.add_column("user_sessions", sa.Column("phone_proved_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_confirmations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="account_confirmations_user_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="account_confirmations_pkey"),
    )
    op.create_index("ix_account_confirmations_user", "account_confirmations", ["user_id", "kind", "sent_at"])
    op.create_index("ix_account_confirmations_address", "account_confirmations", ["address_index", "sent_at"])


def downgrade() -> None:
    if op.get_context().as_sql:
        raise CommandError("The way back depends on what was found here, so it cannot be written as SQL ahead of time.")
    op.drop_table("account_confirmations")
    op.drop_column("user_sessions", "phone_proved_at")
    for name in UNIQUE:
        op.drop_index(name, table_name="users")
    for name in noted():
        op.drop_column("users", name)


def found() -> set[str]:
    """The columns of these names that `users` has already; raises CommandError for what we cannot use."""
    here = {column["name"]: column for column in sa.inspect(op.get_bind()).get_columns("users")}
    taken = {column.name for column in columns()} & set(here)
    problems: list[str] = []
    for column in columns():
        old = here.get(column.name)
        if old is None:
            continue
        kinds = (sa.DateTime, sa.String, sa.BigInteger)
        same = any(isinstance(column.type, kind) and isinstance(old["type"], kind) for kind in kinds)
        if not same or isinstance(old["type"], sa.Enum):
            problems.append(f"users.{column.name} is of another type than {kind_of(column)}: rename the column")
        elif not old["nullable"] or old["default"]:
            problems.append(f"users.{column.name} is filled in every row, ours is empty at first: rename the column")
    problems += twice(taken)
    if problems:
        raise CommandError(
            "The accounts cannot be extended; this step changed nothing, repeat it afterwards:\n"
            + "\n".join(f"  - {line}" for line in problems)
        )
    return taken


def kind_of(column: sa.Column[object]) -> str:
    return str(column.type.compile(dialect=op.get_bind().dialect)).lower()


def twice(taken: set[str]) -> Iterator[str]:
    for name, (query, needed) in TWICE.items():
        if needed <= taken and op.get_bind().execute(sa.text(query)).first():
            yield f"{name}: a value stands in more than one row: merge these rows"


def notes() -> sa.TableClause:
    names = (sa.column("kind", sa.String()), sa.column("table_name", sa.String()), sa.column("name", sa.String()))
    return sa.table("privet_adoption", *names)


def note(name: str) -> None:
    op.execute(notes().insert().values(kind="column", table_name="users", name=name))


def noted() -> list[str]:
    """The columns that `upgrade` added; forgets them, so that the first migration does not drop them again."""
    kept, names = notes(), [column.name for column in columns()]
    ours = sa.and_(kept.c.kind == "column", kept.c.table_name == "users", kept.c.name.in_(names))
    found = op.get_bind().execute(sa.delete(kept).where(ours).returning(kept.c.name)).scalars().all()
    return [str(name) for name in found]
