"""What was written down stays: the database itself refuses to alter or delete it."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.audit import Door, changes_by
from accounts.models import Change, User
from tests.factories import make_team, make_user

REFUSED = [
    "UPDATE accounts_change SET actor_id = NULL",
    "UPDATE accounts_change SET id = id + 1000",
    "UPDATE accounts_change SET changes = '{}'",
    "DELETE FROM accounts_change",
    "INSERT INTO accounts_change SELECT * FROM accounts_change WHERE true ON CONFLICT (id) DO UPDATE SET door = 'api'",
]

# And what one of the two databases alone knows.
OWN = {
    "sqlite": [
        "REPLACE INTO accounts_change SELECT * FROM accounts_change",
        "INSERT OR REPLACE INTO accounts_change SELECT * FROM accounts_change",
    ],
    "postgresql": [
        "TRUNCATE accounts_change",
        "UPDATE ONLY accounts_change SET actor_id = DEFAULT",
    ],
}


@pytest.fixture
def change(administrator: User) -> Change:
    with changes_by(administrator, door=Door.PAGE):
        make_team()
    return Change.objects.latest()


def rows() -> list[dict[str, object]]:
    return [*Change.objects.order_by("pk").values()]


@pytest.mark.parametrize("statement", [*REFUSED, *OWN[connection.vendor]])
def test_the_database_refuses(change: Change, statement: str) -> None:
    before = rows()
    # PostgreSQL truncates no table with checks that are yet to come.
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="neither altered nor deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    assert rows() == before


def test_so_do_the_ways_of_the_application(change: Change) -> None:
    before = rows()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.delete()
    change.door = Door.SYSTEM
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        call_command("auditlogflush", "--yes")
    assert rows() == before


def test_who_changed_something_cannot_be_deleted(change: Change, administrator: User) -> None:
    with pytest.raises(ProtectedError):
        administrator.delete()


def test_a_change_that_is_taken_back_was_none(administrator: User) -> None:
    anna = make_user("anna")
    count = Change.objects.count()
    # The change is written before the row that the database then refuses.
    anna.username = administrator.username
    with pytest.raises(IntegrityError), transaction.atomic():
        anna.save(update_fields=["username"])
    assert Change.objects.count() == count
