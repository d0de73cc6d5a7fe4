"""A database in one row: how it stands, in words and a few figures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.durations import format_duration
from recovery.charts import Sample, Sparkline, draw_sparkline
from recovery.models import DiskUsage, RestoreTest
from recovery.models.replica import is_within_reach
from recovery.queries import list_newest_disk_usage, list_reasons, list_recent_endings
from recovery.queries.readiness import DatabaseReadiness, Readiness, describe_unproven
from recovery.queries.schedules import list_with_schedules
from recovery.services.schedules import next_run

# The colours of a label follow the status of a test.
TONES = {
    Readiness.FAILING: "failed",
    Readiness.LAPSED: "failed",
    Readiness.UNPROVEN: "failed",
    Readiness.DOUBTFUL: "inconclusive",
    Readiness.PROVEN: "passed",
}


@dataclass(frozen=True)
class OverviewRow:
    """What a page says about how a database stands. `proven_ago` is in words, "" without a proof."""

    database: DatabaseReadiness
    label: str
    sentence: str
    proven_ago: str
    disk: DiskUsage | None
    sparkline: Sparkline | None
    next_at: datetime | None
    # Of an agent that alone can test it.
    host: str
    # In words, where the age of the newest data stands for a lag that nobody can know from here.
    newest_ago: str

    @property
    def tone(self) -> str:
        """The status of a test that its label looks like."""
        return TONES[self.database.readiness]

    @property
    def no_rto(self) -> str:
        """Why there is no RTO."""
        return _("its test measured none") if self.database.proof else _("no test proves it")

    @property
    def no_rpo(self) -> str:
        """Why there is no RPO."""
        return self.database.proof.rpo_reason or self.no_rto if self.database.proof else self.no_rto

    @property
    def is_disk_full(self) -> bool:
        """Whether the fullest disk has reached the level of its alert."""
        return self.disk is not None and self.disk.used_percent >= self.database.disk_alert_percent


def make_rows(databases: Sequence[DatabaseReadiness], *, now: datetime) -> list[OverviewRow]:
    """A row for each database, in the same order; four queries however many there are."""
    unpassed = [one.trouble.unpassed.number for one in databases if one.trouble and one.trouble.unpassed]
    reasons = list_reasons(unpassed) if unpassed else {}
    scheduled = list_with_schedules(one.pk for one in databases)
    disks = list_newest_disk_usage((path for one in databases for path in one.paths), now=now)
    endings = defaultdict(list)
    for database, replica, at, rto, status in list_recent_endings(one.pk for one in databases):
        endings[database].append((replica, Sample(at, rto, has_failed=status != RestoreTest.Status.PASSED)))
    return [
        OverviewRow(
            database=one,
            label=_label(one),
            sentence=_say(one, reasons, now),
            proven_ago=format_duration((now - one.proof.finished_at).total_seconds()) if one.proof else "",
            disk=max((disks[path] for path in one.paths if path in disks), key=_fullness, default=None),
            sparkline=draw_sparkline(endings[one.pk]) if one.pk in endings else None,
            next_at=next_run(scheduled[one.pk], now),
            host=_agent_host(one),
            newest_ago=_newest_ago(one, now),
        )
        for one in databases
    ]


def _agent_host(database: DatabaseReadiness) -> str:
    places = [replica.destination for replica in database.replicas]
    is_reached = any(is_within_reach(place, host=database.host, kind=database.kind) for place in places)
    return "" if is_reached else database.host


def _newest_ago(database: DatabaseReadiness, now: datetime) -> str:
    slowest = database.slowest
    if not database.host or slowest is None or slowest.lag_seconds is not None or slowest.newest_at is None:
        return ""
    return format_duration(max(0.0, (now - slowest.newest_at).total_seconds()))


def _fullness(disk: DiskUsage) -> float:
    return disk.used_percent


def _label(database: DatabaseReadiness) -> str:
    if database.readiness == Readiness.UNPROVEN:
        tested = any(replica.newest_test for replica in database.replicas)
        return _("Never proven") if tested else _("Never tested")
    return {
        Readiness.FAILING: _("Failing"),
        Readiness.LAPSED: _("Lapsed"),
        Readiness.DOUBTFUL: _("In doubt"),
        Readiness.PROVEN: _("Proven"),
    }[database.readiness]


def _say(database: DatabaseReadiness, reasons: dict[int, tuple[str, ...]], now: datetime) -> str:
    """What is wrong, in a sentence; empty where nothing is."""
    test = database.trouble.unpassed if database.trouble else None
    if database.readiness in (Readiness.FAILING, Readiness.DOUBTFUL) and test:
        words = {
            RestoreTest.Status.FAILED: _("Last test failed: %(reason)s"),
            RestoreTest.Status.TIMED_OUT: _("Last test timed out: %(reason)s"),
        }.get(RestoreTest.Status(test.status), _("Last test was inconclusive: %(reason)s"))
        found = reasons.get(test.number, ())
        return words % {"reason": found[0] if found else _("no reason was recorded.")}
    if database.readiness == Readiness.LAPSED and database.proof:
        days = (now - database.proof.finished_at).days
        words = ngettext(
            "Not proven for %(days)s day (objective %(objective)s).",
            "Not proven for %(days)s days (objective %(objective)s).",
            days,
        )
        return words % {"days": days, "objective": database.proof_objective_days}
    return describe_unproven(database) if database.readiness == Readiness.UNPROVEN else ""
