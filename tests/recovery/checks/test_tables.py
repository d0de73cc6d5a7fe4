"""Tables, rows, identity and schema."""

import pytest

from recovery.checks.findings import SourceFindings
from recovery.checks.identity import Identity
from recovery.checks.minimum_rows import MinimumRows
from recovery.checks.required_tables import RequiredTables
from recovery.checks.schema import SameSchema
from recovery.methods.inspection import Schema
from tests.recovery.checks.found import KEY, findings


def test_a_required_table_may_be_empty_or_virtual_but_not_missing() -> None:
    schema = Schema(("users",), ("search",), "f" * 64)
    assert RequiredTables(["users", "search"]).judge(KEY, findings(schema=schema)).outcome == "passed"
    missing = RequiredTables(["users", "orders", "100%s"]).judge(KEY, findings(schema=schema))
    assert (missing.outcome, missing.message) == ("failed", "Tables are missing: 100%s, orders.")


def test_many_missing_tables_are_not_named_without_end() -> None:
    missing = RequiredTables([f"table_{n}" for n in range(500)]).judge(KEY, findings())
    assert len(missing.message) < 120


@pytest.mark.parametrize(("rows", "outcome"), [(2, "passed"), (3, "passed"), (4, "failed")])
def test_a_table_has_its_least_number_of_rows_or_not(rows: int, outcome: str) -> None:
    check = MinimumRows("users", rows).judge(KEY, findings())
    assert check.outcome == outcome
    assert check.message == f"users has 3 rows; at least {rows} are required."


def test_rows_of_a_missing_table_fail_and_of_an_uncountable_one_are_unknown() -> None:
    assert MinimumRows("orders", 1).judge(KEY, findings()).outcome == "failed"
    assert MinimumRows("orders", 1).judge(KEY, findings(uncountable={"orders": "malformed"})).outcome == "unknown"


def test_another_applications_database_is_named() -> None:
    same, other = ({"application_id": value} for value in ("17", "18"))
    assert Identity(same).judge(KEY, findings(identity=same)).outcome == "passed"
    check = Identity(same).judge(KEY, findings(identity=other))
    assert check.outcome == "failed"
    assert "its application_id is 18 and should be 17" in check.message
    assert Identity(same).judge(KEY, findings()).outcome == "failed"


@pytest.mark.parametrize(
    ("known", "source", "is_newer", "outcome"),
    [
        ("f", None, True, "passed"),
        ("0", "f", True, "passed"),
        ("0", "1", False, "failed"),
        # The source went on, or cannot be read: an upgrade is no fault.
        ("0", "1", True, "passed"),
        ("0", None, True, "passed"),
    ],
)
def test_a_schema_is_the_known_one_or_that_of_the_source(
    known: str, source: str | None, is_newer: bool, outcome: str
) -> None:
    seen = SourceFindings(fingerprint=source * 64, is_newer=is_newer) if source else None
    assert SameSchema(known * 64).judge(KEY, findings(source=seen)).outcome == outcome
