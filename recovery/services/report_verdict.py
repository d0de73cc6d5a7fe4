"""What this installation makes of a report: its own checks and objectives, over what the agent found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from recovery.checks.findings import Findings
from recovery.checks.kinds import read_check
from recovery.checks.outcome import CheckOutcome, does_not_apply
from recovery.methods.backup import SourceState
from recovery.methods.inspection import ForeignKeys, Inspection, Integrity, Schema
from recovery.models import Check, Replica, RestoreTest
from recovery.queries import newest_sound
from recovery.services.agent_report import Report
from recovery.services.checks import judge_checks
from recovery.services.restore_results import conclude
from recovery.services.verdict import judge_freshness, recovery_point

Status = RestoreTest.Status


@dataclass(frozen=True)
class Verdict:
    """The status, the agent's checks with this installation's own after them, and the RPO or why it is unknown."""

    status: str
    checks: list[dict[str, object]]
    rpo_seconds: float | None
    rpo_reason: str


def judge_report(report: Report, *, replica: Replica, checks: Sequence[Check]) -> Verdict:
    """What the agent says did not pass stays so; what it says passed must hold up to more than it knows of."""
    rpo, rpo_reason = _recovery_point(report)
    found = [_as_json(check) for check in report.checks]
    if report.status != Status.PASSED:
        return Verdict(report.status, found, rpo, rpo_reason)
    outcomes = [*_judge_checks(report, replica, checks), *_judge_time(replica, rpo, rpo_reason)]
    return Verdict(conclude(outcomes), [*found, *(outcome.as_json() for outcome in outcomes)], rpo, rpo_reason)


def to_inspection(report: Report) -> Inspection:
    """What the agent found, as if it had been found here. Foreign keys are among the agent's own checks."""
    return Inspection(
        size_bytes=report.size_bytes or 0,
        expected_bytes=None,
        integrity=Integrity(is_ok=report.integrity == "ok"),
        foreign_keys=ForeignKeys(0, (), {}),
        schema=Schema(tuple(report.tables), tuple(report.uncounted_tables), report.schema_fingerprint or ""),
        row_counts=dict(report.tables),
        uncountable={},
        sha256=report.sha256 or "",
        seconds=dict(report.phases),
        identity=dict(report.identity),
    )


def _recovery_point(report: Report) -> tuple[float | None, str]:
    if report.restored_to is None and report.status != Status.PASSED:
        return None, _("Nothing was restored.")
    reason = _("The agent did not say when the source was last written to. Start it with --source.")
    source = SourceState(report.source_written_at, "" if report.source_written_at else reason)
    restored_to = report.restored_to.astimezone(UTC) if report.restored_to else None
    return recovery_point(restored_to=restored_to, following_at=None, source=source, target_at=None)


def _judge_checks(report: Report, replica: Replica, checks: Sequence[Check]) -> list[CheckOutcome]:
    """Those that ask nothing more of the data than the agent found; the others are named as left out."""
    before = newest_sound(replica)
    findings = Findings(
        inspection=to_inspection(report),
        moment=report.started_at,
        before=before.tables if before else {},
        before_reference=before.reference if before else "",
    )
    answered = [check for check in checks if not read_check(check).questions("")]
    left_out = [check for check in checks if check not in answered]
    message = _("The agent does not make this check (%(check)s). Give it --assert-sql with the same query.")
    return [
        *judge_checks(answered, findings),
        *(does_not_apply(check.kind, message, check=check.get_kind_display()) for check in left_out),
    ]


def _judge_time(replica: Replica, rpo: float | None, rpo_reason: str) -> list[CheckOutcome]:
    outcome = judge_freshness(
        rpo_seconds=rpo,
        rpo_reason=rpo_reason,
        objective_seconds=replica.database.rpo_objective_seconds,
        method=replica.method,
    )
    return [outcome]


def _as_json(check: Any) -> dict[str, object]:
    outcome = check.get("outcome") or ("passed" if check["passed"] else "failed")
    return {"name": check["name"], "passed": check["passed"], "outcome": outcome, "message": check["message"]}
