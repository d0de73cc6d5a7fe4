"""Says everything there is to say about a restored PostgreSQL cluster, while it runs on its private socket."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any, NoReturn

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from recovery.errors import RestoreFailed
from recovery.methods.inspection import Answer, Inspection, Question
from recovery.methods.postgresql_fetch import digest_manifest, folder_bytes
from recovery.methods.postgresql_integrity import Findings, check_pages, check_relations, dump
from recovery.methods.postgresql_reading import answer, check_foreign_keys, count_rows, describe_error
from recovery.methods.postgresql_schema import read_tables
from recovery.methods.postgresql_server import Cluster, Server, running_server
from recovery.methods.process import Bounds

_READER_OPTIONS = (
    "-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 "
    "-c bytea_output=hex -c extra_float_digits=1 -c idle_in_transaction_session_timeout=0 -c statement_timeout="
)
_DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname"
_COLLATIONS = """SELECT EXISTS (SELECT FROM pg_collation
    WHERE collversion IS NOT NULL AND collversion <> pg_collation_actual_version(oid))"""
_DEFAULT_COLLATION = """SELECT EXISTS (SELECT FROM pg_database
    WHERE datcollversion IS NOT NULL AND datcollversion <> pg_database_collation_actual_version(oid))"""
_COLLATION_KEPT_FROM = 15


def inspect_cluster(
    cluster: Cluster, database: str, bounds: Bounds, *, system: str, questions: tuple[Question, ...]
) -> Inspection:
    """Everything about the cluster and its database. Raises RestoreFailed if it is another system than `system`."""
    size = folder_bytes(bounds.folder)
    inspecting = _Inspecting(cluster, database, bounds, questions)
    with running_server(cluster, bounds, wait_for=database) as server:
        inspecting.prepare(server, system)
        inspecting.look_in_parallel(server)
        server.stop(bounds)
    return inspecting.conclude(server, size)


class _Inspecting:
    """What is found out, by two threads at once: one for the tools, one for the queries."""

    def __init__(self, cluster: Cluster, database: str, bounds: Bounds, questions: tuple[Question, ...]) -> None:
        self._cluster, self._database, self._bounds, self._questions = cluster, database, bounds, questions
        self._reader = f"debrief_reader_{secrets.token_hex(4)}"
        self._stop = Event()
        self._seconds: dict[str, float] = {}
        self._found: dict[str, Any] = {}
        self._integrity = Findings()
        self._databases: list[str] = []
        self._has_other_collations = False

    def prepare(self, server: Server, system: str) -> None:
        """There is a role that may read everything and do nothing else: questions are written by people."""
        reader, database = sql.Identifier(self._reader), sql.Identifier(self._database)
        try:
            with server.connect(self._cluster.superuser, self._database) as connection:
                found = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
                if found != (system,):
                    raise RestoreFailed(
                        _("Another system was restored than the standby said it was. Run the test again.")
                    )
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS IN ROLE pg_read_all_data").format(reader))
                connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, reader))
                # Settings kept in the copy may name libraries that are not here.
                connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(database))
                connection.execute("ALTER ROLE ALL RESET ALL")
                self._databases = [row[0] for row in connection.execute(_DATABASES)]
                queries = [_COLLATIONS, *([_DEFAULT_COLLATION] if self._cluster.major >= _COLLATION_KEPT_FROM else [])]
                self._has_other_collations = any(connection.execute(query).fetchone() == (True,) for query in queries)
        except psycopg.Error as error:
            _refuse(error)

    def look_in_parallel(self, server: Server) -> None:
        """All is looked at but the checksums. No thread runs on, and the server is ended before them if it must be."""
        with ThreadPoolExecutor(2) as pool:
            jobs: list[Callable[[Server], None]] = [self._use_tools, self._use_queries]
            futures = [pool.submit(job, server) for job in jobs]
            try:
                self._follow(futures)
            finally:
                if not all(future.done() for future in futures):
                    # A query ends with its server.
                    self._stop.set()
                    server.end()

    def conclude(self, server: Server, size: int) -> Inspection:
        """The answer, once the checksums of the stopped server's pages and the manifest are read as well."""
        with self._timed("integrity"):
            self._add(check_pages(server, self._bounds))
        with self._timed("hash"):
            digest = digest_manifest(self._cluster.data, self._bounds.deadline.check)
        return Inspection(
            size_bytes=size,
            expected_bytes=None,
            integrity=self._integrity.conclude(),
            sha256=digest,
            seconds=self._seconds,
            **self._found,
        )

    def _use_tools(self, server: Server) -> None:
        bounds = replace(self._bounds, on_tick=self._check_stop)
        with self._timed("integrity"):
            self._add(check_relations(server, bounds, has_other_collations=self._has_other_collations))
            self._add(dump(server, self._databases, bounds))

    def _use_queries(self, server: Server) -> None:
        milliseconds = max(1, int(self._bounds.deadline.remaining * 1000))
        try:
            with server.connect(self._reader, self._database, f"{_READER_OPTIONS}{milliseconds}") as connection:
                self._read(connection)
        except psycopg.Error as error:
            _refuse(error)

    def _read(self, connection: psycopg.Connection) -> None:
        tables = read_tables(connection)
        with self._timed("counts"):
            counts, uncountable, differences = count_rows(connection, tables)
        with self._timed("foreign_keys"):
            foreign_keys, remark = check_foreign_keys(connection)
        answers: dict[str, Answer] = {}
        with self._timed("checks"):
            for question in self._questions:
                self._check_stop()
                answers[question.key] = answer(connection, question, tables)
        row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
        self._integrity.problems += differences
        self._integrity.notes += [remark] if remark else []
        self._found |= {"schema": tables.schema, "row_counts": counts, "uncountable": uncountable}
        self._found |= {"foreign_keys": foreign_keys, "answers": answers}
        self._found["identity"] = {"system_identifier": row[0]} if row else {}

    def _follow(self, futures: Sequence[Future[None]]) -> None:
        while True:
            done, running = wait(futures, timeout=self._bounds.deadline.next_tick, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
            if not running:
                return
            self._bounds.deadline.check()
            self._bounds.on_tick()

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise InterruptedError

    def _add(self, more: Findings) -> None:
        self._integrity.problems += more.problems
        self._integrity.notes += more.notes
        self._integrity.is_unknown |= more.is_unknown

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self._seconds[phase] = self._seconds.get(phase, 0.0) + time.monotonic() - started


def _refuse(error: psycopg.Error) -> NoReturn:
    """Raise RestoreFailed for what the server or its end says; anything else is a mistake of the program's."""
    if error.sqlstate is None and not isinstance(error, psycopg.OperationalError):
        raise error
    raise RestoreFailed(
        _("The restored database cannot be read (%(error)s). Set the standby up again.")
        % {"error": describe_error(error)}
    ) from error
