"""Which replicas Debrief itself reaches, one by one and asked of the database."""

import pytest

from recovery.models import Database, Replica
from recovery.queries import is_tested_here, list_tested_databases
from tests.factories import make_database, make_replica

pytestmark = pytest.mark.django_db
POSTGRESQL = {"kind": "postgresql", "path": "", "dsn": "host=db1 user=debrief dbname=shop"}


@pytest.mark.parametrize(
    ("facts", "destination", "is_reached"),
    [
        ({}, "/backups/shop", True),
        ({}, "s3://backup/shop", True),
        ({"host": "db7"}, "/backups/shop", False),
        ({"host": "db7"}, "file:///backups/shop", False),
        ({"host": "db7"}, "s3://backup/shop", True),
        ({"host": "db7"}, "sftp://backup@store:22/shop", True),
        ({"host": "db7", **POSTGRESQL}, "host=db2 user=debrief dbname=shop", True),
        ({"is_demonstration": True}, "/backups/shop", False),
        ({"host": "db7", "is_demonstration": True}, "s3://backup/shop", False),
    ],
)
def test_a_replica_is_reached_here_by_its_address_or_as_a_server(
    facts: dict[str, str], destination: str, is_reached: bool
) -> None:
    replica = make_replica(make_database(**facts), destination)
    assert replica.is_reached is is_reached
    assert Replica.objects.reached().exists() is is_reached
    assert is_tested_here(replica.database) is is_reached


def test_a_database_is_tested_here_if_it_lies_here_or_any_replica_is_reached() -> None:
    make_database("here")
    both = make_database("both", host="db7")
    for name, destination in (("folder", "/backups"), ("s3", "s3://b/app"), ("sftp", "sftp://u@h/app")):
        make_replica(both, destination, name=name)
    make_replica(make_database("agent", host="db7"))
    make_database("empty", host="db7")
    make_database("shown", is_demonstration=True)
    assert sorted(list_tested_databases().values_list("name", flat=True)) == ["both", "here"]


def test_only_a_file_on_another_host_is_out_of_sight() -> None:
    assert Database(host="db7").is_file_elsewhere
    assert not Database().is_file_elsewhere
    assert not Database(host="db7", kind="postgresql").is_file_elsewhere
