"""What the page of one database shows: how it stands, its charts, its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lib.durations import format_duration
from recovery.charts import Chart, Limit, Sample, by_name, chart_history, chart_tests
from recovery.filter_forms import DatabaseHistoryForm, address_part, read_filter
from recovery.forms import RestoreTestForm
from recovery.models import Database, DiskUsage, RestoreTest, SkippedRun
from recovery.queries import (
    filter_restore_tests,
    find_readiness,
    list_disk_usage,
    list_lags,
    list_measured_tests,
    list_open_alarms,
    list_skipped_between,
)
from recovery.queries.history import HistoryFilter
from recovery.queries.readiness import DatabaseReadiness
from recovery.services.lag import lag_limit
from recovery.services.schedules import schedule_in_words
from recovery.views.overview import make_rows

PAGE_SIZE = 20
DAY, QUARTER = timedelta(days=1), timedelta(days=90)
Status = RestoreTest.Status


@dataclass(frozen=True)
class HistoryRow:
    """A test, or a run that was skipped instead."""

    test: RestoreTest | None = None
    skipped: SkippedRun | None = None


def database_page(database: Database, user: User, asked: QueryDict) -> dict[str, Any]:
    """The page of a database with the filter, the page of its history and the period that `asked` names."""
    now = timezone.now()
    replicas = list(database.replicas.all())
    filter_form = DatabaseHistoryForm(asked, replicas=[replica.name for replica in replicas])
    wanted = read_filter(filter_form, database=database.name)
    readiness = find_readiness(database, now=now)
    (row,) = make_rows([readiness], now=now)
    is_long = asked.get("period") == "quarter"
    since = now - (QUARTER if is_long else DAY)
    return {
        "database": database,
        "row": row,
        "replicas": replicas,
        "alarms": list_open_alarms(database),
        "checks": database.checks.filter(is_enabled=True),
        "schedule": schedule_in_words(database),
        "charts": _chart_tests(database, wanted, now),
        "watch_charts": _chart_watch(database, readiness, wanted, (since, now)),
        "is_long": is_long,
        "filter_form": filter_form,
        "filter_part": address_part(wanted, leave_out="database"),
        **_history(database, wanted, user, asked.get("page")),
        "form": RestoreTestForm(),
        "base_url": settings.BASE_URL,
        "can_write": user.is_writer and not database.is_demonstration,
        "can_administer": user.is_administrator and not database.is_demonstration,
    }


def _history(database: Database, wanted: HistoryFilter, user: User, number: str | None) -> dict[str, Any]:
    page = Paginator(filter_restore_tests(wanted, user), PAGE_SIZE).get_page(number)
    tests = list(page.object_list)
    skipped: list[SkippedRun] = []
    # A run that was skipped has no result, so it answers no question for one.
    if not wanted.status:
        after = tests[-1].requested_at if page.has_next() else None
        until = _end_of_newer(page)
        skipped = list_skipped_between(database, after=after, until=until, replica=wanted.replica)
    return {"page": page, "history": _merge(tests, skipped)}


def _end_of_newer(page: Page[RestoreTest]) -> datetime | None:
    """When the oldest test of the page before was asked for; None on the first."""
    if not page.has_previous():
        return None
    newer: datetime = page.paginator.object_list[page.start_index() - 2].requested_at
    return newer


def _merge(tests: Sequence[RestoreTest], skipped: Sequence[SkippedRun]) -> list[HistoryRow]:
    """Both, the newest first; tests stay in the order of their numbers."""
    rows, waiting = [], list(skipped)
    for test in tests:
        while waiting and waiting[0].due_at > test.requested_at:
            rows.append(HistoryRow(skipped=waiting.pop(0)))
        rows.append(HistoryRow(test=test))
    return rows + [HistoryRow(skipped=one) for one in waiting]


def _chart_tests(database: Database, wanted: HistoryFilter, now: datetime) -> list[Chart]:
    rows = list_measured_tests(database, now=now, replica=wanted.replica)
    rto = by_name((name, Sample(at, rto, status != Status.PASSED)) for name, at, rto, _rpo, status in rows)
    rpo = by_name((name, Sample(at, rpo, status != Status.PASSED)) for name, at, _rto, rpo, status in rows)
    return [
        chart_tests("rto", "RTO", rto, limit=_objective(database.rto_objective_seconds), now=now),
        chart_tests("rpo", "RPO", rpo, limit=_objective(database.rpo_objective_seconds), now=now),
    ]


def _chart_watch(
    database: Database, readiness: DatabaseReadiness, wanted: HistoryFilter, period: tuple[datetime, datetime]
) -> list[Chart]:
    lags = list_lags(database, since=period[0], replica=wanted.replica)
    lag = by_name((name, Sample(at, seconds)) for name, at, seconds in lags)
    disk = by_name((usage.path, _usage(usage)) for usage in list_disk_usage(readiness.paths, since=period[0]))
    # One line for all: where the methods differ, each replica has a limit of its own.
    limits = {lag_limit(database, method) for method in {one.method for one in readiness.replicas}}
    alert = limits.pop() if len(limits) == 1 else None
    lag_alert = Limit(alert, _("alert at %(level)s") % {"level": format_duration(alert)}) if alert else None
    percent = database.disk_alert_percent
    disk_limit = Limit(percent, _("alert at %(level)s %%") % {"level": percent})
    return [
        chart_history("lag", _("Lag"), lag, limit=lag_alert, period=period),
        chart_history("disk", _("Disk in use"), disk, limit=disk_limit, period=period, is_percent=True),
    ]


def _usage(usage: DiskUsage) -> Sample:
    return Sample(usage.at, usage.used_percent)


def _objective(seconds: int | None) -> Limit | None:
    return None if seconds is None else Limit(seconds, _("objective %(goal)s") % {"goal": format_duration(seconds)})
