"""What pages read, a module a noun, each in a fixed number of queries."""

from recovery.queries.checks import list_checks, list_known_tables
from recovery.queries.comparison import compare_methods
from recovery.queries.drills import list_drillable_replicas, list_drills
from recovery.queries.evidence import (
    list_attachable_tests,
    list_evidence,
    list_evidence_of,
    list_incidents_without,
    newest_evidence_change,
)
from recovery.queries.history import (
    HISTORY,
    HistoryFilter,
    filter_restore_tests,
    last_passed,
    list_skipped_between,
    newest_sound,
    previous_passed,
)
from recovery.queries.measurements import (
    list_disk_usage,
    list_lags,
    list_measured_tests,
    list_newest_disk_usage,
    list_open_alarms,
    list_recent_endings,
)
from recovery.queries.reach import is_tested_here, list_tested_databases
from recovery.queries.readiness import find_readiness, is_lapsed, list_readiness, list_reasons

__all__ = [
    "HISTORY",
    "HistoryFilter",
    "compare_methods",
    "filter_restore_tests",
    "find_readiness",
    "is_lapsed",
    "is_tested_here",
    "last_passed",
    "list_attachable_tests",
    "list_checks",
    "list_disk_usage",
    "list_drillable_replicas",
    "list_drills",
    "list_evidence",
    "list_evidence_of",
    "list_incidents_without",
    "list_known_tables",
    "list_lags",
    "list_measured_tests",
    "list_newest_disk_usage",
    "list_open_alarms",
    "list_readiness",
    "list_reasons",
    "list_recent_endings",
    "list_skipped_between",
    "list_tested_databases",
    "newest_evidence_change",
    "newest_sound",
    "previous_passed",
]
