"""People and their support chats: four tables, made here or adopted from a database that has them already.

An adopted table keeps its rows as they are: columns are added as nullable, indexes where they are missing, and what
would stop our own inserts is loosened. Each of these is written down in `privet_adoption`, so that the way back takes
away no more. Whatever cannot be adopted is told, all of it at once, before the first change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.engine.reflection import Inspector

from alembic import op

revision = "5d20c6b8f1ae"
down_revision = None
branch_labels = None
depends_on = None

MADE_LATER = (
    "access_events", "audit_events", "drafts", "manager_client_tariffs", "manager_clients", "manager_contract_codes",
    "manager_contract_counters", "manager_contracts", "manager_device_photos", "manager_devices", "manager_invoices",
    "manager_support_messages", "manager_support_threads", "manager_tariffs", "manager_users", "organisations",
    "pep_agreements", "rate_buckets", "upload_tickets", "user_session_tokens", "user_sessions", "users_passports",
)  # fmt: skip
"""Names that the next revision takes; seen to here, because a refusal leaves the database as it was."""

FILLINGS = (
    (sa.DateTime, "now()"),
    (sa.Date, "CURRENT_DATE"),
    (sa.Boolean, "false"),
    (sa.Numeric, "0"),
    (sa.Integer, "0"),
    (sa.Enum, None),
    (sa.String, "''"),
    (sa.JSON, "'{}'"),
)
"""What stands in a required column that we do not know, in rows that we insert; the first type that fits counts."""


def tables() -> list[sa.Table]:
    """As this revision makes them; a table stands after those that it refers to."""
    metadata = sa.MetaData()
    now = sa.text("now()")
    return [
        sa.Table(
            "users",
            metadata,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("phone", sa.String(32)),
            sa.Column("email", sa.String(254)),
            sa.Column("name", sa.String(200)),
            sa.Column("address", sa.String(500)),
            sa.Column("password_hash", sa.String(255)),
            sa.Column("has_subscription", sa.Boolean(), server_default=sa.text("false")),
            sa.Column("blocked_at", sa.DateTime(timezone=True)),
            sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
            sa.PrimaryKeyConstraint("id", name="users_pkey"),
            sa.Index("uq_users_phone", "phone", unique=True),
        ),
        sa.Table(
            "devices",
            metadata,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", name="devices_user_id_fkey"), nullable=False),
            sa.Column("title", sa.String(200)),
            sa.Column("brand", sa.String(200)),
            sa.Column("model", sa.String(200)),
            sa.Column("serial_number", sa.String(200)),
            sa.Column("purchase_date", sa.Date()),
            sa.Column("warranty_until", sa.Date()),
            sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
            sa.PrimaryKeyConstraint("id", name="devices_pkey"),
            sa.Index("ix_devices_user_id", "user_id"),
        ),
        sa.Table(
            "support_tickets",
            metadata,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column(
                "user_id", sa.Uuid(), sa.ForeignKey("users.id", name="support_tickets_user_id_fkey"), nullable=False
            ),
            sa.Column("subject", sa.String(300), nullable=False),
            sa.Column("status", sa.String(32), nullable=False),
            sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
            sa.PrimaryKeyConstraint("id", name="support_tickets_pkey"),
            sa.Index("ix_support_tickets_user_id", "user_id"),
        ),
        sa.Table(
            "support_messages",
            metadata,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column(
                "ticket_id",
                sa.Uuid(),
                sa.ForeignKey("support_tickets.id", name="support_messages_ticket_id_fkey"),
                nullable=False,
            ),
            sa.Column("author", sa.String(32), nullable=False),
            sa.Column("body", sa.String()),
            sa.Column("body_sealed", sa.LargeBinary()),
            sa.Column("file_key", sa.String(300)),
            sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
            sa.PrimaryKeyConstraint("id", name="support_messages_pkey"),
            sa.Index("ix_support_messages_ticket", "ticket_id", "created_at", "id"),
        ),
    ]


def upgrade() -> None:
    adopted = {} if op.get_context().as_sql else find_adopted()
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    if not op.get_context().as_sql:
        refuse_deaf_database()
    op.create_table(
        "privet_adoption",
        sa.Column("step", sa.Integer(), sa.Identity(always=True), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("table_name", sa.String(63), nullable=False),
        sa.Column("name", sa.String(63), nullable=False),
        comment="What the first migration did to tables that it found; read by its downgrade",
    )
    for table in tables():
        if table.name in adopted:
            adopt(table, adopted[table.name])
        else:
            table.create(op.get_bind())


def downgrade() -> None:
    """pg_trgm stays: by now others may use it."""
    if op.get_context().as_sql:
        raise CommandError("The way back depends on what was found here, so it cannot be written as SQL ahead of time.")
    done = op.get_bind().execute(sa.text("SELECT kind, table_name, name FROM privet_adoption ORDER BY step DESC")).all()
    kept = {row.table_name for row in done if row.kind == "table"}
    for table in reversed(tables()):
        if table.name not in kept:
            op.drop_table(table.name)
    for kind, table_name, name in done:
        undo(kind, table_name, name)
    op.drop_table("privet_adoption")


def undo(kind: str, table: str, name: str) -> None:
    match kind:
        case "column":
            op.drop_column(table, name)
        case "index":
            op.drop_index(name, table_name=table, if_exists=True)
        case "default":
            op.alter_column(table, name, server_default=None)
        case "optional":
            # Rows that we added in the meantime may have no value; then it stays optional.
            column = sa.table(table, sa.column(name)).c[name]
            if not op.get_bind().scalar(sa.select(sa.exists().where(column.is_(None)))):
                op.alter_column(table, name, nullable=False)


@dataclass(frozen=True)
class Found:
    """A table that was here before us."""

    columns: dict[str, ReflectedColumn]
    unique: list[list[str]]
    indexed: list[list[str]]
    tied: set[str]
    """Columns whose value must differ between rows or exist in another table."""

    @classmethod
    def read(cls, inspector: Inspector, name: str) -> "Found":
        plain = [
            index
            for index in inspector.get_indexes(name)
            if not index.get("dialect_options", {}).get("postgresql_where")
        ]
        named = [[column or "" for column in index["column_names"]] for index in plain]
        unique = [columns for columns, index in zip(named, plain, strict=True) if index["unique"]]
        key = list(inspector.get_pk_constraint(name)["constrained_columns"])
        foreign = [column for one in inspector.get_foreign_keys(name) for column in one["constrained_columns"]]
        every = [column for index in inspector.get_indexes(name) if index["unique"] for column in index["column_names"]]
        return cls(
            columns={column["name"]: column for column in inspector.get_columns(name)},
            unique=[key, *unique],
            indexed=[key, *named],
            tied={*key, *foreign, *(column for column in every if column)},
        )

    def has_index(self, index: sa.Index) -> bool:
        return [column.name for column in index.columns] in (self.unique if index.unique else self.indexed)

    def required_strangers(self, table: sa.Table) -> list[ReflectedColumn]:
        """Columns that every row needs and that we know nothing of."""
        return [
            column
            for name, column in self.columns.items()
            if name not in table.columns
            and not (column["nullable"] or column["default"] or column.get("identity") or column.get("computed"))
        ]


def find_adopted() -> dict[str, Found]:
    inspector = sa.inspect(op.get_bind())
    here = set(inspector.get_table_names())
    adopted = {table.name: Found.read(inspector, table.name) for table in tables() if table.name in here}
    taken = [
        f"table {name} is here already and is not ours: rename it or use another database"
        for name in MADE_LATER
        if name in here
    ]
    problems = [
        *taken,
        *(line for table in tables() if table.name in adopted for line in obstacles(table, adopted[table.name])),
    ]
    if problems:
        raise CommandError(
            "This database cannot be adopted; nothing was changed:\n" + "\n".join(f"  - {line}" for line in problems)
        )
    return adopted


def obstacles(table: sa.Table, found: Found) -> Iterator[str]:
    """Why this table cannot be adopted, and what to do about it."""
    key = found.columns.get("id")
    if key is None or not isinstance(key["type"], sa.Uuid):
        kind = "missing" if key is None else f"of type {spelling(key['type'])}"
        yield (
            f"{table.name}.id is {kind}, uuid is needed: clients of both products share these ids. Convert the ids "
            "of users, devices, support_tickets and support_messages to uuid there first, or use another database"
        )
    elif ["id"] not in found.unique:
        yield f"{table.name}.id is not unique: make it the primary key"
    for column in table.columns:
        old = found.columns.get(column.name)
        if old is not None and column.name != "id" and not fits(old["type"], column.type):
            kinds = f"of type {spelling(old['type'])}, {spelling(column.type)} is needed"
            yield f"{table.name}.{column.name} is {kinds}: convert or rename the column"
    for stranger in found.required_strangers(table):
        if stranger["name"] in found.tied or filling(stranger) is None:
            name = f"{table.name}.{stranger['name']}"
            yield f"{name} is required and we do not know it: give it a default or make it nullable"
    for index in table.indexes:
        if index.unique and not found.has_index(index) and (twice := duplicates(table, index, found)):
            name = f"{table.name}.{index.columns.keys()[0]}"
            yield f"{name}: {twice} values stand in more than one row: merge these rows"


def fits(old: sa.types.TypeEngine[object], ours: sa.types.TypeEngine[object]) -> bool:
    """Whether our values can be written and read as they are, in a narrower or wider column of the same kind."""
    if isinstance(old, sa.Enum):
        return False
    kinds = (sa.Uuid, sa.String, sa.Boolean, sa.LargeBinary, sa.DateTime, sa.Date)
    return any(isinstance(ours, kind) and isinstance(old, kind) for kind in kinds)


def spelling(kind: sa.types.TypeEngine[object]) -> str:
    return str(kind.compile(dialect=op.get_bind().dialect)).lower()


def filling(column: ReflectedColumn) -> str | None:
    return next((value for kind, value in FILLINGS if isinstance(column["type"], kind)), None)


def duplicates(table: sa.Table, index: sa.Index, found: Found) -> int:
    names = [column.name for column in index.columns]
    if not set(names) <= set(found.columns):
        return 0
    columns: list[sa.ColumnClause[object]] = [sa.column(name) for name in names]
    twice = sa.select(*columns).select_from(sa.table(table.name)).where(*(column.is_not(None) for column in columns))
    groups = twice.group_by(*columns).having(sa.func.count() > 1).subquery()
    return int(op.get_bind().scalar(sa.select(sa.func.count()).select_from(groups)) or 0)


def adopt(table: sa.Table, found: Found) -> None:
    note("table", table.name, table.name)
    for column in table.columns:
        old = found.columns.get(column.name)
        if old is None:
            add_column(table, column)
        elif column.nullable and not old["nullable"]:
            op.alter_column(table.name, column.name, nullable=True)
            note("optional", table.name, column.name)
        elif not column.nullable and column.server_default is not None and not old["default"]:
            give_default(table.name, column.name, "now()")
    for stranger in found.required_strangers(table):
        give_default(table.name, stranger["name"], filling(stranger) or "")
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if not found.has_index(index):
            index.create(op.get_bind())
            note("index", table.name, str(index.name))


def add_column(table: sa.Table, column: sa.Column[object]) -> None:
    """Without a default at first, so that old rows get no value that nobody gave them."""
    references = [sa.ForeignKey(key.target_fullname, name=key.name) for key in column.foreign_keys]
    op.add_column(table.name, sa.Column(column.name, column.type, *references, nullable=True))
    note("column", table.name, column.name)
    if isinstance(column.server_default, sa.DefaultClause):
        op.alter_column(table.name, column.name, server_default=sa.text(str(column.server_default.arg)))


def give_default(table: str, column: str, value: str) -> None:
    op.alter_column(table, column, server_default=sa.text(value))
    note("default", table, column)


def note(kind: str, table: str, name: str) -> None:
    row = sa.table("privet_adoption", sa.column("kind"), sa.column("table_name"), sa.column("name"))
    op.execute(row.insert().values(kind=kind, table_name=table, name=name))


def refuse_deaf_database() -> None:
    """Under LC_CTYPE=C no Cyrillic letter is a letter: lists would be searched in vain."""
    if not op.get_bind().scalar(sa.text("SELECT lower('Ё') = 'ё' AND cardinality(show_trgm('Ё')) > 0")):
        raise CommandError(
            "The database does not know Russian letters; create it with: ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'"
        )
