"""Privileges of the application's role in a database whose tables belong to another role (ADR 0027).

Given again after every migration, by the role that migrated; a repeat changes nothing. Tables of other products in the
same database are left alone.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

APPEND_ONLY: Final = (
    *("access_events", "audit_events", "trail_breaks"),
    *("anchors", "anchor_stamps", "anchor_checks", "anchor_findings"),
)
"""Tables of which the application may read and add rows, and nothing else."""

KEPT: Final[dict[str, tuple[str, ...]]] = {
    "contract_openings": ("last_at",),
    "contract_verify_links": (),
    "delivery_attempts": (
        *("state", "reason", "provider_status", "provider_id", "address", "tries", "tried_at", "retry_at"),
        *("sent_at", "delivered_at", "receipts_asked", "asked_at"),
    ),
    "seal_certificates": ("revoked_from",),
}
"""Evidence: the application may read and add rows and change these columns; rows go with what they belong to."""

ADOPTED: Final = ("devices", "support_messages", "support_tickets", "users")
"""Tables that may have been there before us and belong to another product's role."""

_GUARDS = r"(p.proname = 'privet_append_only' OR p.proname LIKE 'privet\_keep\_%')"

_LOOSE_TRIGGERS = text(
    f"""
    SELECT format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE NOT t.tgisinternal AND t.tgenabled <> 'A' AND p.pronamespace = current_schema()::regnamespace AND {_GUARDS}
    """  # noqa: S608 - the text is ours
)

_LOOSE_FUNCTIONS = text(
    f"""
    SELECT format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', p.oid::regprocedure, current_schema())
      FROM pg_proc p
     WHERE p.pronamespace = current_schema()::regnamespace AND {_GUARDS}
       AND NOT coalesce(p.proconfig::text LIKE '%search_path=pg_catalog%', false)
    """  # noqa: S608 - the text is ours
)

_TABLES = text(
    """
    SELECT c.relname AS name, c.relowner::regrole::text AS owner,
           pg_has_role(c.relowner, 'USAGE') AS ours,
           pg_has_role(:role, c.relowner, 'MEMBER') AS theirs,
           (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '') AS columns,
           quote_ident(c.relname) AS quoted,
           has_table_privilege(:role, c.oid, 'SELECT') AND has_table_privilege(:role, c.oid, 'INSERT')
               AND has_table_privilege(:role, c.oid, 'UPDATE') AND has_table_privilege(:role, c.oid, 'DELETE') AS open
      FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY (:names)
     ORDER BY 1
    """
)

_SEQUENCES = text(
    """
    SELECT quote_ident(c.relname) FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S' AND c.relname = ANY (:names) ORDER BY 1
    """
)

_STILL_MAY = text(
    """
    SELECT c.relname AS name, p.name AS privilege
      FROM pg_class c, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (name)
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (:names || :kept)
       AND c.relkind IN ('r', 'p')
       AND (has_table_privilege(:role, c.oid, p.name)
            OR p.name = 'UPDATE' AND c.relname = ANY (:names) AND has_any_column_privilege(:role, c.oid, 'UPDATE'))
     UNION ALL
    SELECT c.relname, 'INSERT of ' || a.attname
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (:names)
       AND has_column_privilege(:role, c.oid, a.attnum, 'INSERT')
     UNION ALL
    SELECT c.relname, 'TRUNCATE' FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = 'manager_contracts'
       AND has_table_privilege(:role, c.oid, 'TRUNCATE')
     ORDER BY 1, 2
    """
).bindparams(bindparam("names", type_=ARRAY(Text)), bindparam("kept", type_=ARRAY(Text)))

_OWNED_FUNCTIONS = text(
    r"""
    SELECT p.proname FROM pg_proc p
     WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'privet\_%'
       AND pg_has_role(:role, p.proowner, 'MEMBER') ORDER BY 1
    """
)

_POWERS = text(
    """
    SELECT r.rolsuper AS superuser,
           pg_has_role(:role, 'pg_execute_server_program', 'MEMBER')
               OR pg_has_role(:role, 'pg_write_server_files', 'MEMBER') AS machine
      FROM pg_roles r WHERE r.rolname = :role
    """
)


@dataclass
class Granted:
    """`faults`: the role can get around the guards, the start must stop. `advice`: what the operator should do."""

    faults: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


async def role_exists(connection: AsyncConnection, role: str) -> bool:
    return bool(await connection.scalar(text("SELECT true FROM pg_roles WHERE rolname = :role"), {"role": role}))


async def tighten_guards(connection: AsyncConnection) -> None:
    """Guarding triggers fire under `session_replication_role = replica` too, and look up names in our schema only.

    Also where one role owns everything. Only what a migration made anew is altered: nothing waits for a lock otherwise.
    """
    for query in (_LOOSE_TRIGGERS, _LOOSE_FUNCTIONS):
        for statement in (await connection.execute(query)).scalars().all():
            await connection.exec_driver_sql(statement)


async def grant(
    connection: AsyncConnection, role: str, names: Collection[str], sequences: Collection[str] = ()
) -> Granted:
    """Give `role` what the application needs of the tables `names`, and take away everything else.

    Of `sequences`, which belong to no column, it may take the next number.
    """
    granted = Granted([fault async for fault in _powers(connection, role)])
    if granted.faults:
        return granted
    quoted = await connection.scalar(text("SELECT quote_ident(:role)"), {"role": role})
    await _open_schema(connection, role, quoted, granted)
    for table in (await connection.execute(_TABLES, {"role": role, "names": list(names)})).all():
        if table.theirs and table.name not in ADOPTED:
            granted.faults.append(f"table {table.name} belongs to it: ALTER TABLE {table.quoted} OWNER TO <owner>")
        elif not table.ours:
            if not table.open:
                granted.advice.append(
                    f"Table {table.name} belongs to {table.owner}, who has to run: "
                    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.quoted} TO {quoted}"
                )
        elif not table.theirs:
            for statement in _privileges(table.name, table.quoted, table.columns, quoted):
                await connection.exec_driver_sql(statement)
    for sequence in (await connection.execute(_SEQUENCES, {"names": list(sequences)})).scalars().all():
        await connection.exec_driver_sql(f"REVOKE ALL ON SEQUENCE {sequence} FROM {quoted}")
        await connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {sequence} TO {quoted}")
    granted.faults += [fault async for fault in _ways_around(connection, role)]
    return granted


def _privileges(name: str, table: str, columns: str, role: str) -> list[str]:
    """The application reads every table; ids of the append-only ones are the database's to give."""
    if name in APPEND_ONLY:
        may = f"INSERT ({columns})"
    elif name in KEPT:
        may = f"INSERT, UPDATE ({', '.join(KEPT[name])})" if KEPT[name] else "INSERT"
    else:
        may = "INSERT, UPDATE, DELETE"
    return [f"REVOKE ALL ON TABLE {table} FROM {role}", f"GRANT SELECT, {may} ON TABLE {table} TO {role}"]


async def _open_schema(connection: AsyncConnection, role: str, quoted: str | None, granted: Granted) -> None:
    query = text(
        """
        SELECT quote_ident(n.nspname) AS name, pg_has_role(n.nspowner, 'USAGE') AS ours,
               has_schema_privilege(:role, n.oid, 'USAGE') AS usable
          FROM pg_namespace n WHERE n.nspname = current_schema()
        """
    )
    schema = (await connection.execute(query, {"role": role})).one()
    if schema.ours:
        await connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA {schema.name} FROM {quoted}")
        await connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema.name} TO {quoted}")
    elif not schema.usable:
        granted.advice.append(f"The schema's owner has to run: GRANT USAGE ON SCHEMA {schema.name} TO {quoted}")
    may_create = text("SELECT has_schema_privilege(:role, current_schema(), 'CREATE')")
    if await connection.scalar(may_create, {"role": role}):
        granted.advice.append(
            f"{quoted} may create tables and functions; the schema's owner should run: "
            f"REVOKE CREATE ON SCHEMA {schema.name} FROM PUBLIC"
        )


async def _ways_around(connection: AsyncConnection, role: str) -> AsyncIterator[str]:
    """Whatever lets the role change what is append-only, by whichever grant or membership."""
    values = {"role": role, "names": list(APPEND_ONLY), "kept": list(KEPT)}
    for row in (await connection.execute(_STILL_MAY, values)).all():
        yield f"{row.privilege} on {row.name}, by PUBLIC or a role that it is a member of"
    for name in (await connection.execute(_OWNED_FUNCTIONS, {"role": role})).scalars().all():
        yield f"function {name} belongs to it or to a role that it is a member of"


async def _powers(connection: AsyncConnection, role: str) -> AsyncIterator[str]:
    powers = (await connection.execute(_POWERS, {"role": role})).one()
    if powers.superuser:
        yield "it is a superuser: ALTER ROLE … NOSUPERUSER"
    elif powers.machine:
        yield "it may run programs or write files on the server (pg_execute_server_program, pg_write_server_files)"


async def owns_the_trail(connection: AsyncConnection) -> bool:
    """Whether the connected role could switch off the guards: it is a superuser, the tables' owner or a member of him.

    False as well where there are no tables yet.
    """
    query = text(
        "SELECT pg_has_role(c.relowner, 'MEMBER') FROM pg_class c "
        "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = 'audit_events'"
    )
    return bool(await connection.scalar(query))
