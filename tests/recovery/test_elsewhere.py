"""Databases on other machines: registered, tested from here or by an agent, and shown as what they are."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.documents.tree import Facts
from recovery.api.schemas import ReportIn
from recovery.documents import evidence_blocks
from recovery.errors import RecoveryError
from recovery.models import Database, DiskUsage, Replica
from recovery.services.agent_report import Report
from recovery.services.evidence import attach_evidence
from recovery.services.registration import change_database, register_database
from recovery.services.reports import report_restore_test
from recovery.services.restore_tests import create_restore_test
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test
from tests.recovery.reported import report_of

PATH = "/data/on/another/host.db"
REPORTED = {"origin": "reported", "reporter": "db1.example.org", "trigger": "api"}
KNOWN = {"team": None, "rpo_objective_seconds": None, "rto_objective_seconds": None}


@pytest.fixture
def elsewhere(db: None) -> Replica:
    """In a folder of that machine, so an agent there tests it."""
    return make_replica(make_database("shop", PATH, host="db1.example.org"), "/backups/shop")


@pytest.fixture
def reached(elsewhere: Replica) -> Replica:
    return make_replica(elsewhere.database, "s3://backup/shop", name="s3")


def test_with_a_host_the_path_is_not_looked_at(db: None) -> None:
    with pytest.raises(RecoveryError, match=r"no file.*name that as its host"):
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
        "in a folder of db1.example.org, which Debrief does not reach",
        f"restore-test-agent.py --debrief {settings.BASE_URL} --token-file",
        "--database shop --replica local --replica-url /backups/shop",
        "An agent on db1.example.org tests it and reports.",
    ):
        assert words in page


def test_a_place_that_does_not_say_all_is_left_to_the_configuration_there(
    as_responder: Client, elsewhere: Replica
) -> None:
    elsewhere.options = {"pattern": "*.db"}
    elsewhere.save(update_fields=["options"])
    page = as_responder.get(elsewhere.database.get_absolute_url()).content.decode()
    assert f"--config /etc/litestream.yml --path {elsewhere.database.path} " in page
    assert "--replica-url" not in page
    assert reverse("recovery:restore_test_create", args=["shop", "local"]) not in page


def test_a_replica_that_is_reached_is_tested_from_its_page(as_responder: Client, reached: Replica) -> None:
    page = as_responder.get(reached.database.get_absolute_url()).content.decode()
    run = reverse("recovery:restore_test_create", args=["shop", "s3"])
    assert run in page
    assert reverse("recovery:restore_test_create", args=["shop", "local"]) not in page
    assert "--replica local" in page
    assert "--replica s3" not in page
    assert "An agent on db1.example.org tests it and reports." not in page
    assert as_responder.post(run, {}).status_code == 302
    assert reached.restore_tests.count() == 1


def test_the_age_of_its_newest_data_stands_for_a_lag_that_nobody_can_know(
    as_responder: Client, reached: Replica
) -> None:
    overview = reverse("recovery:database_list")
    newest_at = timezone.now() - timedelta(hours=3)
    Replica.objects.filter(pk=reached.pk).update(checked_at=newest_at, newest_at=newest_at, lag_reason="It is on db1.")
    DiskUsage.objects.create(path=PATH, at=timezone.now(), total_bytes=100, used_bytes=97)
    page = as_responder.get(overview).content.decode()
    assert "newest data 3 h old" in page
    # A disk of this machine that has the same path is none of its.
    assert "97 %" not in page


def test_an_agent_is_heard_of_a_replica_that_is_reached_too(reached: Replica) -> None:
    sent = ReportIn.model_validate(report_of(replica="s3"))
    test, _is_new = report_restore_test(Report(**sent.model_dump()), now=timezone.now())
    assert (test.origin, test.replica, test.status) == ("reported", reached, "passed")


def test_a_replica_that_is_added_is_tested_or_set_up(as_administrator: Client, elsewhere: Replica) -> None:
    keys = {"secret-access-key-id": "env:SHOP_KEY_ID", "secret-secret-access-key": "env:SHOP_KEY"}
    for kind, sent, words in (
        ("s3", {"destination": "s3://backup/app", **keys}, "Run a restore test"),
        ("file", {"destination": "/backups/app"}, "Set up the agent to test it"),
    ):
        address = f"{reverse('recovery:replica_create', args=['shop'])}?kind={kind}"
        page = as_administrator.post(address, {"name": kind, **sent}, follow=True)
        assert f"Added. {words}" in page.content.decode()


def test_disks_of_another_machine_cannot_be_chosen(as_administrator: Client, elsewhere: Replica) -> None:
    address = reverse("recovery:threshold_edit", args=["shop"])
    facts = {"proof_objective_days": "8", "disk_alert_percent": "80"}
    refused = as_administrator.post(address, {**facts, "watched_path": "/"})
    assert (refused.status_code, "cannot be seen from here" in refused.content.decode()) == (422, True)
    assert as_administrator.post(address, facts).status_code == 302


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
