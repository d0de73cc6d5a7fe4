"""Which tables a check can be about."""

from typing import Any

import pytest

from recovery.errors import RecoveryError
from recovery.models import Check, Database
from recovery.services.check_changes import add_check, change_check
from tests.factories import make_check, make_database, make_replica, make_restore_test, make_user

pytestmark = pytest.mark.django_db
TABLES = dict.fromkeys(["Users", "orders", "a", "b", "c", "d"], 1)


@pytest.fixture
def database() -> Database:
    return make_database()


def add(database: Database, kind: str, **parameters: Any) -> Check:
    return add_check(database, kind=kind, actor=make_user(), **parameters)


@pytest.mark.parametrize(
    ("kind", "parameters", "field"),
    [
        ("minimum_rows", {"table": "order", "rows": 1}, "table"),
        ("newest_value", {"table": "order", "column": "at", "seconds": 1}, "table"),
        ("source_content", {"table": "order", "column": ""}, "table"),
        ("required_tables", {"tables": ["orders", "order"]}, "tables"),
    ],
)
def test_a_table_that_the_last_test_did_not_find_is_refused_with_those_it_found(
    database: Database, kind: str, parameters: dict[str, Any], field: str
) -> None:
    make_restore_test(make_replica(database), tables=TABLES)
    with pytest.raises(RecoveryError) as caught:
        add(database, kind, **parameters)
    assert str(caught.value) == "The last test found no table order. It found: Users, a, b, c, d, …."
    assert caught.value.field == field
    assert not Check.objects.exists()


def test_a_change_to_such_a_table_is_refused_too(database: Database) -> None:
    make_restore_test(make_replica(database), tables=TABLES)
    check = make_check(database, parameters={"table": "orders", "rows": 1})
    with pytest.raises(RecoveryError, match="no table order"):
        change_check(check, table="order", rows=2)
    assert change_check(check, table="orders", rows=2).parameters["rows"] == 2


def test_before_the_first_test_any_table_can_be_named(database: Database) -> None:
    assert add(database, "minimum_rows", table="order", rows=1)


@pytest.mark.parametrize(
    ("kind", "name", "is_known"),
    [
        ("sqlite", "USERS", True),
        ("sqlite", "public.Users", False),
        ("postgresql", "public.Users", True),
        ("postgresql", "users", False),
    ],
)
def test_names_are_compared_as_the_database_does(database: Database, kind: str, name: str, is_known: bool) -> None:
    make_restore_test(make_replica(database), tables=TABLES)
    database.kind = kind
    if is_known:
        assert add(database, "minimum_rows", table=name, rows=1)
    else:
        with pytest.raises(RecoveryError):
            add(database, "minimum_rows", table=name, rows=1)


def test_a_table_whose_rows_nobody_counts_is_known_too(database: Database) -> None:
    make_restore_test(make_replica(database), tables=TABLES)
    make_check(database, "required_tables", parameters={"tables": ["docs"]}, origin="learnt")
    assert add(database, "required_tables", tables=["docs", "orders"])
