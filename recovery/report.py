"""Restore tests and databases as JSON objects: the one form of each, on the command line and in the API."""

from datetime import datetime
from typing import Any

from recovery.models import Database, RestoreTest


def as_json(test: RestoreTest) -> dict[str, Any]:
    """What a machine reads: durations in seconds, sizes in bytes, instants in RFC 3339, null for unknown."""
    return {
        "number": test.number,
        "reference": test.reference,
        "database": test.replica.database.name,
        "replica": test.replica.name,
        "method": test.replica.method,
        "trigger": test.trigger,
        "origin": test.origin,
        "reporter": test.reporter or None,
        "target_at": _instant(test.target_at),
        "status": test.status,
        "reasons": test.reasons if test.is_finished else [],
        "rto_seconds": test.rto_seconds,
        "rto_objective_seconds": test.rto_objective_seconds,
        "is_rto_met": test.is_rto_met,
        "rpo_seconds": test.rpo_seconds,
        "rpo_reason": test.rpo_reason or None,
        "rpo_objective_seconds": test.rpo_objective_seconds,
        "is_rpo_met": test.is_rpo_met,
        "restored_txid": test.restored_txid or None,
        "restored_to": _instant(test.restored_to),
        "integrity": test.integrity or None,
        "tables": test.tables,
        "sha256": test.sha256 or None,
        "schema_fingerprint": test.schema_fingerprint or None,
        "size_bytes": test.size_bytes,
        "identity": test.identity,
        "phases": test.phases,
        "checks": test.checks,
        "tool": test.tool or None,
        "exit_code": test.exit_code,
        "requested_at": _instant(test.requested_at),
        "started_at": _instant(test.started_at),
        "finished_at": _instant(test.finished_at),
    }


def database_as_json(database: Database, last_proof: RestoreTest | None) -> dict[str, Any]:
    """A database with its objectives (null for none), its replicas, and the newest test that passed, if any did.

    Where it lies is left out: paths and hosts say more about a network than a token for reading should.
    """
    return {
        "name": database.name,
        "kind": database.kind,
        "team": database.team.name if database.team else None,
        "is_tested_by_an_agent": _is_left_to_an_agent(database),
        "is_demonstration": database.is_demonstration,
        "objectives": {
            "rpo_seconds": database.rpo_objective_seconds,
            "rto_seconds": database.rto_objective_seconds,
            "proof_days": database.proof_objective_days,
        },
        "replicas": [
            {
                "name": replica.name,
                "method": replica.method,
                "status": replica.status,
                "newest_at": _instant(replica.newest_at),
                "lag_seconds": replica.lag_seconds,
                "size_bytes": replica.size_bytes,
                "checked_at": _instant(replica.checked_at),
            }
            for replica in database.replicas.all()
        ],
        "last_proof": {
            "number": last_proof.number,
            "reference": last_proof.reference,
            "replica": last_proof.replica.name,
            "origin": last_proof.origin,
            "reporter": last_proof.reporter or None,
            "finished_at": _instant(last_proof.finished_at),
            "restored_to": _instant(last_proof.restored_to),
            "rto_seconds": last_proof.rto_seconds,
            "rpo_seconds": last_proof.rpo_seconds,
        }
        if last_proof
        else None,
    }


def _is_left_to_an_agent(database: Database) -> bool:
    return bool(database.host) and not any(replica.is_reached for replica in database.replicas.all())


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat().replace("+00:00", "Z") if instant else None
