"""A restore test as one JSON object."""

from datetime import datetime
from typing import Any

from recovery.models import RestoreTest


def as_json(test: RestoreTest) -> dict[str, Any]:
    """What a machine reads: durations in seconds, sizes in bytes, instants in RFC 3339, null for unknown."""
    return {
        "number": test.number,
        "database": test.replica.database.name,
        "replica": test.replica.name,
        "status": test.status,
        "rto_seconds": test.rto_seconds,
        "rpo_seconds": test.rpo_seconds,
        "restored_txid": test.restored_txid or None,
        "restored_to": _instant(test.restored_to),
        "integrity": test.integrity or None,
        "tables": test.tables,
        "sha256": test.sha256 or None,
        "size_bytes": test.size_bytes,
        "phases": test.phases,
        "checks": test.checks,
        "tool": test.tool or None,
        "started_at": _instant(test.started_at),
        "finished_at": _instant(test.finished_at),
    }


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat().replace("+00:00", "Z") if instant else None
