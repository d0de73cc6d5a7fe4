"""The index on SQLite: a contentless FTS5 table of trigrams for each kind, written by triggers alone.

Each kind has its own since FTS5 looks for the next row with the words before it looks whether that row was asked for:
in one table, a word that no action item holds would be looked for in all events.

FTS5 folds case, but its trigrams keep accents (until SQLite 3.45), so texts pass through views whose INSTEAD OF
triggers replace letter by letter. SQLite's parser takes some thirty calls nested in each other, hence several views.
Triggers name nothing but their own row, these views and the index: a trigger that names another table breaks the
migration that remakes that table.

For migrations to come: Django remakes a table on SQLite for many changes, and its triggers are gone with the old one.
`restore_triggers` runs after every `migrate` for that reason. A migration that changes texts after such a remake, or
that comes with a change of SOURCES or of lib.folding.REPLACED, ends with `rebuild`.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from incidents.search.kinds import KEY_BITS, SOURCES, Kind, Source
from lib.folding import REPLACED, SARA_AM

INDEX = "incidents_search"
_COLUMNS = "title, body"
_CALLS = 24
# What a trigram is; shorter terms are in no index.
_SHORTEST = 3
# FTS5 reads on until it finds a row, whatever its number, so reading in pieces would cost more than reading at once.
PIECE = 1 << KEY_BITS


def install(database: BaseDatabaseWrapper, sources: Iterable[Source] = tuple(SOURCES.values())) -> None:
    """The index with everything that is there already, and the triggers that keep it."""
    sources = tuple(sources)
    with database.cursor() as cursor:
        for source in sources:
            cursor.execute(f"CREATE VIRTUAL TABLE {_of(source)} USING fts5({_COLUMNS}, content='', tokenize='trigram')")
    restore_triggers(database, sources)
    rebuild(database, sources)


def remove(database: BaseDatabaseWrapper, sources: Iterable[Source] = tuple(SOURCES.values())) -> None:
    """No index, no trigger and no view of it."""
    with database.cursor() as cursor:
        for kind, name in _installed(database):
            cursor.execute(f"DROP {kind} {name}")
        for source in sources:
            cursor.execute(f"DROP TABLE {_of(source)}")


def restore_triggers(database: BaseDatabaseWrapper, sources: Iterable[Source] = tuple(SOURCES.values())) -> list[str]:
    """Every view and trigger is there as it should be; the names of triggers that were not."""
    wanted = {**_views(), **_triggers(sources)}
    wrong = _wrong(database, wanted)
    with database.cursor() as cursor:
        for name in wrong:
            kind = "VIEW" if name in _views() and not name.endswith("_fold") else "TRIGGER"
            cursor.execute(f"DROP {kind} IF EXISTS {name}")
        # A view takes its trigger with it, so what is missing is looked up again.
        for name in _wrong(database, wanted):
            cursor.execute(wanted[name])
    return wrong


def is_installed(database: BaseDatabaseWrapper) -> bool:
    """True from the migration that makes the index on."""
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = %s", [_of(SOURCES[Kind.INCIDENT])])
        return cursor.fetchone() is not None


def rebuild(database: BaseDatabaseWrapper, sources: Iterable[Source] = tuple(SOURCES.values())) -> None:
    """The index holds every row's text as it is now, in as few pieces as possible."""
    with database.cursor() as cursor:
        for source in sources:
            cursor.execute(_command(source, "delete-all"))
            texts = _values(source, source.table)
            cursor.execute(f"INSERT INTO {INDEX}_1 SELECT NULL, {texts} FROM {source.table}")  # noqa: S608  # own names
            cursor.execute(_command(source, "optimize"))


def find_faults(database: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the index, one line each: missing triggers, rows too many or too few, damage inside."""
    faults = [f"The trigger or view {name} is missing or changed." for name in find_missing(database)]
    with database.cursor() as cursor:
        for source in SOURCES.values():
            cursor.execute(
                f"SELECT (SELECT count(*) FROM {source.table} WHERE {source.base} + {source.key} NOT IN"  # noqa: S608
                f" (SELECT id FROM {_of(source)}_docsize)), (SELECT count(*) FROM {_of(source)}_docsize"
                f" WHERE id - {source.base} NOT IN (SELECT {source.key} FROM {source.table}))"
            )
            missing, left = cursor.fetchone()
            if missing or left:
                faults.append(f"{source.table}: {missing} rows are not in the index, {left} in it are gone.")
            cursor.execute(_command(source, "integrity-check"))
    return faults


def find_missing(database: BaseDatabaseWrapper) -> list[str]:
    """Views and triggers that are not there, or are not as they should be."""
    return _wrong(database, {**_views(), **_triggers(SOURCES.values())})


def is_indexed(term: str) -> bool:
    """Whether the index finds the folded term; shorter ones are looked for in texts."""
    return len(term) >= _SHORTEST


def narrow(
    rows: QuerySet[Any], source: Source, terms: Iterable[str], excluded: Iterable[str], *, titles_only: bool = False
) -> QuerySet[Any]:
    """Those of the rows that hold every one of the terms and none of the excluded, the newest first.

    Only indexed terms. The index hands rows over in this order, so the first are there before the rest is looked at.
    """
    match = _match(terms, excluded, titles_only=titles_only)
    return rows.order_by().extra(  # noqa: S610  # names of the project's own; what was typed is a parameter
        tables=[_of(source)],
        where=[f"{_of(source)} MATCH %s", f"{source.table}.{source.key} = {_of(source)}.rowid - %s"],
        params=[match, source.base],
        order_by=[f"-{_of(source)}.rowid"],
    )


def keys(source: Source, terms: Iterable[str], excluded: Iterable[str]) -> RawSQL:
    """The keys of all rows that hold every one of the terms and none of the excluded. Only indexed terms."""
    index = _of(source)
    sql = f"SELECT rowid - {source.base} FROM {index} WHERE {index} MATCH %s"  # noqa: S608  # own name
    return RawSQL(sql, [_match(terms, excluded)])  # noqa: S611  # what was typed is a parameter


def between(rows: QuerySet[Any], source: Source, first: int, end: int) -> QuerySet[Any]:
    """Those whose key is `first` or higher, and lower than `end`."""
    places = [source.base + first, source.base + end]
    here = f"{_of(source)}.rowid >= %s AND {_of(source)}.rowid < %s"
    return rows.extra(where=[here], params=places)  # noqa: S610  # own name


def _of(source: Source) -> str:
    return source.table.replace("incidents_", f"{INDEX}_of_")


def _match(terms: Iterable[str], excluded: Iterable[str], *, titles_only: bool = False) -> str:
    found = " AND ".join(map(_quoted, terms))
    found = f"{{title}} : ({found})" if titles_only else found
    return " NOT ".join([f"({found})", *map(_quoted, excluded)])


def _command(source: Source, name: str) -> str:
    """One of FTS5's own, which are written as if they were a row."""
    return f"INSERT INTO {_of(source)}({_of(source)}) VALUES ('{name}')"  # noqa: S608  # own names


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _wrong(database: BaseDatabaseWrapper, wanted: dict[str, str]) -> list[str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')")
        present = dict(cursor.fetchall())
    return [name for name, sql in wanted.items() if present.get(name) != sql]


def _installed(database: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Triggers of tables first: dropping a view takes its own with it."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT type, name FROM sqlite_master WHERE name GLOB %s"
            " AND (type = 'view' OR type = 'trigger' AND tbl_name NOT GLOB %s)",
            [f"{INDEX}_*", f"{INDEX}_*"],
        )
        return list(cursor.fetchall())


def _values(source: Source, row: str) -> str:
    """Key, title and body of a row, as they are handed to the first view."""

    def joined(columns: tuple[str, ...]) -> str:
        return " || ' ' || ".join(f"{row}.{column}" for column in columns) or "''"

    return f"{source.base} + {row}.{source.key}, {joined(source.titles)}, {joined(source.texts)}"


def _triggers(sources: Iterable[Source]) -> dict[str, str]:
    made: dict[str, str] = {}
    for source in sources:
        out = f"INSERT INTO {INDEX}_1 VALUES ('delete', {_values(source, 'OLD')});"  # noqa: S608  # own names
        into = f"INSERT INTO {INDEX}_1 VALUES (NULL, {_values(source, 'NEW')});"  # noqa: S608  # own names
        columns = (source.key, *source.titles, *source.texts)
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        for name, moment, body in (
            ("insert", "AFTER INSERT", into),
            ("delete", "AFTER DELETE", out),
            ("update", f"AFTER UPDATE OF {', '.join(columns)}", out + " " + into),
        ):
            when = f" WHEN {changed}" if name == "update" else ""
            full = f"{INDEX}_{source.table}_{name}"
            made[full] = f"CREATE TRIGGER {full} {moment} ON {source.table}{when} BEGIN {body} END"
    return made


def _views() -> dict[str, str]:
    """The views that texts pass through, the first to the last, and the trigger of each."""
    pairs = [*REPLACED.items(), SARA_AM]
    steps = [pairs[start : start + _CALLS] for start in range(0, len(pairs), _CALLS)]
    made: dict[str, str] = {}
    for number, step in enumerate(steps, start=1):
        here, is_last = f"{INDEX}_{number}", number == len(steps)
        title, body = (_replaced(f"NEW.{column}", step) for column in ("title", "body"))
        folded = f"SELECT NEW.command, NEW.place, {title}, {body}"
        out = _routed(folded) if is_last else f"INSERT INTO {INDEX}_{number + 1} {folded};"
        made[here] = f"CREATE VIEW {here} AS SELECT '' AS command, 0 AS place, '' AS title, '' AS body"
        made[f"{here}_fold"] = f"CREATE TRIGGER {here}_fold INSTEAD OF INSERT ON {here} BEGIN {out} END"
    return made


def _routed(folded: str) -> str:
    """Into the table of the kind that the row's number says."""
    return " ".join(
        f"INSERT INTO {_of(source)}({_of(source)}, rowid, {_COLUMNS})"  # own names
        f" {folded} WHERE NEW.place >> {KEY_BITS} = {source.number};"
        for source in SOURCES.values()
    )


def _replaced(expression: str, pairs: list[tuple[str, str]]) -> str:
    for letter, plain in pairs:
        expression = f"replace({expression}, char({', '.join(str(ord(part)) for part in letter)}), '{plain}')"
    return expression
