"""What an agent says of one restore test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an agent found by restoring the latest state of one replica. Unknown is None or empty.

    `report_key` is the agent's identifier of the run, `reporter` the name of its host, `source_written_at` when the
    source was last written to as the run began. Each of `checks` has name, passed and message.
    """

    report_key: str
    reporter: str
    database: str
    replica: str
    status: str
    started_at: datetime
    finished_at: datetime
    source_written_at: datetime | None = None
    restored_to: datetime | None = None
    restored_txid: str = ""
    rto_seconds: float | None = None
    integrity: str = ""
    tables: Mapping[str, int] = field(default_factory=dict)
    uncounted_tables: Sequence[str] = ()
    sha256: str | None = None
    schema_fingerprint: str | None = None
    size_bytes: int | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, float] = field(default_factory=dict)
    checks: Sequence[Mapping[str, Any]] = ()
    tool: str = ""
    exit_code: int | None = None
    log_tail: str = ""
