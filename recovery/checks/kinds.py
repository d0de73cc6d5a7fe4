"""Which class is which kind."""

from typing import Any

from recovery.checks.findings import Expectation
from recovery.checks.identity import Identity
from recovery.checks.minimum_rows import MinimumRows
from recovery.checks.newest_value import NewestValue
from recovery.checks.no_shrinkage import NoShrinkage
from recovery.checks.required_tables import RequiredTables
from recovery.checks.schema import SameSchema
from recovery.checks.source_content import SourceContent
from recovery.checks.sql_assertion import SqlAssertion
from recovery.models import Check

Kind = Check.Kind
CLASSES: dict[str, type[Any]] = {
    Kind.REQUIRED_TABLES: RequiredTables,
    Kind.MINIMUM_ROWS: MinimumRows,
    Kind.NO_SHRINKAGE: NoShrinkage,
    Kind.NEWEST_VALUE: NewestValue,
    Kind.SQL_ASSERTION: SqlAssertion,
    Kind.SOURCE_CONTENT: SourceContent,
    Kind.IDENTITY: Identity,
    Kind.SCHEMA: SameSchema,
}


def read_check(check: Check) -> Expectation:
    """The expectation that a row holds."""
    expectation: Expectation = CLASSES[check.kind](**check.parameters)
    return expectation
