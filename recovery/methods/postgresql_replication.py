"""How fresh a standby is against its primary, found by asking both: the primary first, then the standby."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from psycopg import sql

from lib.moments import read_stored_instant
from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.backup import Lag, SourceState
from recovery.methods.postgresql_asking import Remote
from recovery.methods.postgresql_programs import Programs
from recovery.methods.postgresql_signals import (
    PRIMARY_SQL,
    STANDBY_SQL,
    Signals,
    describe_mismatch,
    describe_stall,
    is_caught_up,
    judge_behind,
    judge_without_primary,
)
from recovery.methods.process import Bounds

# How long a standby that is well may take to replay what its primary had written when asked.
_PATIENCE_SECONDS = 2.0
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Replication:
    """A standby and, where it can be asked, its primary."""

    standby: Remote
    primary: Remote | None
    heartbeat: tuple[str, str] | None
    programs: Programs
    bounds: Bounds

    def ask_standby(self) -> Signals:
        """What the standby says now."""
        return Signals(self.standby.ask(STANDBY_SQL, self.programs, self.bounds))

    def check_system(self, standby: Signals) -> None:
        """Return for a standby of the primary, or one whose primary cannot be asked; else raise RestoreFailed."""
        if not standby.is_in_recovery:
            raise RestoreFailed(describe_stall(standby, None))
        primary, _reason = self._ask_primary()
        mismatch = primary and describe_mismatch(standby, primary)
        if mismatch:
            raise RestoreFailed(mismatch)

    def newest(self, standby: Signals) -> tuple[datetime | None, str]:
        """When the newest data on the standby was made, or None and the reason."""
        if self.heartbeat:
            newest_at = self._read_heartbeat(self.standby)
            return newest_at, "" if newest_at else _("The heartbeat's table on the standby has no time in it.")
        replayed_at = standby.instant("replayed_at")
        if replayed_at:
            return replayed_at, ""
        # Idle since the standby started: then what the primary has now is what the standby has.
        primary, reason = self._ask_primary()
        if primary and is_caught_up(self._wait_for(primary), primary.position):
            return primary.now, ""
        return None, reason or _("The standby has replayed no transaction since it started.")

    def read_source(self) -> SourceState:
        """The primary's last write: its own where it is known, the standby's newest where nothing is missing there."""
        primary, reason = self._ask_primary()
        if primary is None:
            return SourceState(None, reason)
        if self.heartbeat and self.primary:
            newest_at = self._read_heartbeat(self.primary)
            return SourceState(newest_at, "" if newest_at else _("The primary's heartbeat has no time in it."))
        standby = self._wait_for(primary)
        mismatch = describe_mismatch(standby, primary)
        if mismatch:
            return SourceState(None, mismatch)
        if is_caught_up(standby, primary.position):
            return SourceState(standby.instant("replayed_at") or primary.now)
        # No later than now, which is all that a primary says without track_commit_timestamp.
        return SourceState(primary.instant("committed_at") or primary.now)

    def lag(self) -> Lag:
        """As in `Backup.lag`."""
        primary, reason = self._ask_primary()
        if primary is None:
            standby = self.ask_standby()
            stall = describe_stall(standby, None)
            if stall:
                return Lag(None, stall)
            known = judge_without_primary(standby)
            return Lag(known.seconds, f"{known.reason} {reason}".strip())
        started = time.monotonic()
        standby = self.ask_standby()
        problem = describe_mismatch(standby, primary) or describe_stall(standby, primary)
        if problem:
            return Lag(None, problem)
        if is_caught_up(standby, primary.position):
            return Lag(0.0)
        return self._judge_behind(primary, started)

    def _judge_behind(self, primary: Signals, started: float) -> Lag:
        """Something was missing at first: either it arrives, which takes as long as the lag is, or it does not."""
        standby = self._wait_for(primary)
        if is_caught_up(standby, primary.position):
            return Lag(time.monotonic() - started)
        stall = describe_stall(standby, primary)
        if stall:
            return Lag(None, stall)
        if self.heartbeat and self.primary:
            theirs, ours = self._read_heartbeat(self.primary), self._read_heartbeat(self.standby)
            if theirs and ours:
                return Lag(max(0.0, (theirs - ours).total_seconds()))
        return judge_behind(standby)

    def _wait_for(self, primary: Signals) -> Signals:
        """The standby once it has what the primary had, or as it is after a while."""
        end = time.monotonic() + min(_PATIENCE_SECONDS, self.bounds.deadline.remaining)
        standby = self.ask_standby()
        while not is_caught_up(standby, primary.position) and time.monotonic() < end:
            time.sleep(_PAUSE_SECONDS)
            self.bounds.deadline.check()
            self.bounds.on_tick()
            standby = self.ask_standby()
        return standby

    def _ask_primary(self) -> tuple[Signals | None, str]:
        """The primary's answer, or None and the reason."""
        if self.primary is None:
            return None, _("No connection to the primary is set up.")
        try:
            return Signals(self.primary.ask(PRIMARY_SQL, self.programs, self.bounds)), ""
        except RestoreInconclusive as error:
            return None, error.message

    def _read_heartbeat(self, remote: Remote) -> datetime | None:
        table, column = self.heartbeat or ("", "")
        schema, dot, name = table.partition(".")
        relation = sql.Identifier(schema, name) if dot else sql.Identifier("public", table)
        query = sql.SQL("SELECT json_build_object('newest', (SELECT max({}) FROM {}))")
        text = query.format(sql.Identifier(column), relation).as_string(None)
        newest = remote.ask(text, self.programs, self.bounds)["newest"]
        found = None if newest is None else read_stored_instant(newest)
        return found.astimezone(UTC) if found else None
