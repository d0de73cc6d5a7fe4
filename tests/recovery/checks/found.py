"""What restored data may look like, for checks to judge."""

from collections.abc import Mapping
from typing import Any

from recovery.checks.findings import Findings, SourceFindings
from recovery.methods.inspection import Answer, ForeignKeys, Inspection, Integrity, Schema
from tests.factories import NOW

KEY = "check-1"


def inspection(**facts: Any) -> Inspection:
    sound = {
        "size_bytes": 8192,
        "expected_bytes": 8192,
        "integrity": Integrity(is_ok=True),
        "foreign_keys": ForeignKeys(0, (), {}),
        "schema": Schema(("users",), (), "f" * 64),
        "row_counts": {"users": 3},
        "uncountable": {},
        "sha256": "a" * 64,
        "seconds": {},
    }
    return Inspection(**(sound | facts))


def findings(
    *,
    before: Mapping[str, int] | None = None,
    reference: str = "",
    source: SourceFindings | None = None,
    **facts: Any,
) -> Findings:
    return Findings(inspection(**facts), NOW, before or {}, reference, source)


def answered(value: str | int | float | None = None, problem: str = "") -> Findings:
    """The restored data answered the only question so."""
    return findings(answers={KEY: Answer(value, problem)})
