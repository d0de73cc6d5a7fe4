"""Adding, changing and switching checks, and the heartbeat."""

import pytest
from django.test import Client
from django.urls import reverse

from recovery.models import Check, Database
from tests.factories import make_check, make_database, make_restore_test

PARAMETERS = {
    "required_tables": ({"tables": "users\n orders \n\nusers"}, {"tables": ["orders", "users"]}),
    "minimum_rows": ({"table": "users", "rows": "5"}, {"table": "users", "rows": 5}),
    "newest_value": (
        {"table": "orders", "column": "paid_at", "seconds": "60"},
        {"table": "orders", "column": "paid_at", "seconds": 60},
    ),
    "sql_assertion": (
        {"sql": "SELECT count(*) FROM users", "operator": ">=", "expected": "3"},
        {"sql": "SELECT count(*) FROM users", "operator": ">=", "expected": "3"},
    ),
    "source_content": ({"table": "users", "column": ""}, {"table": "users", "column": ""}),
}


@pytest.fixture
def database(db: None) -> Database:
    return make_database("shop")


def list_of(database: Database) -> str:
    return reverse("recovery:check_list", args=[database.name])


def create_of(database: Database, kind: str) -> str:
    return reverse("recovery:check_create", args=[database.name, kind])


@pytest.mark.parametrize("kind", PARAMETERS)
def test_every_kind_is_added_shown_and_changed(as_administrator: Client, database: Database, kind: str) -> None:
    sent, kept = PARAMETERS[kind]
    assert as_administrator.get(create_of(database, kind)).status_code == 200
    assert as_administrator.post(create_of(database, kind), sent).url == list_of(database)
    check = Check.objects.get(kind=kind)
    assert (check.parameters, check.origin, check.is_enabled) == (kept, "person", True)
    page = as_administrator.get(list_of(database)).content.decode()
    address = reverse("recovery:check_edit", args=[check.pk])
    assert address in page
    form = as_administrator.get(address).context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert as_administrator.post(address, again).status_code == 302
    check.refresh_from_db()
    assert check.parameters == kept


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        ("minimum_rows", {"table": "users", "rows": "none"}, "Enter a whole number"),
        ("required_tables", {"tables": ""}, "This field is required"),
        ("sql_assertion", {"sql": "DROP TABLE users", "operator": "=", "expected": "1"}, "It can only read"),
        ("sql_assertion", {"sql": ";", "operator": "=", "expected": "1"}, "It can only read"),
        ("sql_assertion", {"sql": "SELECT 1; DROP TABLE x", "operator": "=", "expected": "1"}, "It can only read"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(
    as_administrator: Client, database: Database, kind: str, sent: dict[str, str], words: str
) -> None:
    response = as_administrator.post(create_of(database, kind), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert all(value in page for value in sent.values() if value)
    assert not Check.objects.exists()


@pytest.mark.parametrize("kind", ["identity", "schema", "no_shrinkage", "nonsense"])
def test_what_is_learnt_alone_is_not_added(as_administrator: Client, database: Database, kind: str) -> None:
    assert as_administrator.get(create_of(database, kind)).status_code == 404


def test_what_is_learnt_alone_is_switched_off_but_not_changed(as_administrator: Client, database: Database) -> None:
    check = make_check(database, "schema", parameters={"fingerprint": "f" * 64}, origin="learnt")
    assert as_administrator.get(reverse("recovery:check_edit", args=[check.pk])).status_code == 404
    state = reverse("recovery:check_state", args=[check.pk])
    as_administrator.post(state)
    check.refresh_from_db()
    assert not check.is_enabled
    as_administrator.post(state, {"is_enabled": "yes"})
    check.refresh_from_db()
    assert check.is_enabled


def test_only_what_a_person_added_is_removed(as_administrator: Client, database: Database) -> None:
    mine = make_check(database, is_enabled=False)
    learnt = make_check(
        database, "required_tables", parameters={"tables": ["users"]}, origin="learnt", is_enabled=False
    )
    page = as_administrator.get(list_of(database)).content.decode()
    assert f'href="{reverse("recovery:check_edit", args=[mine.pk])}"' in page
    # What a person wrote there would be written over by the next test that passes.
    assert f'href="{reverse("recovery:check_edit", args=[learnt.pk])}"' not in page
    answer = as_administrator.post(reverse("recovery:check_edit", args=[learnt.pk]), {"tables": "orders"})
    assert (answer.status_code, Check.objects.get(pk=learnt.pk).parameters) == (422, {"tables": ["users"]})
    assert reverse("recovery:check_removal", args=[mine.pk]) in page
    assert reverse("recovery:check_removal", args=[learnt.pk]) not in page
    for check in (mine, learnt):
        as_administrator.post(reverse("recovery:check_removal", args=[check.pk]))
    assert list(Check.objects.all()) == [learnt]


def test_everybody_reads_them_and_only_administrators_change_them(
    as_viewer: Client, as_responder: Client, database: Database
) -> None:
    check = make_check(database)
    for client in (as_viewer, as_responder):
        page = client.get(list_of(database)).content.decode()
        assert "users ≥ 1" in page
        assert "Switch off" not in page
        assert "Heartbeat" not in page
        for name in ("check_edit", "check_state", "check_removal"):
            assert client.post(reverse(f"recovery:{name}", args=[check.pk])).status_code == 403
        assert client.post(create_of(database, "minimum_rows")).status_code == 403
    assert Check.objects.get() == check


def test_the_tables_of_the_last_test_are_offered(as_administrator: Client, database: Database) -> None:
    make_restore_test(database.replicas.create(name="local"), tables={"invoices": 3})
    page = as_administrator.get(create_of(database, "minimum_rows")).content.decode()
    assert '<option value="invoices">' in page


def test_the_heartbeat_has_a_table_and_a_column_or_neither(as_administrator: Client, database: Database) -> None:
    address = reverse("recovery:heartbeat_edit", args=[database.name])
    response = as_administrator.post(address, {"table": "pulse", "column": ""})
    assert response.status_code == 422
    assert "Give both" in response.content.decode()
    assert 'value="pulse"' in response.content.decode()
    for table, column in (("pulse", "at"), ("", "")):
        assert as_administrator.post(address, {"table": table, "column": column}).status_code == 302
        database.refresh_from_db()
        assert (database.heartbeat_table, database.heartbeat_column) == (table, column)


def test_content_is_never_compared_with_the_source_of_a_postgresql_database(
    as_administrator: Client, database: Database
) -> None:
    assert create_of(database, "source_content") in as_administrator.get(list_of(database)).content.decode()
    Database.objects.update(kind="postgresql", path="", dsn="host=db1 user=debrief dbname=shop")
    page = as_administrator.get(list_of(database)).content.decode()
    assert create_of(database, "minimum_rows") in page
    assert create_of(database, "source_content") not in page
    assert as_administrator.get(create_of(database, "source_content")).status_code == 404
