"""The index on PostgreSQL: who may make it, and what is said when it is missing."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.recovery.management.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]
TABLES = ("incidents_actionitem", "incidents_incident", "incidents_postmortemsection", "incidents_timelineevent")


@pytest.fixture
def database(postgresql_url: str) -> Iterator[str]:
    """A database of the test's own, whose owner is no superuser."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE owner LOGIN")
        connection.execute("CREATE DATABASE own OWNER owner")
        yield postgresql_url.replace("debrief@", "owner@").replace("/postgres", "/own")
        connection.execute("DROP DATABASE own")
        connection.execute("DROP ROLE owner")


def test_an_owner_without_further_rights_gets_the_index(database: str, tmp_path: Path) -> None:
    installation = Installation(tmp_path, database)
    assert installation.manage("migrate").code == 0
    assert installation.manage("search_rebuild").code == 0
    with psycopg.connect(database, autocommit=True) as connection:
        indexes = connection.execute("SELECT tablename FROM pg_indexes WHERE indexname LIKE '%_search'").fetchall()
        assert sorted(name for (name,) in indexes) == sorted(TABLES)
        connection.execute("DROP INDEX incidents_timelineevent_search")
    checked = installation.manage("search_rebuild", "--check")
    assert checked.code == 1
    assert "incidents_timelineevent_search" in checked.out
    assert installation.manage("migrate", "incidents", "zero").code == 0


def test_where_the_extension_may_not_be_added_it_is_said_what_to_do(
    postgresql_url: str, database: str, tmp_path: Path
) -> None:
    own = postgresql_url.replace("/postgres", "/own")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON DATABASE own FROM owner")
        connection.execute("ALTER DATABASE own OWNER TO debrief")
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("GRANT ALL ON SCHEMA public TO owner")
    installation = Installation(tmp_path, database)
    refused = installation.manage("migrate")
    assert refused.code == 1
    assert "CREATE EXTENSION pg_trgm" in refused.err
    assert "Traceback" not in refused.err
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    assert installation.manage("migrate").code == 0
