"""Databases on machines that Debrief does not reach: registered, tested by an agent, and shown as what they are."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from incidents.documents.tree import Facts
from recovery.documents import evidence_blocks
from recovery.errors import RecoveryError
from recovery.models import Database, Replica
from recovery.services.evidence import attach_evidence
from recovery.services.registration import change_database, register_database
from recovery.services.restore_tests import create_restore_test
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test

PATH = "/data/on/another/host.db"
REPORTED = {"origin": "reported", "reporter": "db1.example.org", "trigger": "api"}
KNOWN = {"team": None, "rpo_objective_seconds": None, "rto_objective_seconds": None}


@pytest.fixture
def elsewhere(db: None) -> Replica:
    return make_replica(make_database("shop", PATH, host="db1.example.org"), "s3://backup/shop")


def test_with_a_host_the_path_is_not_looked_at(db: None) -> None:
    with pytest.raises(RecoveryError, match="no file"):
        register_database(name="shop", path=PATH)
    database = register_database(name="shop", path=PATH, host="db1")
    assert (database.path, database.host) == (PATH, "db1")
    with pytest.raises(RecoveryError, match="whole path"):
        register_database(name="blog", path="blog.db", host="db1")


def test_without_its_host_the_path_is_looked_at_again(elsewhere: Replica) -> None:
    database = elsewhere.database
    assert change_database(database, path="/elsewhere.db", host="db2", **KNOWN).host == "db2"
    with pytest.raises(RecoveryError, match="no file"):
        change_database(database, path=PATH, host="", **KNOWN)
    assert Database.objects.get().host == "db2"


def test_an_administrator_registers_one(as_administrator: Client) -> None:
    facts = {"name": "shop", "path": PATH, "host": "db1.example.org"}
    assert as_administrator.post(reverse("recovery:database_create"), facts).status_code == 302
    edit = as_administrator.get(reverse("recovery:database_edit", args=["shop"])).content.decode()
    assert "db1.example.org" in edit


def test_no_test_of_it_can_be_started_here(as_responder: Client, elsewhere: Replica) -> None:
    with pytest.raises(RecoveryError, match=r"db1\.example\.org"):
        create_restore_test(elsewhere, actor=None, now=NOW)
    address = reverse("recovery:restore_test_create", args=["shop", "local"])
    assert as_responder.post(address, {}).status_code == 422
    assert not elsewhere.restore_tests.exists()


def test_its_page_says_why_and_how_the_agent_is_set_up(as_responder: Client, elsewhere: Replica) -> None:
    page = as_responder.get(elsewhere.database.get_absolute_url()).content.decode()
    for words in (
        "Debrief does not reach db1.example.org",
        f"restore-test-agent.py --debrief {settings.BASE_URL} --token-file",
        "--database shop --replica local --replica-url &#x27;s3://backup/shop&#x27;",
    ):
        assert words in page or words.replace("&#x27;", "'") in page


def test_an_address_that_does_not_say_all_is_left_to_the_configuration_there(
    as_responder: Client, elsewhere: Replica
) -> None:
    elsewhere.options = {"endpoint": "https://minio.example.org"}
    elsewhere.save(update_fields=["options"])
    page = as_responder.get(elsewhere.database.get_absolute_url()).content.decode()
    assert f"--config /etc/litestream.yml --path '{elsewhere.database.path}'" in page
    assert "--replica-url" not in page
    assert reverse("recovery:restore_test_create", args=["shop", "local"]) not in page


def test_a_reported_test_is_marked_wherever_it_shows(as_responder: Client, elsewhere: Replica) -> None:
    test = make_restore_test(elsewhere, **REPORTED)
    page = as_responder.get(test.get_absolute_url()).content.decode()
    assert "db1.example.org" in page
    assert "not measured here" in page
    history = "reported by db1.example.org, not measured here"
    assert history in as_responder.get(elsewhere.database.get_absolute_url()).content.decode()


def test_the_document_says_who_measured(elsewhere: Replica) -> None:
    incident = make_incident()
    for facts in (REPORTED, {}):
        test = make_restore_test(elsewhere, **facts)
        attach_evidence(test, incident=incident, caption="It came back", actor=incident.declared_by, now=NOW)
    told = [
        {fact.label: fact.value.text for fact in block.items}
        for block in evidence_blocks(incident).blocks
        if isinstance(block, Facts)
    ]
    assert [facts.get("Origin") for facts in told] == ["Reported by db1.example.org, not measured here", None]
