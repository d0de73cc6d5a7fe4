"""The checks that are on by themselves."""

import pytest
from django.db import IntegrityError, transaction

from recovery.models import Check
from recovery.services.checks import list_checks
from tests.factories import make_check, make_database

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("origin", ["default", "learnt"])
def test_two_tests_that_end_together_cannot_leave_a_check_twice(origin: str) -> None:
    database = make_database()
    make_check(database, "required_tables", parameters={"tables": ["users"]}, origin=origin)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_check(database, "required_tables", parameters={"tables": ["users"]}, origin=origin)
    make_check(make_database("other"), "required_tables", parameters={"tables": ["users"]}, origin=origin)


def test_a_person_adds_as_many_of_a_kind_as_there_is_need_for() -> None:
    database = make_database()
    make_check(database, "minimum_rows")
    make_check(database, "minimum_rows")
    assert len(list_checks(database, target_at=None)) == 3
    assert Check.objects.filter(origin="default").count() == 1
