"""Text from people, paths, tools and restored files is shown as text, on every page."""

import re

from django.test import Client
from django.urls import reverse

from accounts.models import User
from recovery.models import Replica
from recovery.services.evidence import attach_evidence, attach_link
from tests.factories import NOW, make_database, make_file_evidence, make_incident, make_replica, make_restore_test
from tests.faults.backup import Backup
from tests.recovery.runs import run

SCRIPT, LINK = "<script>alert(1)</script>", "javascript:alert(1)"
QUOTE = "\"'><img src=x onerror=alert(1)>"


def check_harmless(page: str) -> None:
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert not re.search(r"""(href|src|action|hx-\w+)=["']?\s*javascript:""", page, re.IGNORECASE)


def test_every_text_of_a_test_is_harmless_everywhere(as_responder: Client, responder: User) -> None:
    database = make_database("shop", f"/data/{SCRIPT}{QUOTE}.db")
    replica = make_replica(database, f"/data/{LINK}{SCRIPT}", problem=f"{SCRIPT}{QUOTE}")
    checks = [{"name": SCRIPT, "passed": False, "message": f"{SCRIPT} {QUOTE} {LINK}"}]
    test = make_restore_test(
        replica,
        status="failed",
        tables={SCRIPT: 1, QUOTE: 2, LINK: 3},
        checks=checks,
        log_tail=f"</pre>{SCRIPT}",
        tool=SCRIPT,
        integrity=QUOTE,
        rpo_seconds=None,
        rpo_reason=f"{SCRIPT}{QUOTE}",
        restored_txid=SCRIPT[:40],
    )
    incident = make_incident(responder)
    attach_evidence(test, incident=incident, caption=f"{SCRIPT}{QUOTE}{LINK}", actor=responder, now=NOW)
    make_file_evidence(incident, f"{SCRIPT}{QUOTE}", file_name=f"{SCRIPT}{QUOTE}.png", file_type="image/png")
    attach_link(incident, url=f"https://x/{LINK}'onerror=alert(1)", caption=SCRIPT, actor=responder, now=NOW)
    make_incident(responder, title=f"{SCRIPT}{QUOTE}")
    make_restore_test(replica)
    addresses = [
        reverse("recovery:database_list"),
        database.get_absolute_url(),
        test.get_absolute_url(),
        reverse("recovery:evidence_list", args=[incident.number]),
    ]
    for address in addresses:
        for headers in ({}, {"HX-Request": "true"}):
            page = as_responder.get(address, headers=headers).content.decode()
            check_harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in as_responder.get(test.get_absolute_url()).content.decode()


def test_tables_of_a_restored_database_are_harmless(as_responder: Client, replica: Replica, backup: Backup) -> None:
    for name in (SCRIPT, QUOTE, LINK):
        quoted = '"' + name.replace('"', '""') + '"'
        backup.execute(f"CREATE TABLE {quoted} (user_id REFERENCES users); INSERT INTO {quoted} VALUES (9999);")  # noqa: S608
    backup.replicate()
    test = run(replica)
    assert {SCRIPT, QUOTE, LINK} <= set(test.tables)
    assert SCRIPT in test.reasons[0]
    page = as_responder.get(test.get_absolute_url()).content.decode()
    check_harmless(page)
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def test_what_is_typed_is_harmless_when_it_comes_back(as_responder: Client, responder: User) -> None:
    incident, test = make_incident(responder), make_restore_test()
    sent = {"caption": f"{SCRIPT}{QUOTE}" * 20, "restore_test": str(test.pk), "incident": str(incident.pk)}
    for address in (
        reverse("recovery:evidence_create", args=[incident.number]),
        reverse("recovery:test_evidence_create", args=[test.number]),
    ):
        response = as_responder.post(address, sent)
        assert response.status_code == 422
        check_harmless(response.content.decode())
        assert "&lt;img src=x" in response.content.decode()
