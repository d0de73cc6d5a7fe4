"""Links and files beside restore tests: attached once, withdrawn, put back, and told in the timeline."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from incidents.models import Incident
from recovery.errors import RecoveryError
from recovery.models import Evidence
from recovery.queries import list_evidence
from recovery.services.evidence import attach_evidence, attach_file, attach_link, restore_evidence, withdraw_evidence
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test, make_user
from tests.uploads import LOG, upload

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHOLE = "not a whole web address"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture
def actor() -> User:
    return make_user()


@pytest.fixture
def incident(actor: User) -> Incident:
    return make_incident(actor)


def attach(incident: Incident, content: bytes = LOG, name: str = "app.log") -> Evidence:
    file = upload(content, name)
    return attach_file(incident, file=file, caption="It says so", actor=incident.declared_by, now=NOW)


def link(incident: Incident, url: str = "https://example.org/d/1") -> Evidence:
    return attach_link(incident, url=url, caption="The graph", actor=incident.declared_by, now=NOW)


def test_a_file_or_link_is_attached_once_to_an_incident(incident: Incident, actor: User) -> None:
    file, address = attach(incident), link(incident)
    with pytest.raises(RecoveryError, match=r"File other\.log is already attached to INC-") as refused:
        attach(incident, name="other.log")
    assert refused.value.field == "file"
    with pytest.raises(RecoveryError, match=r"Link https://example\.org/d/1 is already attached") as refused:
        link(incident)
    assert refused.value.field == "url"
    attach(incident, b"something else")
    link(incident, "https://example.org/d/2")
    other = make_incident(actor)
    assert attach(other).incident == link(other).incident == other
    assert [*list_evidence(incident)][:2] == [file, address]


def test_withdrawn_files_and_links_can_be_put_back(incident: Incident, actor: User) -> None:
    for evidence in (attach(incident), link(incident), link(incident, "https://example.org/d/2")):
        withdraw_evidence(evidence, actor=actor, now=LATER)
        assert evidence not in list_evidence(incident)
        restore_evidence(evidence, actor=actor, now=LATER)
        assert evidence in list_evidence(incident)


def test_what_was_attached_again_stands_in_the_way_of_what_was_withdrawn(incident: Incident, actor: User) -> None:
    for make in (attach, link):
        old = make(incident)
        withdraw_evidence(old, actor=actor, now=LATER)
        make(incident)
        with pytest.raises(RecoveryError, match="already attached again"):
            restore_evidence(old, actor=actor, now=LATER)


def test_the_timeline_names_the_file_and_the_link(incident: Incident, actor: User) -> None:
    for make in (lambda: attach(incident, name="a_b.log"), lambda: link(incident, "https://example.org/a_b|c?d={e}")):
        evidence = make()
        withdraw_evidence(evidence, actor=actor, now=LATER)
        restore_evidence(evidence, actor=actor, now=LATER)
    texts = [event.text for event in incident.events.filter(kind="recovery").order_by("pk")]
    file, address = r"File a\_b.log", "Link <https://example.org/a_b|c?d={e}>"
    assert texts == [
        f"{file} attached as evidence: It says so",
        f"{file} withdrawn as evidence: It says so",
        f"{file} attached as evidence again: It says so",
        f"{address} attached as evidence: The graph",
        f"{address} withdrawn as evidence: The graph",
        f"{address} attached as evidence again: The graph",
    ]


def test_the_timeline_says_what_a_test_measured(incident: Incident, actor: User) -> None:
    test = make_restore_test(rto_objective_seconds=10, rpo_seconds=None, rpo_reason="No clock.")
    attach_evidence(test, incident=incident, caption="Back", actor=actor, now=NOW)
    assert incident.events.get(kind="recovery").text == (
        f"{test.reference} attached as evidence: Back\n\nPassed · RTO 8.5 s, objective 10 s: met · "
        "RPO unknown: No clock. · shop/local (Litestream) · SHA-256 aaaaaaaaaaaa…"
    )


def test_a_test_made_up_for_the_demonstration_is_no_evidence(incident: Incident, actor: User) -> None:
    test = make_restore_test(make_replica(make_database("demo", is_demonstration=True)))
    with pytest.raises(RecoveryError, match="made up for the demonstration"):
        attach_evidence(test, incident=incident, caption="x", actor=actor, now=NOW)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://10.0.0.1:3000/d/abc?from=1&to=2#panel",
        "HTTPS://EXAMPLE.ORG/A",
        "https://[::1]/x",
        "https://example.org/wiki/ฐานข้อมูล?q={a|b}'c",
    ],
)
def test_an_address_is_kept_as_typed(incident: Incident, url: str) -> None:
    assert link(incident, url).url == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("example.org/x", WHOLE),
        ("//example.org/x", WHOLE),
        ("/incidents/1/", WHOLE),
        ("javascript:alert(1)", WHOLE),
        ("data:text/html,x", WHOLE),
        ("ftp://example.org/x", WHOLE),
        ("file:///etc/passwd", WHOLE),
        ("https://", WHOLE),
        ("https:///x", WHOLE),
        ("https://example.org:99999/", WHOLE),
        ("https://[::1/", WHOLE),
        ("https://example.org/a b", WHOLE),
        ("https://example.org/\u202egnp", WHOLE),
        ("https://example.org/\n", WHOLE),
        ("https://example.org/>x", WHOLE),
        ("https://good.example\\@evil.example/", WHOLE),
        ("https://example.org/" + "x" * 2000, WHOLE),
        ("https://nok:secret@example.org/", "user name or password"),
        ("https://good.example@evil.example/", "user name or password"),
    ],
)
def test_what_is_no_whole_plain_address_is_refused(incident: Incident, url: str, reason: str) -> None:
    with pytest.raises(RecoveryError, match=reason) as refused:
        link(incident, url)
    assert refused.value.field == "url"
    assert not Evidence.objects.exists()
