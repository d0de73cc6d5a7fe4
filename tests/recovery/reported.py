"""What an agent sends."""

from datetime import UTC, datetime, timedelta
from typing import Any


def report_of(**facts: Any) -> dict[str, Any]:
    """A report of a test that passed a moment ago, with everything that proves it."""
    finished = datetime.now(UTC) - timedelta(seconds=5)
    report = {
        "report_key": "0123456789abcdef",
        "reporter": "db1.example.org",
        "database": "shop",
        "replica": "local",
        "status": "passed",
        "started_at": (finished - timedelta(seconds=9)).isoformat(),
        "finished_at": finished.isoformat(),
        "source_written_at": (finished - timedelta(seconds=9.5)).isoformat(),
        "restored_to": (finished - timedelta(seconds=10)).isoformat(),
        "restored_txid": "000000000000002a",
        "rto_seconds": 8.5,
        "integrity": "ok",
        "tables": {"users": 150_000, "sessions": 50_000},
        "sha256": "a" * 64,
        "schema_fingerprint": "b" * 64,
        "size_bytes": 15_187_968,
        "identity": {"application_id": "0"},
        "phases": {"plan": 0.2, "restore": 5.0, "integrity": 2.0, "hash": 0.1},
        "checks": [{"name": "integrity_check", "passed": True, "message": "No fault was found."}],
        "tool": "litestream 0.5.17",
        "exit_code": 0,
    }
    return report | facts
