"""What a row says now against what was signed of it."""

from typing import Any

from django.db.models import Field

from recovery.attestation import canonical
from recovery.attestation.statement import DIGESTED, facts
from recovery.models import RestoreTest, TestRecord

LONGEST = 60


def differences_of_test(test: RestoreTest, statement: dict[str, Any]) -> list[str]:
    """A clause for each column of the test that is not what was signed.

    A column that did not exist then must still hold what every older row got.
    """
    signed = statement["predicate"]["debrief"]["test"]
    fields = {field.attname: field for field in test._meta.concrete_fields}
    expected = {name: signed[name] if name in signed else _default(name, fields) for name in facts(test)}
    return _differences(facts(test), expected)


def differences_of_record(record: TestRecord, statement: dict[str, Any]) -> list[str]:
    """A clause for each column of the record that is not what was signed."""
    signed = statement["predicate"]["debrief"]["record"]
    found = {
        "database_id": record.database_id,
        "sequence": record.sequence,
        "previous_sha256": record.previous_sha256,
        "restore_test_id": record.restore_test_id,
        "written_at": canonical.plain(record.written_at),
    }
    return _differences(found, {name: signed.get(name) for name in found})


def _differences(found: dict[str, Any], signed: dict[str, Any]) -> list[str]:
    pairs = [(name, canonical.as_text(found[name]), canonical.as_text(signed[name])) for name in found]
    return [_clause(name, now, then) for name, now, then in pairs if now != then]


def _clause(name: str, now: str, then: str) -> str:
    if len(now) > LONGEST or len(then) > LONGEST:
        return f"{name} is not what was signed"
    return f"{name} is {now} and was signed as {then}"


def _default(name: str, fields: "dict[str, Field[Any, Any]]") -> Any:
    column = next((column for column in DIGESTED if name == f"{column}_sha256"), name)
    value = fields[column].get_default()
    return canonical.digest_of_text(value) if column != name else canonical.plain(value)
