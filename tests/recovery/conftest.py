"""A real backup, registered: what services, commands and pages of this app work on."""

import pytest
from pytest_django import Settings

from recovery.models import Replica
from tests.factories import make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.conftest import backup, empty, stuck, template  # noqa: F401  # fixtures are found by their name


@pytest.fixture
def replica(db: None, backup: Backup, settings: Settings) -> Replica:  # noqa: F811
    """A healthy replica of 600 users. Restore tests of it leave no process and no scratch, or the test fails."""
    settings.SCRATCH_DIR = backup.scratch
    return make_replica(make_database("shop", backup.source), backup.replica.path)
