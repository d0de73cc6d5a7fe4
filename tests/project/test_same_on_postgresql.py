"""What is asked most of the database is as right on PostgreSQL as on SQLite; `make test-postgresql` asks the rest."""

import pytest

from tests.postgresql import run_tests

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]
SAME = [
    "tests/lib/test_compiled.py",
    "tests/lib/test_keyset.py",
    "tests/lib/test_statistics.py",
    "tests/incidents/views/test_incident_list.py",
    "tests/incidents/views/test_board.py",
    "tests/incidents/views/test_insights.py",
    "tests/incidents/views/test_watching.py",
    "tests/incidents/views/test_timeline.py",
    "tests/incidents/views/test_timeline_merge.py",
    "tests/incidents/services/test_attachments.py",
    "tests/incidents/services/test_merging.py",
    "tests/incidents/services/test_outline.py",
    "tests/incidents/services/test_publications.py",
    "tests/incidents/services/test_reviews.py",
    "tests/incidents/services/test_timeline.py",
    "tests/incidents/services/test_transcripts.py",
    "tests/incidents/services/test_visibility.py",
    "tests/incidents/queries",
    "tests/incidents/search/test_index.py",
    "tests/accounts/models",
]


def test_the_same_tests_pass(postgresql_url: str) -> None:
    ended = run_tests(postgresql_url, ["-q", *SAME])
    assert ended.returncode == 0, ended.stdout[-4_000:]
    assert "skipped" not in ended.stdout
