"""Which tables a restored PostgreSQL database has, and what they look like."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

import psycopg

from recovery.methods.inspection import Schema

# Partitions come and go by themselves, so their rows are counted, and described, with the table they belong to.
_OWN = """c.relnamespace NOT IN
        (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')
    AND NOT c.relispartition AND NOT EXISTS
        (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')"""
_NAME = "CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
_TABLES = """SELECT NAME, format('%I.%I', n.nspname, c.relname), c.relkind = 'p', c.relpersistence = 'u', c.oid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND OWN ORDER BY 1"""
_PARTS = """SELECT format('ONLY %%I.%%I', n.nspname, c.relname) FROM pg_partition_tree(%s) t
    JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' ORDER BY 1"""
# Each gives lines of text; a fingerprint is over all of them, in order.
_DEFINITIONS = (
    """SELECT concat_ws(' ', 'column', c.oid::regclass, c.relkind,
        row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND OWN""",
    """SELECT concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid WHERE OWN""",
    """SELECT concat_ws(' ', c.oid::regclass, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid WHERE k.conparentid = 0 AND OWN""",
    """SELECT concat_ws(' ', 'view', c.oid::regclass, pg_get_viewdef(c.oid)) FROM pg_class c
    WHERE c.relkind IN ('v', 'm') AND OWN""",
    """SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND OWN""",
)


@dataclass(frozen=True)
class Table:
    """One ordinary table: its quoted name for SQL, and the parts that hold its rows."""

    quoted: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """The schema, and each counted table by the name it is shown under."""

    schema: Schema
    by_name: Mapping[str, Table]


def read_tables(connection: psycopg.Connection) -> Tables:
    """All that is the application's own. Raises psycopg.Error if the catalogue cannot be read.

    Left out of counts: unlogged tables, which are empty on every standby, and those that belong to an extension.
    """
    # Nothing is on the path, so every name in a definition is a full one.
    connection.execute("SET search_path = ''")
    counted, uncounted = {}, []
    for name, quoted, is_partitioned, is_unlogged, oid in connection.execute(_complete(_TABLES)).fetchall():
        if is_unlogged:
            uncounted.append(name)
            continue
        parts = [row[0] for row in connection.execute(_PARTS, (oid,))] if is_partitioned else [f"ONLY {quoted}"]
        counted[name] = Table(quoted, tuple(parts))
    digest = hashlib.sha256()
    for sql in _DEFINITIONS:
        for line in sorted(str(row[0]) for row in connection.execute(_complete(sql))):
            digest.update(line.encode() + b"\0\n")
    return Tables(Schema(tuple(sorted(counted)), tuple(sorted(uncounted)), digest.hexdigest()), counted)


def _complete(text: LiteralString) -> LiteralString:
    return text.replace("NAME", _NAME).replace("OWN", _OWN)
