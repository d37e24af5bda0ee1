"""What a database looks like, as lines that can be compared whatever the order in which it was built."""

from collections.abc import Sequence

import asyncpg

NOT_IN_MODELS = ("privet_manager_alembic_version", "privet_adoption")
"""Tables of the migrations themselves."""

TABLES = """
SELECT 'table ' || c.relname FROM pg_class c
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> ALL ($1)
"""

COLUMNS = """
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
       || CASE a.attidentity WHEN '' THEN '' ELSE ' identity ' || a.attidentity::text END
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> ALL ($1)
"""

CONSTRAINTS = """
SELECT 'constraint ' || c.relname || ' ' || o.conname || ' ' || pg_get_constraintdef(o.oid)
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
 WHERE c.relnamespace = current_schema()::regnamespace AND o.contype <> 'n' AND c.relname <> ALL ($1)
"""

INDEXES = """
SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relname <> ALL ($1)
"""

ENUMS = """
SELECT 'enum ' || t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
 WHERE t.typnamespace = current_schema()::regnamespace AND t.typname <> ALL ($1) GROUP BY t.typname
"""

GUARDS = """
SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgname <> ALL ($1)
 UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
 WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f' AND p.proname <> ALL ($1)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
"""Ours, not those of an extension; models know nothing of them."""


async def rows(url: str, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


async def run(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def schema(url: str, *, guards: bool = True, without: Sequence[str] = ()) -> set[str]:
    """Every table, column, default, constraint, index, enum and, unless unwanted, trigger and function."""
    queries = [TABLES, COLUMNS, CONSTRAINTS, INDEXES, ENUMS, *([GUARDS] if guards else [])]
    return {str(row[0]) for query in queries for row in await rows(url, query, list(without))}
