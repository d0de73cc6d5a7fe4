"""From what a run found to what its row says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from recovery.checks.findings import Findings
from recovery.checks.outcome import CheckOutcome
from recovery.methods.backup import Restored, SourceState
from recovery.methods.inspection import Inspection
from recovery.models import Check, RestoreTest
from recovery.queries import previous_passed
from recovery.services.checks import judge_checks
from recovery.services.heartbeats import judge_heartbeat
from recovery.services.loss import measure_loss
from recovery.services.sources import SourceNow
from recovery.services.verdict import (
    explain_unknown,
    judge,
    judge_freshness,
    judge_moment,
    most_missing,
    recovery_point,
    stopped_early,
)

Status = RestoreTest.Status
# What the row takes. The name of a file is told apart by its end, where the time is.
LONGEST_MARKER = 40


@dataclass(frozen=True, kw_only=True)
class Measurements:
    """All that a run found out; `rto` in seconds."""

    restored: Restored
    found: Inspection
    source: SourceState
    now: SourceNow
    checks: Sequence[Check]
    rto: float


def ended_early(status: Status, message: str) -> dict[str, Any]:
    """The fields of a run that did not get to its checks."""
    return {"status": status, "checks": [stopped_early(message).as_json()]}


def as_fields(test: RestoreTest, measured: Measurements) -> dict[str, Any]:
    """The fields of a run that came to its end, with the verdict over it."""
    restored, found = measured.restored, measured.found
    rpo, rpo_reason = _recovery_point(test, measured)
    at_most = _most_missing(test, measured) if rpo is None else None
    outcomes = [
        *judge(found),
        *judge_checks(measured.checks, _findings(test, measured)),
        *_judge_time(test, restored, rpo=rpo, rpo_reason=rpo_reason, at_most=at_most),
    ]
    return {
        "status": conclude(outcomes),
        "rto_seconds": round(measured.rto, 3),
        "rpo_seconds": rpo,
        # A path alone can be longer than the row takes.
        "rpo_reason": explain_unknown(rpo_reason, at_most)[:300],
        "restored_txid": restored.marker[-LONGEST_MARKER:],
        "restored_to": restored.newest_at,
        "bytes_done": found.size_bytes,
        "integrity": "ok" if found.integrity.is_ok else "; ".join(found.integrity.problems)[:300],
        "tables": dict(found.row_counts),
        "checks": [outcome.as_json() for outcome in outcomes],
        "sha256": found.sha256,
        "schema_fingerprint": found.schema.fingerprint,
        "identity": dict(found.identity),
        "loss": measure_loss(test, found.row_counts, restored.newest_at, measured.now.row_counts),
        "size_bytes": found.size_bytes,
        "exit_code": 0,
        "log_tail": restored.log_tail,
    }


def conclude(outcomes: Sequence[CheckOutcome]) -> Status:
    """Failed by one check that does not hold; inconclusive where only unknown ones do not."""
    found = {outcome.outcome for outcome in outcomes}
    if "failed" in found:
        return Status.FAILED
    return Status.INCONCLUSIVE if "unknown" in found else Status.PASSED


def _findings(test: RestoreTest, measured: Measurements) -> Findings:
    before = previous_passed(test)
    # A moment before the data of the last passing test may well have had less.
    if before and test.target_at and (before.restored_to is None or test.target_at <= before.restored_to):
        before = None
    return Findings(
        inspection=measured.found,
        moment=test.target_at or test.started_at or datetime.now(UTC),
        before=before.tables if before else {},
        before_reference=before.reference if before else "",
        source=measured.now.findings,
    )


def _recovery_point(test: RestoreTest, measured: Measurements) -> tuple[float | None, str]:
    beat = judge_heartbeat(test, measured.found.answers)
    if beat is not None:
        return beat
    if measured.restored.age_doubt and not test.target_at:
        return None, measured.restored.age_doubt
    return recovery_point(
        restored_to=measured.restored.newest_at,
        following_at=measured.restored.following_at,
        source=measured.source,
        target_at=test.target_at,
    )


def _most_missing(test: RestoreTest, measured: Measurements) -> float | None:
    """The bound by the newest transaction alone; a heartbeat that does not say what it should puts that in doubt."""
    has_heartbeat = judge_heartbeat(test, measured.found.answers) is not None
    if test.target_at or test.started_at is None or measured.restored.age_doubt or has_heartbeat:
        return None
    return most_missing(restored_to=measured.restored.newest_at, started_at=test.started_at, now=datetime.now(UTC))


def _judge_time(
    test: RestoreTest, restored: Restored, *, rpo: float | None, rpo_reason: str, at_most: float | None
) -> list[CheckOutcome]:
    if test.target_at:
        return [judge_moment(target_at=test.target_at, restored_to=restored.newest_at, has_gap=restored.has_gap)]
    outcome = judge_freshness(
        rpo_seconds=rpo,
        rpo_reason=rpo_reason,
        objective_seconds=test.rpo_objective_seconds,
        method=test.replica.method,
        at_most=at_most,
    )
    return [outcome]
