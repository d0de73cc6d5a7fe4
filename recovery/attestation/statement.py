"""What is said of a finished restore test: an in-toto statement about the database that came back."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recovery.attestation import canonical
from recovery.models import Replica, RestoreTest

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
# The form of predicate.debrief. It grows when a field changes its meaning, not when one is added.
VERSION = 1
RESTORED_DATABASE, RESULT = "restored_database", "result"
# Of these columns the digest is signed: a log may be long, and belongs to the installation.
DIGESTED = ("log_tail",)


@dataclass(frozen=True)
class Installation:
    """Who speaks: the address people use, and the software."""

    url: str
    software: str


@dataclass(frozen=True)
class Place:
    """Where a record stands among those of its database; `is_late` where it was not written with the result."""

    sequence: int
    previous_sha256: str
    written_at: datetime
    is_late: bool = False


def make_statement(test: RestoreTest, place: Place, installation: Installation) -> dict[str, Any]:
    """The statement about a finished test, whose replica, database, incident and asker are read from it.

    Everything a page shows of the test is in it, as it was then. No secret is: a row never holds one.
    """
    row = facts(test)
    return {
        "_type": STATEMENT_TYPE,
        "subject": [_subject(test, row)],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": _result(test),
            "configuration": _configuration(test),
            "url": installation.url.rstrip("/") + test.get_absolute_url(),
            **_names_of_checks(test),
            "debrief": _debrief(test, row, place, installation),
        },
    }


def facts(test: RestoreTest) -> dict[str, Any]:
    """Every column of the test's row by its name; in place of a log its digest, under `log_tail_sha256`."""
    found = {}
    for field in test._meta.concrete_fields:
        value = getattr(test, field.attname)
        if field.attname in DIGESTED:
            found[f"{field.attname}_sha256"] = canonical.digest_of_text(str(value))
        else:
            found[field.attname] = canonical.plain(value)
    return found


def _subject(test: RestoreTest, row: dict[str, Any]) -> dict[str, Any]:
    if test.sha256:
        return {"name": test.replica.database.name, "digest": {"sha256": test.sha256}}
    # Nothing came back that could be the subject, so the result itself is.
    return {"name": f"{test.reference} result", "digest": {"sha256": canonical.digest(row)}}


def _result(test: RestoreTest) -> str:
    """FAILED for everything but a pass: a reader who knows these three words alone must not take it for one."""
    if test.status != RestoreTest.Status.PASSED:
        return "FAILED"
    return "WARNED" if False in (test.is_rto_met, test.is_rpo_met) else "PASSED"


def _configuration(test: RestoreTest) -> list[dict[str, Any]]:
    return [
        _resource("checks", test.configuration),
        _resource("replica", _describe(test.replica)),
        _resource("tool", test.tool),
    ]


def _resource(name: str, value: Any) -> dict[str, Any]:
    content = base64.b64encode(canonical.as_text(value).encode()).decode()
    digest = {"sha256": canonical.digest(value)}
    return {"name": name, "mediaType": "application/json", "digest": digest, "content": content}


def _names_of_checks(test: RestoreTest) -> dict[str, list[str]]:
    """What checks nothing is in no list: a check that did not apply, a note. One without an answer did not pass."""
    checks = [check for check in test.checks if check.get("outcome") not in ("skipped", "noted")]
    objectives = [("rto_objective", test.is_rto_met), ("rpo_objective", test.is_rpo_met)]
    met = [name for name, is_met in objectives if is_met]
    missed = [name for name, is_met in objectives if is_met is False]
    is_passed = test.status == RestoreTest.Status.PASSED
    return {
        "passedTests": [check.get("name", "") for check in checks if check.get("passed") is True] + met,
        "warnedTests": missed if is_passed else [],
        "failedTests": [check.get("name", "") for check in checks if check.get("passed") is not True]
        + ([] if is_passed else missed),
    }


def _debrief(test: RestoreTest, row: dict[str, Any], place: Place, installation: Installation) -> dict[str, Any]:
    database, asker, incident = test.replica.database, test.requested_by, test.incident
    return {
        "version": VERSION,
        "subject": RESTORED_DATABASE if test.sha256 else RESULT,
        "status": test.status,
        "record": {
            "database_id": database.pk,
            "sequence": place.sequence,
            "previous_sha256": place.previous_sha256,
            "restore_test_id": test.pk,
            "written_at": canonical.plain(place.written_at),
            "is_late": place.is_late,
        },
        "installation": {"url": installation.url, "software": installation.software},
        "database": {
            "id": database.pk,
            "name": database.name,
            "kind": database.kind,
            "location": database.location,
            "host": database.host,
        },
        "replica": _describe(test.replica),
        "requested_by": {"id": asker.pk, "username": asker.get_username(), "name": str(asker)} if asker else None,
        "incident": incident.reference if incident else None,
        "objectives": {"rto_met": test.is_rto_met, "rpo_met": test.is_rpo_met},
        "test": row,
    }


def _describe(replica: Replica) -> dict[str, Any]:
    return {
        "id": replica.pk,
        "name": replica.name,
        "method": replica.method,
        "destination": replica.destination,
        "options": replica.options,
    }
