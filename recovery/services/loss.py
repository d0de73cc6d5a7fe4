"""What restoring to a moment would lose."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from recovery.models import RestoreTest
from recovery.queries import last_passed

SOURCE = "source"


def measure_loss(
    test: RestoreTest, restored: Mapping[str, int], restored_to: datetime | None, now: Mapping[str, int]
) -> dict[str, Any]:
    """The rows by table in the restored state and in the source `now`, as they are stored; nothing for other tests.

    Where the source cannot be read, they are compared with the last passing test of the latest state.
    """
    if test.incident_id is None or restored_to is None:
        return {}
    compared_with = SOURCE
    if not now:
        passed = last_passed(test.replica)
        if passed is None:
            return {}
        now, compared_with = passed.tables, passed.reference
    tables = {name: {"restored": restored.get(name), "compared": now.get(name)} for name in sorted({*restored, *now})}
    return {"since": restored_to.astimezone(UTC).isoformat(), "compared_with": compared_with, "tables": tables}


def count_lost_rows(loss: Mapping[str, Any]) -> int:
    """How many rows more the compared state has, over the tables that grew since."""
    pairs = ((counts["restored"] or 0, counts["compared"] or 0) for counts in loss.get("tables", {}).values())
    return sum(max(0, compared - restored) for restored, compared in pairs)
