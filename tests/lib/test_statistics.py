"""What the planner knows of the tables."""

from typing import Any

import pytest
from django.db import connection

from config.tasks import refresh_statistics
from lib.statistics import ENTRIES
from tests.factories import make_event, make_incident

pytestmark = pytest.mark.django_db


def known_rows() -> dict[str, int]:
    """How many rows SQLite takes its tables for, as far as it has looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchone()[0]:
            return {}
        cursor.execute("SELECT tbl, max(CAST(stat AS integer)) FROM sqlite_stat1 GROUP BY tbl")
        return dict(cursor.fetchall())


def test_afterwards_it_knows_how_much_there_is(django_assert_num_queries: Any) -> None:
    incident = make_incident()
    for n in range(20):
        make_event(incident, f"Event {n}")
    if connection.vendor == "postgresql":
        # Which its autovacuum finds out.
        with django_assert_num_queries(0):
            refresh_statistics()
        return
    assert known_rows().get("incidents_timelineevent", 0) < 20
    refresh_statistics()
    known = known_rows()
    assert known["incidents_timelineevent"] >= 20
    assert not [table for table in known if table.startswith("incidents_search")]
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA analysis_limit").fetchone() == (ENTRIES,)
