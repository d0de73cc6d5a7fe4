"""Which checks a restore test makes, and what is learnt from one that passed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from recovery.checks.findings import Findings
from recovery.checks.kinds import read_check
from recovery.checks.no_shrinkage import USUAL_PERCENT
from recovery.checks.outcome import CheckOutcome
from recovery.methods.inspection import Answer, Inspection, Question
from recovery.models import Check, Database, RestoreTest

Kind, Origin = Check.Kind, Check.Origin


def list_checks(database: Database, *, target_at: datetime | None) -> list[Check]:
    """The checks that are on, those that are on from the start included.

    Of a restore to a point in time, only what was expected then already can be expected: younger checks are left out,
    but for the one that looks itself at which test it compares with.
    """
    Check.objects.get_or_create(
        database=database,
        kind=Kind.NO_SHRINKAGE,
        origin=Origin.DEFAULT,
        defaults={"parameters": {"percent": USUAL_PERCENT}},
    )
    checks = Check.objects.filter(database=database, is_enabled=True)
    if target_at:
        checks = checks.filter(Q(updated_at__lte=target_at) | Q(kind=Kind.NO_SHRINKAGE))
    return list(checks)


def ask(checks: Sequence[Check]) -> tuple[Question, ...]:
    """What these checks want to know of the restored data."""
    return tuple(question for check in checks for question in read_check(check).questions(_key(check)))


def ask_of_source(checks: Sequence[Check], answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """What these checks want to know of the live source, given what the restored data answered."""
    return tuple(question for check in checks for question in read_check(check).source_questions(_key(check), answers))


def judge_checks(checks: Sequence[Check], findings: Findings) -> list[CheckOutcome]:
    """The outcome of each."""
    return [read_check(check).judge(_key(check), findings) for check in checks]


def describe_configuration(checks: Sequence[Check]) -> dict[str, object]:
    """The checks as they were when a test ran, for its record."""
    return {
        "checks": [
            {"kind": check.kind, "origin": check.origin, "parameters": dict(sorted(check.parameters.items()))}
            for check in checks
        ]
    }


@transaction.atomic
def learn(database: Database, *, schema_fingerprint: str, tables: Sequence[str], identity: Mapping[str, str]) -> None:
    """What a passing test of the latest state found is expected of the next: tables, identity, schema.

    A check that somebody switched off stays off, and one whose expectation stays is not touched.
    """
    expected: dict[str, dict[str, object]] = {Kind.REQUIRED_TABLES: {"tables": sorted(tables)}}
    if identity:
        expected[Kind.IDENTITY] = {"values": dict(identity)}
    if schema_fingerprint:
        expected[Kind.SCHEMA] = {"fingerprint": schema_fingerprint}
    for kind, parameters in expected.items():
        check, is_new = Check.objects.get_or_create(
            database=database, kind=kind, origin=Origin.LEARNT, defaults={"parameters": parameters}
        )
        if not is_new and check.parameters != parameters:
            check.parameters = parameters
            check.save(update_fields=["parameters", "updated_at"])


def learn_from(test: RestoreTest, found: Inspection) -> None:
    """What this passing test found, if it restored the latest state."""
    if test.target_at is None:
        learn(
            test.replica.database,
            schema_fingerprint=found.schema.fingerprint,
            tables=[*found.schema.tables, *found.schema.uncounted],
            identity=found.identity,
        )


def _key(check: Check) -> str:
    return f"check-{check.pk}"
