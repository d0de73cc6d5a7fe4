"""One module a noun."""

from recovery.models.database import Database
from recovery.models.evidence import Evidence
from recovery.models.replica import Replica
from recovery.models.restore_test import RestoreTest

__all__ = ["Database", "Evidence", "Replica", "RestoreTest"]
