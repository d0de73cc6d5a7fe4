"""One module a noun."""

from recovery.models.alarm import Alarm
from recovery.models.check import Check
from recovery.models.database import Database
from recovery.models.event_evidence import EventEvidence
from recovery.models.evidence import Evidence
from recovery.models.measurement import DiskUsage, Measurement
from recovery.models.replica import Replica
from recovery.models.restore_test import RestoreTest
from recovery.models.skipped_run import SkippedRun
from recovery.models.test_record import TestRecord

__all__ = [
    "Alarm",
    "Check",
    "Database",
    "DiskUsage",
    "EventEvidence",
    "Evidence",
    "Measurement",
    "Replica",
    "RestoreTest",
    "SkippedRun",
    "TestRecord",
]
