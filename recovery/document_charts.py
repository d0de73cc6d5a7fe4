"""What the restore tests of a database measured up to the one that a document shows, as charts of the document."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.documents import tree
from incidents.models import Incident, Visibility
from lib.durations import format_duration
from recovery import charts
from recovery.models import Database, RestoreTest

# More of them would be dots upon dots.
SHOWN = 30


def measured_charts(incident: Incident, tests: Sequence[RestoreTest]) -> list[tree.Chart]:
    """RTO and RPO of each database that these tests are of; one test alone is no chart.

    Later tests are left out, so that a document stays as it is, and so are those of restricted incidents.
    """
    newest: dict[int, RestoreTest] = {}
    for test in sorted(tests, key=lambda test: test.number):
        newest[test.replica.database_id] = test
    if not newest:
        return []
    known_to_all = Q(incident=None) | Q(incident=incident) | Q(incident__visibility=Visibility.OPEN)
    found = RestoreTest.objects.filter(
        known_to_all,
        replica__database__in=newest,
        target_at=None,
        finished_at__isnull=False,
        number__lte=max(test.number for test in newest.values()),
    ).select_related("replica")
    measured = sorted(found, key=lambda test: test.number)
    drawn: list[tree.Chart] = []
    for database_id, last in newest.items():
        same = [one for one in measured if one.replica.database_id == database_id and one.number <= last.number][
            -SHOWN:
        ]
        if len(same) > 1:
            drawn += _draw(last, same)
    return drawn


def _draw(last: RestoreTest, tests: Sequence[RestoreTest]) -> list[tree.Chart]:
    database = last.replica.database
    kinds = {"rto": (_("Restore time"), _("RTO objective")), "rpo": (_("Data not in the replica"), _("RPO objective"))}
    return [
        _chart(database, kind, title, _limit(getattr(last, f"{kind}_objective_seconds"), objective), tests)
        for kind, (title, objective) in kinds.items()
        if any(getattr(test, f"{kind}_seconds") is not None for test in tests)
    ]


def _limit(seconds: int | None, label: str) -> charts.Limit | None:
    return None if seconds is None else charts.Limit(seconds, f"{label} {format_duration(seconds)}")


def _chart(
    database: Database, kind: str, title: str, limit: charts.Limit | None, tests: Sequence[RestoreTest]
) -> tree.Chart:
    samples = [
        charts.Sample(_end(test), getattr(test, f"{kind}_seconds"), test.status != RestoreTest.Status.PASSED)
        for test in tests
    ]
    named = _("%(measure)s in the tests of %(database)s") % {"measure": title, "database": database.name}
    # In the timezone of the document, whoever reads it.
    with timezone.override(timezone.get_default_timezone()):
        chart = charts.chart_tests(kind, named, {title: samples}, limit=limit, now=samples[-1].at)
    return tree.Chart(
        key=f"chart-{database.pk}-{kind}",
        title=named,
        description=chart.description,
        frame=chart.frame,
        x_ticks=chart.x_ticks,
        y_ticks=chart.y_ticks,
        line=chart.lines[0].path,
        dots=chart.lines[0].dots,
        crosses=chart.crosses,
        limit=chart.limit,
        is_limit_beyond=chart.is_limit_beyond,
    )


def _end(test: RestoreTest) -> datetime:
    return test.finished_at or test.requested_at
