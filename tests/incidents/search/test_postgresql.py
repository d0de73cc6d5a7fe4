"""The same searches with a real PostgreSQL in place of SQLite, and what only its index does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.project.test_postgresql import folder as folder
from tests.project.test_postgresql import url as url
from tests.recovery.management.installation import ROOT, Installation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]
SAME = ("tests/incidents/queries/test_search.py", "tests/incidents/queries/test_similar.py")
TABLES = ("incidents_actionitem", "incidents_incident", "incidents_postmortemsection", "incidents_timelineevent")


@pytest.fixture
def database(url: str) -> Iterator[str]:
    """A database of the test's own, whose owner is no superuser."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE owner LOGIN")
        connection.execute("CREATE DATABASE own OWNER owner")
        yield url.replace("debrief@", "owner@").replace("/postgres", "/own")
        connection.execute("DROP DATABASE own")
        connection.execute("DROP ROLE owner")


def test_the_same_is_found_as_with_sqlite(url: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", *SAME]
    environment = os.environ | {"DATABASE_URL": url}
    environment.pop("DEBRIEF_DATA_DIR", None)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4_000:]


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


def test_where_the_extension_may_not_be_added_it_is_said_what_to_do(url: str, database: str, tmp_path: Path) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON DATABASE own FROM owner")
        connection.execute("ALTER DATABASE own OWNER TO debrief")
    with psycopg.connect(url.replace("/postgres", "/own"), autocommit=True) as connection:
        connection.execute("GRANT ALL ON SCHEMA public TO owner")
    installation = Installation(tmp_path, database)
    refused = installation.manage("migrate")
    assert refused.code == 1
    assert "CREATE EXTENSION pg_trgm" in refused.err
    assert "Traceback" not in refused.err
    with psycopg.connect(url.replace("/postgres", "/own"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    assert installation.manage("migrate").code == 0
