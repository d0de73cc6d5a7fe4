"""A PostgreSQL standby as a backup: copied by a base backup, and started where nobody else reaches it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, cast

from django.utils.translation import gettext as _

from recovery.errors import RestoreInconclusive
from recovery.methods.backup import Description, Lag, Plan, Restored, Secrets, SourceState
from recovery.methods.inspection import Inspection, Question
from recovery.methods.postgresql_address import check_dsn
from recovery.methods.postgresql_asking import Remote
from recovery.methods.postgresql_fetch import FolderWatch, fetch, make_harmless, verify
from recovery.methods.postgresql_inspection import inspect_cluster
from recovery.methods.postgresql_programs import Programs, find_programs
from recovery.methods.postgresql_replication import Replication
from recovery.methods.postgresql_server import Cluster, running_server
from recovery.methods.postgresql_signals import describe_stall
from recovery.methods.process import Bounds

# What a base backup brings beside the data: the log that is written meanwhile, whose segments are 16 MB.
_LOG_BYTES = 64 * 1024 * 1024
_CLUSTER_SQL = """SELECT json_build_object(
    'size', (SELECT sum(pg_tablespace_size(oid))::bigint FROM pg_tablespace),
    'superuser', (SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid LIMIT 1),
    'tablespaces', (SELECT coalesce(json_agg(place), '[]') FROM (SELECT pg_tablespace_location(oid) AS place
        FROM pg_tablespace) AS places WHERE place LIKE '/%'))"""
_REPLAYED_SQL = "SELECT pg_last_xact_replay_timestamp()"


@dataclass(frozen=True, kw_only=True)
class StandbyPlan(Plan):
    """What the standby was when it was asked. `notes` say what is doubtful about it, and why `newest_at` is None."""

    major: int
    system: str
    superuser: str
    tablespaces: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RestoredCluster(Restored):
    """The restored cluster, shut down, with what is needed to start it again."""

    cluster: Cluster
    system: str


@dataclass(frozen=True)
class Standby:
    """One standby, its primary where it can be asked, and the table and column of a heartbeat where one is kept.

    Secrets are "standby_password" and "primary_password". `program_folder` is where PostgreSQL's programs are if not
    where Debian and Red Hat put them. Raises RecoveryError for a connection string that `check_dsn` refuses.
    """

    standby_dsn: str
    primary_dsn: str | None = None
    secrets: Secrets = field(default_factory=Secrets)
    heartbeat: tuple[str, str] | None = None
    program_folder: Path | None = None
    can_restore_to_a_moment: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_dsn(self.standby_dsn)
        if self.primary_dsn:
            check_dsn(self.primary_dsn)

    def tool_version(self) -> str:
        """Of the newest that is installed: which one a restore takes depends on the standby."""
        return f"pg_basebackup {self._programs().version}"

    def describe(self, bounds: Bounds) -> Description:
        """The standby as it is now; it keeps no earlier state."""
        replication = self._replication(bounds)
        standby = replication.ask_standby()
        newest_at, _note = replication.newest(standby)
        size = self._standby.ask(_CLUSTER_SQL, self._programs(), bounds)["size"]
        return Description(newest_at, None, size, f"PostgreSQL {standby.raw['version']}")

    def plan(self, bounds: Bounds, *, at: datetime | None = None) -> StandbyPlan:
        """The latest state. Raises RestoreFailed if the server is no standby any more, or that of another primary."""
        if at is not None:
            raise RestoreInconclusive(
                _("A standby has only its latest state. Restore to a point in time from an archive of the log.")
            )
        replication = self._replication(bounds)
        standby = replication.ask_standby()
        replication.check_system(standby)
        major = int(standby.raw["number"]) // 10000
        find_programs(major, self.program_folder)
        newest_at, note = replication.newest(standby)
        cluster = self._standby.ask(_CLUSTER_SQL, self._programs(), bounds)
        if not cluster["superuser"]:
            raise RestoreInconclusive(_("No superuser of the standby may log in, so its copy cannot be read."))
        return StandbyPlan(
            asked_at=None,
            newest_at=newest_at,
            marker=str(standby.raw["position"] or ""),
            bytes_to_fetch=cluster["size"],
            expected_bytes=cluster["size"] + _LOG_BYTES,
            is_size_exact=False,
            major=major,
            system=standby.system,
            superuser=cluster["superuser"],
            tablespaces=tuple(cluster["tablespaces"]),
            notes=tuple(filter(None, (describe_stall(standby, None), note))),
        )

    def restore(self, planned: Plan, bounds: Bounds, *, on_progress: Callable[[int], None]) -> RestoredCluster:
        """The standby's cluster in `data`: fetched, verified, recovered, and shut down again."""
        planned = cast(StandbyPlan, planned)
        programs = find_programs(planned.major, self.program_folder)
        watch = FolderWatch(bounds, on_progress)
        watched = replace(bounds, on_tick=watch.tick)
        started = time.monotonic()
        finished = fetch(programs, self._standby.conninfo(bounds.folder), planned.tablespaces, watched)
        fetched = time.monotonic()
        cluster = Cluster(bounds.folder / "data", programs, planned.superuser)
        verify(programs, watched)
        make_harmless(cluster.data)
        replayed_at = self._recover(cluster, watched)
        watch.measure()
        return RestoredCluster(
            path=cluster.data,
            marker=planned.marker,
            newest_at=max(filter(None, (planned.newest_at, replayed_at)), default=None),
            expected_bytes=None,
            seconds={"fetch": fetched - started, "restore": time.monotonic() - fetched},
            log_tail=finished.log_tail,
            notes=planned.notes,
            cluster=cluster,
            system=planned.system,
        )

    def inspect(self, restored: Restored, bounds: Bounds, *, questions: tuple[Question, ...] = ()) -> Inspection:
        """Everything about the cluster, of which the database that the connection string names is counted."""
        restored = cast(RestoredCluster, restored)
        watched = replace(bounds, on_tick=FolderWatch(bounds).tick)
        database = self._standby.address.database
        found = inspect_cluster(restored.cluster, database, watched, system=restored.system, questions=questions)
        notes = (*found.integrity.notes, *restored.notes)
        return replace(found, integrity=replace(found.integrity, notes=notes))

    def read_source(self, bounds: Bounds) -> SourceState:
        """The primary's last write, as far as it can be told from what the standby has not got."""
        return self._replication(bounds).read_source()

    def lag(self, bounds: Bounds) -> Lag:
        """How far the standby is behind; unknown while replay is paused or nothing arrives, however small it looks."""
        return self._replication(bounds).lag()

    @property
    def _standby(self) -> Remote:
        return Remote("standby", check_dsn(self.standby_dsn), self.secrets)

    def _programs(self) -> Programs:
        return find_programs(None, self.program_folder)

    def _replication(self, bounds: Bounds) -> Replication:
        primary = Remote("primary", check_dsn(self.primary_dsn), self.secrets) if self.primary_dsn else None
        return Replication(self._standby, primary, self.heartbeat, self._programs(), bounds)

    def _recover(self, cluster: Cluster, bounds: Bounds) -> datetime | None:
        """The log that came with the copy is replayed; when its last transaction was made, None if it had none."""
        database = self._standby.address.database
        with running_server(cluster, bounds, wait_for=database) as server:
            with server.connect(cluster.superuser, database) as connection:
                row = connection.execute(_REPLAYED_SQL).fetchone()
            server.stop(bounds)
        return row[0].astimezone(UTC) if row and row[0] else None


__all__ = ["RestoredCluster", "Standby", "StandbyPlan", "check_dsn"]
