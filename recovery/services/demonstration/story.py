"""What the demonstration is about: the databases of the guide, their backups, and what went wrong when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from recovery.models import Check, Database, Replica, RestoreTest

Method, Status, Kind = Replica.Method, RestoreTest.Status, Check.Kind
HOUR, DAY = 3600.0, 86_400.0
MEGABYTE = 1_000_000
# Nothing is there, and nothing ever looks: no real path may be taken for one of the demonstration.
ROOT = "/demonstration"
LITESTREAM, BACKUP_API, COPY = "litestream 0.5.17", "sqlite3 3.40.1", "cp, sqlite3 3.40.1"
PG = "pg_basebackup 15.18"


@dataclass(frozen=True)
class Mishap:
    """One test that did not pass: how many days before the end, how it ended, and why."""

    days_ago: float
    status: RestoreTest.Status
    check: str
    message: str


@dataclass(frozen=True)
class ReplicaStory:
    """A backup: how often it is tested, and from what to what its RTO grows; its RPO lies in a range of seconds."""

    name: str
    method: Replica.Method
    destination: str
    tool: str
    every: timedelta
    rto: tuple[float, float]
    rpo: tuple[float, float]
    lag: tuple[float, float] | None
    mishaps: tuple[Mishap, ...] = ()
    # How many points in time are tested besides, each week.
    points: int = 0
    # Since so many days ago it has not been tested any more.
    silent_days: float = 0


@dataclass(frozen=True)
class DatabaseStory:
    """A database: `tables` and `megabytes` grow from the first figure to the second; `disk` is how full its disk is."""

    name: str
    location: str
    rpo_objective: int
    rto_objective: int
    tables: Mapping[str, tuple[int, int]]
    megabytes: tuple[float, float]
    replicas: tuple[ReplicaStory, ...]
    disk: tuple[float, float] | None
    kind: Database.Kind = Database.Kind.SQLITE
    host: str = ""
    checks: Mapping[Check.Kind, Mapping[str, Any]] = field(default_factory=dict)
    # Days ago, and the reason.
    skipped: tuple[tuple[float, str], ...] = ()


APP = DatabaseStory(
    name="demo-app",
    location=f"{ROOT}/data/app.db",
    rpo_objective=5,
    rto_objective=15,
    tables={"users": (138_000, 150_000), "sessions": (44_000, 50_000), "orders": (610_000, 702_000)},
    megabytes=(262, 321),
    disk=(58, 66),
    checks={
        Kind.REQUIRED_TABLES: {"tables": ["orders", "sessions", "users"]},
        Kind.NO_SHRINKAGE: {"percent": 50},
        Kind.MINIMUM_ROWS: {"table": "users", "rows": 100_000},
    },
    skipped=((16.2, "The test of the night before was still running, so this run was left out."),),
    replicas=(
        ReplicaStory(
            name="s3",
            method=Method.LITESTREAM,
            destination="s3://demonstration-backup/app-db",
            tool=LITESTREAM,
            every=timedelta(days=1),
            rto=(6.8, 8.5),
            rpo=(0.2, 1.4),
            lag=(0.05, 0.35),
            points=2,
            mishaps=(
                Mishap(
                    36,
                    Status.FAILED,
                    "no_shrinkage",
                    "Rows are gone since the last passing test: orders (611,204 before, 1,873 now).",
                ),
                Mishap(
                    21,
                    Status.INCONCLUSIVE,
                    "restore",
                    "The replica's server refused the connection, so nothing can be said. Check that it is running.",
                ),
            ),
        ),
        ReplicaStory(
            name="sftp",
            method=Method.LITESTREAM,
            destination="sftp://backup@backup-server.example:22/backups/app.db",
            tool=LITESTREAM,
            every=timedelta(days=2),
            rto=(9.6, 12.4),
            rpo=(0.8, 3.2),
            lag=(0.6, 2.0),
            mishaps=(
                Mishap(14, Status.TIMED_OUT, "restore", "The restore was not over after 15 min: the server is silent."),
            ),
        ),
    ),
)
BLOG = DatabaseStory(
    name="demo-blog",
    location=f"{ROOT}/data/blog.db",
    rpo_objective=26 * 3600,
    rto_objective=60,
    tables={"posts": (4_950, 5_200), "comments": (18_300, 20_100)},
    megabytes=(39, 44),
    disk=(41, 47),
    checks={Kind.REQUIRED_TABLES: {"tables": ["comments", "posts"]}, Kind.NO_SHRINKAGE: {"percent": 50}},
    skipped=((30.2, "No worker was running when this run was due."),),
    replicas=(
        ReplicaStory(
            name="cron",
            method=Method.FILE_COPY,
            destination=f"{ROOT}/backups/blog/",
            tool=COPY,
            every=timedelta(days=1),
            rto=(0.9, 1.2),
            rpo=(2 * HOUR, 23 * HOUR),
            lag=(HOUR, 23 * HOUR),
            mishaps=(
                Mishap(
                    25,
                    Status.FAILED,
                    "integrity_check",
                    "SQLite’s integrity check found faults: row 812 missing from index comments_by_post.",
                ),
                Mishap(
                    0.4,
                    Status.FAILED,
                    "integrity_check",
                    "SQLite’s integrity check found faults: database disk image is malformed. The copy was made while "
                    "the database was being written to.",
                ),
            ),
        ),
        ReplicaStory(
            name="nightly",
            method=Method.SQLITE_BACKUP,
            destination=f"{ROOT}/backups/blog-nightly/",
            tool=BACKUP_API,
            every=timedelta(days=1),
            rto=(0.8, 1.1),
            rpo=(3 * HOUR, 22 * HOUR),
            lag=(HOUR, 24 * HOUR),
        ),
        ReplicaStory(
            name="s3",
            method=Method.LITESTREAM,
            destination="s3://demonstration-backup/blog-db",
            tool=LITESTREAM,
            every=timedelta(days=7),
            rto=(1.0, 1.3),
            rpo=(0.1, 0.9),
            lag=(0.03, 0.2),
        ),
    ),
)
ORDERS = DatabaseStory(
    name="demo-orders",
    location="host=orders-1.example port=5432 dbname=orders user=debrief",
    kind=Database.Kind.POSTGRESQL,
    rpo_objective=5,
    rto_objective=60,
    tables={"orders": (1_204_000, 1_398_000), "order_lines": (3_950_000, 4_570_000), "customers": (88_000, 96_500)},
    megabytes=(690, 802),
    disk=(69, 77),
    checks={Kind.NO_SHRINKAGE: {"percent": 50}, Kind.IDENTITY: {"values": {"system_identifier": "7412"}}},
    replicas=(
        ReplicaStory(
            name="standby",
            method=Method.POSTGRESQL_STREAMING,
            destination="host=orders-2.example port=5432 user=debrief",
            tool=PG,
            every=timedelta(days=1),
            rto=(26.5, 33.8),
            rpo=(0.1, 1.2),
            lag=(0.02, 0.5),
            mishaps=(
                Mishap(
                    44,
                    Status.FAILED,
                    "integrity_check",
                    "pg_verifybackup found a file that does not match its checksum: base/16384/2619.",
                ),
                Mishap(9, Status.INCONCLUSIVE, "restore", "The scratch disk had no room for 798 MB. Make room there."),
            ),
        ),
    ),
)
WIKI = DatabaseStory(
    name="demo-wiki",
    location=f"{ROOT}/wiki/wiki.db",
    host="wiki-1.example",
    rpo_objective=26 * 3600,
    rto_objective=60,
    tables={"pages": (2_100, 2_240), "revisions": (31_000, 34_600)},
    megabytes=(120, 131),
    disk=None,
    replicas=(
        ReplicaStory(
            name="nightly",
            method=Method.SQLITE_BACKUP,
            destination=f"{ROOT}/backups/wiki/",
            tool=BACKUP_API,
            every=timedelta(days=7),
            rto=(2.6, 3.0),
            rpo=(4 * HOUR, 20 * HOUR),
            lag=None,
            silent_days=12,
        ),
    ),
)
DATABASES = (APP, BLOG, ORDERS, WIKI)
