import json
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Scope, User
from accounts.services.tokens import revoke_token
from recovery.models import Replica, RestoreTest
from recovery.report import as_json
from tests.factories import NOW, make_database, make_replica, make_restore_test, make_token
from tests.recovery.reported import report_of

REPORT, READ = Scope.REPORT_RESTORE_TESTS, Scope.READ_RESTORE_TESTS
TESTS, DATABASES = "/api/v1/restore-tests/", "/api/v1/databases/"


@pytest.fixture
def known(administrator: User) -> Replica:
    return make_replica(make_database("shop", host="db1"))


def bearing(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"}, raise_request_exception=False)


@pytest.fixture
def agent(known: Replica) -> Client:
    return bearing(make_token(REPORT)[1])


@pytest.fixture
def reader(known: Replica) -> Client:
    return bearing(make_token(READ)[1])


def post(client: Client, report: Any) -> Any:
    return client.post(TESTS, report, content_type="application/json")


def problem(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"].endswith(("/", ".", ")")) or status == 422
    return found


def test_a_report_becomes_one_test_however_often_it_is_sent(agent: Client, known: Replica) -> None:
    first, second = post(agent, report_of()), post(agent, report_of())
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() == as_json(RestoreTest.objects.get())
    assert first.json()["origin"] == "reported"
    assert first.json()["reporter"] == "db1.example.org"


def test_a_test_is_read_in_its_one_form(reader: Client, known: Replica) -> None:
    test = make_restore_test(known)
    assert reader.get(f"{TESTS}{test.number}/").json() == as_json(test)
    assert reader.get(TESTS).json() == {
        "count": 1, "page": 1, "next": None, "previous": None, "results": [as_json(test)]
    }  # fmt: skip


def test_a_missing_slash_is_no_mistake_and_no_redirect(reader: Client, known: Replica) -> None:
    test = make_restore_test(known)
    assert reader.get(f"{TESTS}{test.number}").json() == as_json(test)
    assert post(bearing(make_token(REPORT)[1]), report_of()).status_code == 201
    problem(Client().get(f"{TESTS}{test.number}"), 401)


def test_the_newest_come_first_fifty_a_page(reader: Client, known: Replica) -> None:
    tests = [make_restore_test(known) for _ in range(51)]
    first, second, third = (reader.get(TESTS, {"page": page}).json() for page in (1, 2, 3))
    assert [test["number"] for test in first["results"]] == [test.number for test in reversed(tests)][:50]
    assert [test["number"] for test in second["results"]] == [tests[0].number]
    assert third["results"] == []
    assert [(page["next"], page["previous"]) for page in (first, second, third)] == [(2, None), (None, 1), (None, 2)]


def test_the_list_takes_the_same_queries_for_many(reader: Client, known: Replica) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            make_restore_test(known)
            make_restore_test(make_replica(make_database(f"db{RestoreTest.objects.count()}")))
        for address in (TESTS, DATABASES):
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(address).status_code == 200
            counts.append(len(queries))
    # The first request notes that the token is used.
    assert counts[2] <= counts[0]
    assert counts[3] == counts[1]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [({"database": "shop"}, 3), ({"database": "blog"}, 0), ({"replica": "s3"}, 1), ({"status": "failed"}, 1),
     ({"database": "shop", "replica": "local", "status": "passed"}, 1)],
)  # fmt: skip
def test_tests_are_filtered(reader: Client, known: Replica, wanted: dict[str, str], count: int) -> None:
    make_restore_test(known)
    make_restore_test(known, status="failed")
    make_restore_test(make_replica(known.database, name="s3"))
    assert reader.get(TESTS, wanted).json()["count"] == count


def test_databases_say_when_they_were_last_proven(reader: Client, known: Replica) -> None:
    make_database("blog", rpo_objective_seconds=1)
    proof = make_restore_test(known)
    make_restore_test(known, status="failed")
    make_restore_test(known, target_at=NOW)
    blog, shop = reader.get(DATABASES).json()["results"]
    assert (blog["name"], blog["last_proof"], blog["replicas"]) == ("blog", None, [])
    assert blog["objectives"] == {"rpo_seconds": 1, "rto_seconds": None, "proof_days": 8}
    assert shop["last_proof"]["number"] == proof.number
    assert shop["is_tested_by_an_agent"] is True
    assert reader.get(f"{DATABASES}shop/").json() == shop
    # Neither the path nor the host: a token for reading is no map of the network.
    assert "/nowhere" not in json.dumps(shop)
    assert "db1" not in json.dumps(shop)


@pytest.mark.parametrize("address", [TESTS, f"{TESTS}1/", DATABASES, f"{DATABASES}shop/"])
def test_without_a_token_nothing_is_read(known: Replica, address: str) -> None:
    response = Client().get(address)
    assert "Bearer" in problem(response, 401)["detail"]
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_token(as_administrator: Client, known: Replica) -> None:
    """So that no other site can use the API in the name of whoever visits it."""
    problem(as_administrator.get(TESTS), 401)
    problem(post(as_administrator, report_of()), 401)
    assert not RestoreTest.objects.exists()


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer ", "Bearer nonsense", "Token {}", "{}"])
def test_a_token_that_is_none_is_refused(known: Replica, header: str) -> None:
    _token, text = make_token(REPORT)
    response = Client(headers={"Authorization": header.format(text)}).post(
        TESTS, report_of(), content_type="application/json"
    )
    problem(response, 401)
    assert not RestoreTest.objects.exists()


def test_a_revoked_token_is_refused(administrator: User, known: Replica) -> None:
    token, text = make_token(REPORT)
    revoke_token(token, actor=administrator, now=NOW)
    response = post(bearing(text), report_of())
    assert "revoked" in problem(response, 401)["detail"]
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


@pytest.mark.parametrize("address", [TESTS, f"{TESTS}1/", DATABASES, f"{DATABASES}shop/"])
def test_an_agent_reads_nothing(agent: Client, address: str) -> None:
    response = agent.get(address)
    assert "restore-tests:read" in problem(response, 403)["detail"]
    assert 'error="insufficient_scope"' in response["WWW-Authenticate"]


def test_a_reader_reports_nothing(reader: Client) -> None:
    assert "restore-tests:report" in problem(post(reader, report_of()), 403)["detail"]
    assert not RestoreTest.objects.exists()


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (TESTS, {"GET", "POST"}),
        (f"{TESTS}1/", {"GET"}),
        (DATABASES, {"GET"}),
        ("/api/v1/openapi.json", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_a_problem(agent: Client, address: str, allowed: set[str]) -> None:
    response = agent.delete(address)
    problem(response, 405)
    assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "address", [f"{TESTS}4711/", f"{TESTS}x/", f"{DATABASES}nothing/", "/api/v1/x", "/api/v1/x/y/"]
)
def test_what_is_not_there_is_a_problem(reader: Client, address: str) -> None:
    problem(reader.get(address), 404)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_only_json_is_taken(agent: Client, kind: str) -> None:
    problem(agent.generic("POST", TESTS, json.dumps(report_of()), content_type=kind), 415)


@pytest.mark.parametrize("body", ["{", "\xff", '{"rto_seconds": NaN}', "[" * 100_000, '{"x": ' + "9" * 5000 + "}"])
def test_what_is_not_json_is_a_problem(agent: Client, body: str) -> None:
    problem(agent.generic("POST", TESTS, body.encode("latin-1"), content_type="application/json"), 400)


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 13 * 1024 * 1024])
def test_a_body_that_is_too_large_is_a_problem(agent: Client, size: int) -> None:
    problem(agent.generic("POST", TESTS, b" " * size, content_type="application/json"), 413)


def test_every_wrong_place_is_named(agent: Client) -> None:
    report = report_of(sha256="zz", tables={"users": -1}, unknown=1, checks=[{"name": "x", "passed": "yes"}])
    found = problem(post(agent, report), 422)
    assert {error["pointer"] for error in found["errors"]} == {
        "/sha256", "/tables/users", "/unknown", "/checks/0/passed", "/checks/0/message"
    }  # fmt: skip
    assert not RestoreTest.objects.exists()


def test_a_report_of_what_nobody_registered_says_to_register_it(agent: Client) -> None:
    assert "Register" in problem(post(agent, report_of(database="blog")), 404)["detail"]
    assert "Register" in problem(post(agent, report_of(replica="s3")), 404)["detail"]


def test_the_key_of_another_report_is_a_conflict(agent: Client, known: Replica) -> None:
    make_replica(known.database, name="s3")
    assert post(agent, report_of()).status_code == 201
    problem(post(agent, report_of(replica="s3")), 409)
    problem(post(agent, report_of(reporter="elsewhere")), 409)
    assert RestoreTest.objects.count() == 1


def test_a_claim_without_proof_is_refused(agent: Client) -> None:
    found = problem(post(agent, report_of(integrity="")), 422)
    assert found["errors"][0]["pointer"] == "/integrity"
    assert not RestoreTest.objects.exists()


@pytest.mark.parametrize("wanted", [{"status": "fine"}, {"page": "0"}, {"page": "x"}, {"statsu": "failed"}])
def test_a_filter_that_is_none_is_a_problem(reader: Client, wanted: dict[str, str]) -> None:
    (name,) = wanted
    assert problem(reader.get(TESTS, wanted), 422)["errors"][0]["pointer"] == name


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("a bug"), 500), (OperationalError("database is locked"), 503)]
)
def test_trouble_is_a_problem_and_gives_nothing_away(
    agent: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr("recovery.api.restore_tests.report_restore_test", fail)
    assert "a bug" not in problem(post(agent, report_of()), status)["detail"]


def test_the_schema_describes_every_route_and_its_problems() -> None:
    schema = Client().get(reverse("api:openapi")).json()
    methods = {path: set(found) for path, found in schema["paths"].items()}
    assert {path: found for path, found in methods.items() if "incidents" not in path} == {
        TESTS: {"get", "post"},
        f"{TESTS}{{number}}/": {"get"},
        DATABASES: {"get"},
        f"{DATABASES}{{name}}/": {"get"},
    }
    answers = schema["paths"][TESTS]["post"]["responses"]
    assert set(answers) == {"200", "201", "401", "403", "404", "409", "413", "415", "422"}
    assert list(answers["401"]["content"]) == ["application/problem+json"]
    assert list(answers["201"]["content"]) == ["application/json"]
    assert all(found["security"] for methods in schema["paths"].values() for found in methods.values())


@pytest.mark.parametrize("address", [f"{TESTS}?database=a%00b", f"{TESTS}?replica=%00", f"{DATABASES}a%00b/"])
def test_a_character_that_cannot_be_stored_is_refused(reader: Client, known: Replica, address: str) -> None:
    problem(reader.get(address), 422)
