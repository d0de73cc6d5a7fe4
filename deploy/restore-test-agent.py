#!/usr/bin/env python3
"""Restores a Litestream replica on this host, checks what came back, and reports it to Debrief. For cron.

One file, standard library only, Python 3.9 or newer. It writes to a private scratch folder, which it removes, and to
the folder of unsent reports. Of the source database it reads nothing but the time of its last write.
"""

import argparse
import concurrent.futures
import contextlib
import ctypes
import fcntl
import hashlib
import http.client
import ipaddress
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import ssl
import stat
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

PASSED, FAILED, NOT_RUN = 0, 1, 2
OLDEST_LITESTREAM = (0, 5, 12)
SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"
LOG_TAIL_BYTES = 4000
PROGRESS_STEPS = 200_000
PIECE = 256 * 1024
FEWEST_SECRET_CHARACTERS = 6
# The endings of the tables that SQLite's own virtual tables keep their data in (fts3, fts4, fts5, rtree).
SHADOW_ENDINGS = frozenset(
    ("config", "content", "data", "docsize", "idx", "node", "parent", "rowid", "segdir", "segments", "stat")
)
# What says nothing about the backup: the network, rights, room. Anything else that Litestream says speaks against it.
SURROUNDINGS = re.compile(
    r"no space left|file too large|permission denied|too many open files|cannot allocate|output path already exists|"
    r"connection re(fused|set)|no such host|timeout|timed out|unreachable|tls:|x509|handshake|unable to authenticate|"
    r"host key|SignatureDoesNotMatch|InvalidAccessKeyId|AccessDenied|NoSuchBucket|no EC2 IMDS|credential|StatusCode: 5|"
    r"cannot (find|read) config|config file|database not found in config|unsupported replica|unknown replica",
    re.IGNORECASE,
)
# Litestream then looks for a role of the machine, which is not asked for. Its environment has what is passed alone.
NO_KEYS = re.compile(r"no EC2 IMDS|failed to refresh cached credentials|could not find default credentials", re.I)
CHECKS = ("integrity_check", "foreign_keys", "row_counts", "minimum_rows", "sql_assertion")
SCRATCH_PREFIX = "restore-test-agent-"
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
EXAMPLES = """
examples:
  restore-test-agent.py --debrief https://debrief.example.org --token-file /etc/debrief/agent-token \\
      --database app --replica s3 --replica-url s3://backup/app-db \\
      --pass-env AWS_ACCESS_KEY_ID --pass-env AWS_SECRET_ACCESS_KEY --require-rows users:1

  restore-test-agent.py ... --config /etc/litestream.yml --path /data/app.db --source /data/app.db \\
      --assert-sql "SELECT min(id) FROM users = 1"

exit codes: 0 passed, 1 failed or timed out, 2 could not be run (the line printed says why).
A report that cannot be sent is kept and sent first by the next run; it never changes the exit code of a test that ran,
unless Debrief refuses it for good (2).
"""


class Ended(Exception):  # noqa: N818
    """A test that did not get to its checks: its status, and the sentence why."""

    def __init__(self, status, message, exit_code=None):
        super().__init__(message)
        self.status, self.message, self.exit_code = status, message, exit_code


class Unusable(Exception):  # noqa: N818
    """What was asked for cannot be done here, in a sentence: nothing is tested and nothing reported."""


class Signals:
    """Whether this process was asked to end. Python swallows what a handler raises at some moments, so it is kept."""

    ending = False

    @classmethod
    def end(cls, *_args):
        """Asked to end: what is under way is cleared up on the way out."""
        cls.ending = True
        sys.exit(NOT_RUN)


# The command line


def read_arguments(arguments):
    """What was asked for; ends with exit code 2 where that is not understood."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLES, formatter_class=form, allow_abbrev=False)
    _add_destination(parser.add_argument_group("where to report"))
    _add_backup(parser.add_argument_group("what to restore"))
    _add_checks(parser.add_argument_group("what must hold, beside integrity, foreign keys and rows"))
    _add_bounds(parser.add_argument_group("bounds"))
    options = parser.parse_args(arguments)
    if bool(options.replica_url) == bool(options.config) or bool(options.config) != bool(options.path):
        parser.error("give either --replica-url, or --config and --path")
    if options.replica_url and options.replica_url.startswith("/"):
        options.replica_url = "file://" + urllib.parse.quote(options.replica_url)
    return options


def _add_destination(to):
    to.add_argument(
        "--debrief", required=True, metavar="URL", help="address of Debrief, such as https://debrief.example.org"
    )
    to.add_argument("--database", required=True, metavar="NAME", help="name of the database in Debrief")
    to.add_argument("--replica", required=True, metavar="NAME", help="name of the replica in Debrief")
    to.add_argument("--token-file", metavar="FILE", help="file that holds the token and that others may not read")
    to.add_argument(
        "--token-env", metavar="NAME", default="DEBRIEF_TOKEN", help="or the variable that holds it (%(default)s)"
    )
    to.add_argument("--reporter", metavar="NAME", default=socket.gethostname(), help="name of this host (%(default)s)")
    to.add_argument("--ca-file", metavar="FILE", help="certificates to trust in place of the system's")
    to.add_argument("--allow-http", action="store_true", help="send the token unencrypted to other hosts, too")
    to.add_argument(
        "--spool", metavar="FOLDER", default=default_spool(), help="where unsent reports wait (%(default)s)"
    )
    to.add_argument("--retry-for", metavar="SECONDS", type=seconds, default=60, help="how long to try (%(default)s)")


def _add_backup(what):
    what.add_argument(
        "--replica-url", metavar="URL", help="the replica, such as s3://bucket/path or file:///backup/app"
    )
    what.add_argument("--config", metavar="FILE", help="or Litestream's configuration, with --path")
    what.add_argument("--path", metavar="FILE", help="the database's path in that configuration; it is not opened")
    what.add_argument(
        "--source", metavar="FILE", help="the live database, for the RPO: only the time of its last write is read"
    )
    what.add_argument(
        "--pass-env", metavar="NAME", action="append", default=[], help="variable that Litestream may see; repeat it"
    )
    what.add_argument("--litestream", metavar="FILE", help="the program (default: found on %s)" % SEARCH_PATH)


def _add_checks(check):
    check.add_argument(
        "--require-rows",
        metavar="TABLE:N",
        type=required_rows,
        action="append",
        default=[],
        help="the table has N rows or more; repeat it",
    )
    check.add_argument(
        "--assert-sql",
        metavar='"SQL = VALUE"',
        type=assertion,
        action="append",
        default=[],
        help="the one value that the query gives is this one; repeat it",
    )


def _add_bounds(bounds):
    bounds.add_argument(
        "--scratch", metavar="FOLDER", default=tempfile.gettempdir(), help="where to restore (%(default)s)"
    )
    bounds.add_argument(
        "--time-limit", metavar="SECONDS", type=seconds, default=3600, help="for the test (%(default)s)"
    )
    bounds.add_argument(
        "--quota", metavar="SIZE", type=size, default=20 * 2**30, help="bytes to write at most, such as 5G (20G)"
    )


def default_spool():
    """Where unsent reports wait unless another folder is named."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "debrief-restore-test-agent")


def seconds(text):
    """A time, 1 second or longer."""
    value = float(text)
    if not 1 <= value <= 7 * 86400:
        raise argparse.ArgumentTypeError("must lie between 1 second and 7 days")
    return value


def size(text):
    """A number of bytes; K, M, G and T stand for powers of 1024."""
    match = re.fullmatch(r"(\d+)([KMGT]?)", text.strip().upper())
    if not match:
        raise argparse.ArgumentTypeError("is no size such as 500M or 20G")
    return int(match[1]) * 1024 ** " KMGT".index(match[2] or " ")


def required_rows(text):
    """The table and how many rows it has at least."""
    table, _, count = text.rpartition(":")
    if not table or not count.isdecimal():
        raise argparse.ArgumentTypeError("is not TABLE:N, such as users:1")
    return table, int(count)


def assertion(text):
    """The query and the value that it must give: what stands after the last “ = ”."""
    sql, _, value = text.rpartition(" = ")
    if not sql.strip() or not value.strip():
        raise argparse.ArgumentTypeError('is not "SQL = VALUE"; the value stands after the last “ = ”')
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] == "'"
    return sql.strip(), value[1:-1].replace("''", "'") if quoted else value


# Litestream


class Litestream:
    """The host's Litestream, run in a scratch folder with what is left of the time."""

    def __init__(self, options, folder, deadline):
        self.options, self.folder, self.deadline = options, folder, deadline
        self.log = ""
        self.program = options.litestream or shutil.which("litestream", path=SEARCH_PATH)
        if not self.program or not os.access(self.program, os.X_OK):
            raise Unusable(
                "Litestream is not installed here, or may not be run. Install it, or name it by --litestream."
            )
        self.program = os.path.abspath(self.program)

    def version(self):
        """Such as “litestream 0.5.17”; Unusable for one that is too old."""
        _, text = self.run(["version"])
        numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
        if not numbers or tuple(map(int, numbers.groups())) < OLDEST_LITESTREAM:
            raise Unusable(
                "Litestream is %s; 0.5.12 or newer is needed. Upgrade it." % (text.strip()[:40] or "unknown")
            )
        return "litestream " + text.strip().lstrip("v")[:40]

    def plan(self):
        """What a restore would read; empty for a replica of Litestream 0.3, which a plan does not list."""
        code, text = self.run(["restore", "-dry-run", *self.fixed()])
        if code and "no matching backup files" in last_error(self.log):
            return {}
        self.check(code)
        return find_json(text, "files") or {}

    def restore(self):
        """The restored file and its last transaction."""
        code, text = self.run(["restore", *self.fixed()])
        self.check(code)
        output = self.folder / "restored.db"
        if not output.is_file():
            raise Ended("failed", "Litestream ended well and restored nothing.", code)
        return output, str((find_json(text, "txid") or {}).get("txid") or "")

    def newest_time(self, txid):
        """When the transaction was replicated, to the whole second; None where the replica does not say.

        Of the files that end with it the earliest counts: a snapshot has the time at which it was taken.
        """
        code, text = self.run(["ltx", *self.where(), "-level", "all", "-json", self.target()])
        files = find_json(text, None) if not code else None
        times = [read_time(file.get("timestamp")) for file in files or [] if file.get("max_txid") == txid]
        return min((moment for moment in times if moment), default=None)

    def where(self):
        """The options that say which configuration counts."""
        return ["-config", os.path.abspath(self.options.config)] if self.options.config else []

    def fixed(self):
        """What every restore is told."""
        return [*self.where(), "-json", "-o", str(self.folder / "restored.db"), self.target()]

    def target(self):
        """What is restored."""
        return self.options.replica_url or os.path.abspath(self.options.path)

    def check(self, code):
        """Return after a success; else Ended with what the failure stands for."""
        if not code:
            return
        error = last_error(self.log)
        if code < 0:
            raise Ended("inconclusive", "Litestream was ended by signal %d, as when memory runs out." % -code, code)
        if "no matching backup files" in error:
            raise Ended("failed", "The replica holds no backup that can be restored.", code)
        if NO_KEYS.search(error):
            message = "Litestream has no keys to read the replica with. Pass each with --pass-env NAME, such as %s: %s"
            raise Ended("inconclusive", message % ("--pass-env AWS_ACCESS_KEY_ID", error), code)
        if SURROUNDINGS.search(error):
            raise Ended("inconclusive", "Nothing can be said about the backup: %s" % error, code)
        raise Ended("failed", "Litestream could not restore the backup: %s" % error, code)

    def run(self, arguments):
        """The exit code and the answer of Litestream; whatever it started is gone afterwards."""
        if time.monotonic() > self.deadline:
            raise timed_out(self.options)
        with tempfile.TemporaryFile(dir=self.folder) as log, tempfile.TemporaryFile(dir=self.folder) as answer:
            process = subprocess.Popen(
                [self.program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=log,
                cwd=self.folder,
                env=self.environment(),
                start_new_session=True,
                preexec_fn=self.confine,
            )
            try:
                self.wait_for(process)
            finally:
                end_group(process)
                answer.seek(0)
                log.seek(0)
                text, said = (file.read(32 * 2**20).decode("utf-8", "replace") for file in (answer, log))
                # With a configuration of its own it logs to the answer.
                self.log = clean(said or (text if process.returncode else ""), self.secrets())
        return process.returncode, text

    def wait_for(self, process):
        """The process has ended by itself; Ended at the deadline, SystemExit once this process is to end."""
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.5)
                return
            if Signals.ending:
                sys.exit(NOT_RUN)
            if time.monotonic() > self.deadline:
                raise timed_out(self.options)

    def environment(self):
        """A list of what is allowed, and what the command line names."""
        known = {
            "PATH": SEARCH_PATH,
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return {**known, **{name: os.environ[name] for name in self.options.pass_env if name in os.environ}}

    def secrets(self):
        """Values that must not be reported."""
        return [os.environ.get(name, "") for name in self.options.pass_env]

    def confine(self):
        """Runs in the child: no file beyond the quota, no core, nothing readable for others, no life after this one."""
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        quota = self.options.quota if most == resource.RLIM_INFINITY else min(self.options.quota, most)
        resource.setrlimit(resource.RLIMIT_FSIZE, (quota, quota))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.umask(0o077)
        if LIBC:
            # A child whose agent was killed must not go on alone.
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_group(process):
    """The process and all it started have ended. Until it is reaped its id belongs to nobody else."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def find_json(text, key):
    """The JSON object with this key, or with None the list, among whatever else was logged there."""
    decoder = json.JSONDecoder()
    for match in re.finditer(r"^[\[{]", text, re.MULTILINE):
        with contextlib.suppress(ValueError):
            found, _ = decoder.raw_decode(text, match.start())
            if isinstance(found, list) if key is None else isinstance(found, dict) and key in found:
                return found
    return None


def last_error(log):
    """The last line that reports an error, else the last line of all."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it said nothing"]
    errors = [line[len("Error:") :].strip() for line in lines if line.startswith("Error:")]
    return (errors or lines)[-1][:500]


def clean(log, secrets):
    """The end of a log as plain text, without secrets."""
    for secret in sorted((text for text in secrets if len(text) >= FEWEST_SECRET_CHARACTERS), key=len, reverse=True):
        log = log.replace(secret, "***")
    log = re.sub(r"(://)[^/@\s]*@", r"\1***@", log)
    log = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", log.replace("\r\n", "\n").replace("\t", " "))
    log = re.sub("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", log).strip()
    return log.encode("utf-8", "replace")[-LOG_TAIL_BYTES:].decode("utf-8", "ignore").strip()


def timed_out(options):
    """The end of a test that took too long."""
    return Ended("timed_out", "The test was stopped after %g seconds, the time it is allowed." % options.time_limit)


def read_time(text):
    """The instant that Litestream wrote, or None."""
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None


def read_header_time(options, txid):
    """To the millisecond, what the files of a replica in a folder say of the transaction; None for other replicas."""
    url = urllib.parse.urlsplit(options.replica_url or "")
    if url.scheme != "file" or not txid:
        return None
    times = []
    for path in Path(urllib.parse.unquote(url.path)).glob("ltx/*/*-%s.ltx" % txid):
        with contextlib.suppress(OSError, struct.error):
            with path.open("rb") as file:
                magic, milliseconds = struct.unpack(">4s28xQ", file.read(40))
            if magic == b"LTX1":
                times.append(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds))
    return min(times, default=None)


def last_write(source):
    """When the source or its write-ahead log was last written to; None where that is not known."""
    try:
        times = [os.stat(source).st_mtime]
    except OSError:
        return None
    with contextlib.suppress(OSError):
        log = os.stat(source + "-wal")
        times += [log.st_mtime] if log.st_size else []
    return datetime.fromtimestamp(max(times), timezone.utc)


# What came back


class Inspection:
    """Everything about the restored file; three threads find it out, since SQLite and hashing leave each other room."""

    def __init__(self, path, options, deadline):
        self.path, self.options, self.deadline = path, options, deadline
        self.facts, self.checks, self.phases = {}, [], {}

    def run(self):
        """All facts, checks and times are there; Ended where the file cannot be read at all or time is over."""
        with self.path.open("rb") as file:
            header = file.read(100)
        if not header.startswith(b"SQLite format 3\x00") or len(header) < 100:
            raise Ended("failed", "What came back is not a SQLite database, or is encrypted.")
        jobs = [self.check_integrity, self.check_rows, self.compute_hash]
        with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
            futures = [pool.submit(job) for job in jobs]
        if Signals.ending:
            sys.exit(NOT_RUN)
        if self.is_over():
            raise timed_out(self.options)
        for future in futures:
            try:
                future.result()
            except sqlite3.DatabaseError as error:
                raise Ended(
                    "failed",
                    "The list of tables in the restored database cannot be read (%s; SQLite %s)."
                    % (error, sqlite3.sqlite_version),
                ) from error
        self.facts["size_bytes"] = self.path.stat().st_size

    def is_over(self):
        """Whether there is no more time, or this process was asked to end."""
        return Signals.ending or time.monotonic() > self.deadline

    @contextlib.contextmanager
    def opened(self):
        """A connection to a file that nobody writes to, which stops at the deadline and trusts nothing in it."""
        uri = self.path.absolute().as_uri() + "?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "cache_size=-32000"):
                connection.execute("PRAGMA " + pragma)
            connection.set_progress_handler(self.is_over, PROGRESS_STEPS)
            yield connection

    @contextlib.contextmanager
    def timed(self, phase):
        """The phase has its seconds."""
        started = time.monotonic()
        yield
        self.phases[phase] = round(time.monotonic() - started, 3)

    def add(self, name, holds, message):
        """One check more."""
        self.checks.append({"name": name, "passed": bool(holds), "message": plain(message)[:1000]})

    def check_integrity(self):
        """SQLite's full check."""
        lines = []
        with self.timed("integrity"), self.opened() as connection:
            try:
                lines += [str(row[0])[:300] for row in connection.execute("PRAGMA integrity_check")]
            except sqlite3.DatabaseError as error:
                lines.append(str(error))
        found = "; ".join(lines)
        self.facts["integrity"] = plain(found)[:300]
        self.add(
            "integrity_check",
            found == "ok",
            "SQLite's full integrity check found no fault."
            if found == "ok"
            else "SQLite's integrity check found faults: %s" % found[:300],
        )

    def check_rows(self):
        """Schema, foreign keys, rows, and what the command line asks for."""
        with self.opened() as connection:
            tables = self.read_schema(connection)
            with self.timed("foreign_keys"):
                self.check_foreign_keys(connection, tables)
            with self.timed("counts"):
                self.count_rows(connection, tables)
            with self.timed("checks"):
                for table, fewest in self.options.require_rows:
                    rows = self.facts["tables"].get(table)
                    self.add(
                        "minimum_rows",
                        rows is not None and rows >= fewest,
                        "%s has %s rows; at least %s are required." % (table, "no" if rows is None else rows, fewest),
                    )
                # Only what the command line asks is left: it may read, and nothing else, not even another file.
                connection.set_authorizer(lambda action, *_: action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH))
                for sql, expected in self.options.assert_sql:
                    self.check_assertion(connection, sql, expected)

    def read_schema(self, connection):
        """The ordinary tables; their fingerprint is made as Debrief makes it."""
        rows = connection.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master ORDER BY type, name")
        own = [row for row in rows if not is_internal(row[1]) and not is_internal(row[2])]
        tables = {name: page for kind, name, _, page, _ in own if kind == "table"}
        virtual = {name for name, page in tables.items() if not page}
        uncounted = {name for name in tables if name in virtual or is_shadow(name, virtual)}
        digest = hashlib.sha256()
        for kind, name, table, _, sql in own:
            digest.update("\0".join((kind, name, table, sql or "")).encode("utf-8", "surrogatepass") + b"\0\n")
        self.facts["schema_fingerprint"] = digest.hexdigest()
        self.facts["uncounted_tables"] = sorted(uncounted)
        self.facts["identity"] = {"application_id": str(connection.execute("PRAGMA application_id").fetchone()[0])}
        return sorted(set(tables) - uncounted)

    def check_foreign_keys(self, connection, tables):
        """Rows that refer to rows which are not there."""
        broken, unchecked = {}, []
        for table in tables:
            try:
                count = sum(1 for _ in connection.execute("SELECT 1 FROM pragma_foreign_key_check(?)", (table,)))
                broken.update({table: count} if count else {})
            except sqlite3.DatabaseError:
                unchecked.append(table)
        if unchecked:
            self.add(
                "foreign_keys", holds=False, message="Foreign keys could not be checked in: %s." % ", ".join(unchecked)
            )
            return
        self.add(
            "foreign_keys",
            not broken,
            "%d rows point to rows that are not there, in: %s." % (sum(broken.values()), ", ".join(broken))
            if broken
            else "Every foreign key points to a row that is there.",
        )

    def count_rows(self, connection, tables):
        """How many rows each table has."""
        counts, uncountable = {}, []
        for table in tables:
            try:
                name = '"' + table.replace('"', '""') + '"'
                counts[table] = connection.execute("SELECT count(*) FROM " + name).fetchone()[0]  # noqa: S608
            except sqlite3.DatabaseError:
                uncountable.append(table)
        self.facts["tables"] = counts
        if uncountable:
            self.add(
                "row_counts", holds=False, message="The rows could not be counted in: %s." % ", ".join(uncountable)
            )
            return
        rows = sum(counts.values())
        self.add(
            "row_counts",
            rows,
            "%s rows in %d tables were counted." % (format(rows, ","), len(counts))
            if rows
            else "The restored database has no rows at all.",
        )

    def check_assertion(self, connection, sql, expected):
        """A query of the command line."""
        shown = " ".join(sql.split())[:120]
        try:
            row = connection.execute(sql).fetchone()
        except (sqlite3.Error, sqlite3.Warning) as error:
            self.add("sql_assertion", holds=False, message="“%s” could not be answered: %s" % (shown, error))
            return
        value = "NULL" if not row or row[0] is None else str(row[0])
        self.add(
            "sql_assertion",
            is_same(value, expected),
            "“%s” gives %s; expected was %s." % (shown, value[:120], expected),
        )

    def compute_hash(self):
        """The SHA-256 of the whole file."""
        with self.timed("hash"):
            digest = hashlib.sha256()
            with self.path.open("rb") as file:
                for piece in iter(lambda: file.read(PIECE), b""):
                    digest.update(piece)
                    if self.is_over():
                        return
            self.facts["sha256"] = digest.hexdigest()


def is_internal(name):
    """Whether SQLite or Litestream made the thing of that name for itself."""
    return name.lower().startswith(("sqlite_", "_litestream_"))


def is_shadow(name, virtual):
    """Whether a virtual table keeps its data in it."""
    owner, _, ending = name.rpartition("_")
    return owner in virtual and ending in SHADOW_ENDINGS


def is_same(value, expected):
    """Whether both are the same number, or else the same text."""
    try:
        return float(value) == float(expected)
    except ValueError:
        return value == expected


def plain(text):
    """The text without what could make it read differently from what it says."""
    return re.sub("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "\ufffd", text)


# The test


@contextlib.contextmanager
def scratch_folder(root):
    """A folder of this run's own, mode 0700, gone afterwards; what a killed run left behind goes first."""
    try:
        for left in Path(root).glob(SCRATCH_PREFIX + "*"):
            remove_abandoned(left)
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=root)).absolute()
    except OSError as error:
        raise Unusable("No scratch folder could be made in %s (%s)." % (root, error.strerror)) from error
    # Held as long as this process lives.
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_abandoned(folder):
    """The folder of a run that is over is gone; that of one under way, and what belongs to others, stays.

    One that was made a moment ago is not locked yet.
    """
    with contextlib.suppress(OSError):
        known = os.lstat(folder)
        if not stat.S_ISDIR(known.st_mode) or known.st_uid != os.geteuid() or time.time() - known.st_mtime < 60:
            return
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def run_test(options):
    """The whole report of one test. The scratch folder is gone afterwards, whatever happened."""
    report = {
        "report_key": uuid.uuid4().hex,
        "reporter": options.reporter,
        "database": options.database,
        "replica": options.replica,
        "started_at": now(),
        "phases": {},
    }
    started = time.monotonic()
    deadline = started + options.time_limit
    tool = None
    try:
        with scratch_folder(options.scratch) as folder:
            tool = Litestream(options, folder, deadline)
            report["tool"] = tool.version()
            measure(report, tool, options, started)
    except Ended as ended:
        report.update(status=ended.status, exit_code=ended.exit_code)
        report["checks"] = [{"name": "restore", "passed": False, "message": plain(ended.message)[:1000]}]
    except OSError as error:
        message = "The test could not go on (%s)." % (error.strerror or error)
        report.update(status="inconclusive", checks=[{"name": "restore", "passed": False, "message": plain(message)}])
    report.update(finished_at=now(), log_tail=tool.log if tool else "")
    return report


def measure(report, tool, options, started):
    """Plan, restore and inspect; the report has what was found, and its status."""
    # What is written to the source after this moment is not the backup's to have.
    written = last_write(options.source) if options.source else None
    with timed(report, "plan"):
        planned = tool.plan()
    needed = sum(int(file.get("size") or 0) for file in planned.get("files") or [])
    if shutil.disk_usage(tool.folder).free < needed:
        raise Ended("inconclusive", "There is less room in %s than the backup alone takes." % options.scratch)
    with timed(report, "restore"):
        path, txid = tool.restore()
    inspection = Inspection(path, options, tool.deadline)
    try:
        inspection.run()
    finally:
        report["phases"].update(inspection.phases)
    report["rto_seconds"] = round(time.monotonic() - started, 3)
    log = tool.log
    restored_to = read_header_time(options, txid)
    if restored_to is None and txid:
        restored_to = tool.newest_time(txid)
        # The listing has whole seconds, so the two are compared by whole seconds.
        written = written.replace(microsecond=0) if written else None
    tool.log = log
    # The threads end in any order.
    inspection.checks.sort(key=lambda check: CHECKS.index(check["name"]))
    report.update(inspection.facts, checks=inspection.checks, restored_txid=txid, exit_code=0)
    report.update({"restored_to": instant(restored_to)} if restored_to else {})
    report.update({"source_written_at": instant(written)} if written else {})
    report["status"] = "passed" if all(check["passed"] for check in inspection.checks) else "failed"


@contextlib.contextmanager
def timed(report, phase):
    """The report has the seconds of this phase, however it ends."""
    started = time.monotonic()
    try:
        yield
    finally:
        report["phases"][phase] = round(time.monotonic() - started, 3)


def now():
    """This moment as it is sent."""
    return instant(datetime.now(timezone.utc))


def instant(moment):
    """RFC 3339 in UTC."""
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


# Sending


class Refused(Exception):  # noqa: N818
    """An answer that trying again at once does not change: its status and sentence."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Unreachable(Exception):  # noqa: N818
    """No answer yet; the sentence says why."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes to the address it was meant for and nowhere else."""

    def redirect_request(self, *_args, **_kwargs):
        """Never."""


class Debrief:
    """Where reports go."""

    def __init__(self, options):
        self.address = options.debrief.rstrip("/")
        url = urllib.parse.urlsplit(self.address)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise Unusable("--debrief is no address such as https://debrief.example.org.")
        if url.scheme == "http" and not options.allow_http and not is_loopback(url.hostname):
            raise Unusable("--debrief begins with http://, so the token could be read on the way. Use https://.")
        self.token = read_token(options)
        try:
            context = ssl.create_default_context(cafile=options.ca_file)
        except OSError as error:
            raise Unusable("The certificates in %s cannot be read (%s)." % (options.ca_file, error)) from error
        # On loopback a proxy would be another host.
        proxies = [urllib.request.ProxyHandler({})] if is_loopback(url.hostname) else []
        self.opener = urllib.request.build_opener(NoRedirects, urllib.request.HTTPSHandler(context=context), *proxies)

    def send(self, report, until):
        """Debrief's answer; tries again until that moment. Raises Refused or Unreachable."""
        wait = 1.0
        while True:
            try:
                return self.post(report)
            except Unreachable:
                if time.monotonic() + wait > until:
                    raise
            time.sleep(wait)
            wait = min(wait * 2, 30.0)

    def post(self, report):
        """One try."""
        headers = {
            "Authorization": "Bearer " + self.token,
            "Content-Type": "application/json",
            "User-Agent": "debrief-restore-test-agent",
        }
        address = self.address + "/api/v1/restore-tests/"
        request = urllib.request.Request(address, json.dumps(report).encode(), headers, method="POST")  # noqa: S310
        try:
            with self.opener.open(request, timeout=30) as response:
                answer = json.loads(response.read(2**22))
                return {"status": answer["status"], "reasons": answer["reasons"], "reference": answer["reference"]}
        except urllib.error.HTTPError as error:
            message = explain(error)
            if error.code in (408, 425, 429) or error.code >= 500:
                raise Unreachable(message) from error
            raise Refused(error.code, message) from error
        except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException) as error:
            raise Unreachable("no answer from %s (%s)" % (self.address, getattr(error, "reason", error))) from error


def explain(error):
    """The sentence of a problem document, or the status alone."""
    try:
        detail = json.loads(error.read(2**16))["detail"]
    except (OSError, ValueError, KeyError, TypeError):
        detail = "the address may be another one" if 300 <= error.code < 400 else error.reason
    return plain("%d: %s" % (error.code, detail))[:500]


def is_loopback(host):
    """Whether what is sent there stays on this machine."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def read_token(options):
    """The token, from a file that others may not read or from the environment."""
    if options.token_file:
        try:
            if os.stat(options.token_file).st_mode & 0o007:
                raise Unusable("Others may read %s. Run: chmod o= %s" % (options.token_file, options.token_file))
            token = Path(options.token_file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise Unusable("The token in %s cannot be read (%s)." % (options.token_file, error)) from error
    else:
        token = os.environ.get(options.token_env, "").strip()
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise Unusable("There is no token. Name its file by --token-file, or its variable by --token-env.")
    return token


class Spool:
    """Reports that wait to be sent: written before anything is sent, removed once Debrief has them."""

    def __init__(self, options):
        self.folder, self.address = Path(options.spool), options.debrief.rstrip("/")
        self.unkept = []
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            known = self.folder.stat()
        except OSError as error:
            raise Unusable(
                "The folder of unsent reports %s cannot be made (%s)." % (self.folder, error.strerror)
            ) from error
        # A report that somebody else puts there would be sent with this token.
        if known.st_uid != os.geteuid() or known.st_mode & 0o022:
            raise Unusable(
                "Others may write to the folder of unsent reports %s, or own it. Name one of your own by --spool."
                % self.folder
            )

    def keep(self, report):
        """The report is safe on the disk; where that fails it is sent by this run or by none."""
        try:
            self.write(report)
        except OSError:
            self.unkept.append((None, report))

    def write(self, report):
        """The report is a file of its own, whole or not at all."""
        path = self.folder / ("%s-%s.json" % (re.sub(r"[^0-9]", "", report["started_at"])[:20], report["report_key"]))
        draft = path.with_suffix(".draft")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"debrief": self.address, "report": report}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def waiting(self):
        """The reports for this Debrief, oldest first."""
        for path in sorted(self.folder.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                kept = json.loads(path.read_text(encoding="utf-8"))
                if kept["debrief"] == self.address:
                    yield path, kept["report"]
        yield from self.unkept


def deliver(spool, debrief, key, until):
    """Sends what waits. The answer to the report of this run or None, and a sentence on what could not be sent."""
    answer = None
    for path, report in spool.waiting():
        try:
            got = debrief.send(report, until)
        except Unreachable as error:
            return answer, "%s: %s" % ("NOT KEPT" if spool.unkept else "kept for the next run", error)
        except Refused as error:
            if path and error.status in (400, 409, 413, 422):
                # It will never be taken; set aside, it does not hold up the others.
                path.rename(path.with_suffix(".refused"))
            if report["report_key"] == key or error.status in (401, 403):
                raise
            continue
        if path:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        answer = got if report["report_key"] == key else answer
    return answer, ""


def main(arguments=None):
    """One test, one report, one line."""
    options = read_arguments(arguments)
    os.umask(0o077)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, Signals.end)
    name = "%s/%s" % (options.database, options.replica)
    try:
        # Before the restore, so that what is not set up is found at once.
        debrief, spool = Debrief(options), Spool(options)
        report = run_test(options)
        spool.keep(report)
    except (Unusable, OSError) as error:
        return say(NOT_RUN, "RESTORE TEST NOT RUN: %s: %s" % (name, error))
    reasons = [check["message"] for check in report["checks"] if not check["passed"]]
    status, place = report["status"], ""
    try:
        answer, trouble = deliver(spool, debrief, report["report_key"], time.monotonic() + options.retry_for)
    except Refused as error:
        return say(
            NOT_RUN, "%s; NOT REPORTED: Debrief answers %s" % (summary(name, status, report, reasons), error.message)
        )
    if answer:
        # Debrief knows more: the objectives, and what the last passing test found.
        status, reasons, place = answer["status"], answer["reasons"], " %s" % answer["reference"]
    line = summary(name, status, report, reasons) + place + ("; " + trouble if trouble else "")
    return say({"passed": PASSED, "failed": FAILED, "timed_out": FAILED}.get(status, NOT_RUN), line)


def summary(name, status, report, reasons):
    """One line for cron's mail."""
    line = "RESTORE TEST %s: %s" % (status.replace("_", " ").upper(), name)
    if status == "passed":
        rows = sum(report["tables"].values())
        return "%s: %s rows, integrity ok, restored in %.1f s" % (line, format(rows, ","), report["rto_seconds"])
    return "%s: %s" % (line, " ".join(reasons)[:1000])


def say(code, line):
    """The line is printed; the exit code is handed on."""
    sys.stdout.write(plain(line) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
