import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from incidents.models import ActionItem, Incident, IncidentGrant, RoleAssignment, TimelineEvent
from incidents.services.drafts import start_postmortem
from incidents.services.reviews import ask_reviewers
from incidents.services.status import change_status
from tests.factories import make_event, make_incident, make_user
from tests.incidents.conftest import THEN

BOARD = "/"


def page(client: Client) -> str:
    return client.get(BOARD).content.decode()


def seen(client: Client) -> str:
    found = re.search(r"seen=(\w+)", page(client))
    assert found
    return found[1]


def titles(content: str) -> list[str]:
    return re.findall(r'id="board-\d+"[^>]*><span class="ref">INC-\d+</span> ([^<]+)</a>', content)


def test_the_worst_come_first_and_drills_last(as_viewer: Client, responder: User) -> None:
    for title, level, mode in (("Mild", 4, "live"), ("Drill", 1, "drill"), ("Bad", 1, "live"), ("Fair", 3, "live")):
        make_incident(responder, title, severity_id=level, mode=mode, now=THEN)
    over = make_incident(responder, "Over", now=THEN)
    change_status(over, status="resolved", actor=responder, now=THEN)
    content = page(as_viewer)
    assert titles(content) == ["Bad", "Fair", "Mild", "Drill"]
    assert "4 ongoing" in content


def test_a_card_says_who_commands_since_when_and_what_was_last(as_viewer: Client, responder: User) -> None:
    began = timezone.now() - timedelta(hours=2, minutes=5)
    incident = make_incident(responder, now=timezone.now(), impact_started_at=began)
    person = make_user("nok", name="Nok Suwan")
    RoleAssignment.objects.create(incident=incident, role="commander", person=person, taken_at=began)
    make_event(incident, "The <b>queue</b> grows\nand grows", occurred_at=timezone.now() + timedelta(minutes=1))
    make_event(incident, "Noise", occurred_at=timezone.now() + timedelta(minutes=2), is_hidden=True)
    content = page(as_viewer)
    for words in ("2 h 5 min ago", "Impact since", "Nok Suwan", "The &lt;b&gt;queue&lt;/b&gt; grows"):
        assert words in content
    assert "Noise" not in content
    assert "and grows" not in content


def test_an_unchanged_board_is_not_sent_again(as_viewer: Client, responder: User, htmx: dict[str, str]) -> None:
    incident = make_incident(responder, now=THEN)
    for change in (
        lambda: make_incident(responder, "Another", now=THEN),
        lambda: change_status(incident, status="identified", actor=responder, now=THEN),
        lambda: change_status(incident, status="resolved", actor=responder, now=THEN),
    ):
        known = seen(as_viewer)
        # The minute may end between the two.
        answers = {
            as_viewer.get(f"{BOARD}?seen={known}", headers=htmx).status_code for known in (known, seen(as_viewer))
        }
        assert 204 in answers
        change()
        answer = as_viewer.get(f"{BOARD}?seen={known}", headers=htmx)
        assert answer.status_code == 200
        assert 'hx-swap-oob="innerHTML"' in answer.content.decode()
        assert "<html" not in answer.content.decode()


def test_all_quiet_names_the_last_one(as_viewer: Client, responder: User) -> None:
    change_status(make_incident(responder, "The last", now=THEN), status="resolved", actor=responder, now=THEN)
    content = page(as_viewer)
    assert "All quiet" in content
    assert "The last" in content


def test_what_is_owed_is_there(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder, "Owes a document", severity_id=1, now=THEN)
    change_status(incident, status="resolved", actor=responder, now=THEN)
    ActionItem.objects.create(incident=incident, title="Mend the alert", owner_person=responder, due_date=THEN.date())
    ActionItem.objects.create(incident=incident, title="Mended", owner_person=responder, status="done")
    content = page(as_responder)
    assert "Owes a document" in content.partition("Waiting for a post-mortem")[2]
    assert content.count("overdue since") == 2
    assert "Mend the alert" in content
    assert "Mended" not in content


def test_what_is_restricted_is_not_on_the_board_of_others(as_viewer: Client, viewer: User, responder: User) -> None:
    make_incident(responder, "Open", now=THEN)
    secret = make_incident(responder, "Secret", severity_id=1, now=THEN)
    Incident.objects.filter(pk=secret.pk).update(visibility="restricted")
    ActionItem.objects.create(incident=secret, title="Hush", owner_person=viewer)
    known = page(as_viewer)
    assert titles(known) == ["Open"]
    assert "1 ongoing" in known
    assert "Hush" not in known
    IncidentGrant.objects.create(incident=secret, person=viewer)
    assert titles(page(as_viewer)) == ["Secret", "Open"]
    assert "Hush" in page(as_viewer)


def test_only_a_restricted_incident_is_a_new_installation_for_others(as_viewer: Client, responder: User) -> None:
    make_incident(responder, "Secret", now=THEN)
    Incident.objects.update(visibility="restricted")
    assert "Nothing has gone wrong yet" in page(as_viewer)
    assert "Nothing has gone wrong yet" in as_viewer.get("/incidents/").content.decode()


def test_a_board_of_many_takes_no_more_queries(
    as_responder: Client, responder: User, django_assert_num_queries: Any, htmx: dict[str, str]
) -> None:
    for count in (3, 30):
        for n in range(count):
            incident = make_incident(responder, f"Number {n}", severity_id=1, now=THEN)
            person = make_user(f"person {count} {n}")
            RoleAssignment.objects.create(incident=incident, role="commander", person=person, taken_at=THEN)
            over = make_incident(responder, f"Over {n}", severity_id=1, now=THEN)
            change_status(over, status="resolved", actor=responder, now=THEN)
            ActionItem.objects.create(incident=incident, title="Mend", owner_person=responder)
        as_responder.get(BOARD)
        with django_assert_num_queries(21):
            content = page(as_responder)
        assert len(titles(content)) >= count
    known = re.findall(r"seen=(\w+)", content)[0]
    with django_assert_num_queries(6):
        as_responder.get(f"{BOARD}?seen={known}", headers=htmx)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_board_is_for_reading(as_responder: Client, method: str) -> None:
    assert getattr(as_responder, method)(BOARD).status_code == 405


def test_events_of_the_system_are_news_as_well(as_viewer: Client, responder: User) -> None:
    make_incident(responder, now=THEN)
    assert TimelineEvent.objects.get().text in page(as_viewer)


def test_reviews_that_were_asked_of_me_are_listed_and_nobody_elses(
    as_viewer: Client, as_responder: Client, responder: User, viewer: User, django_assert_num_queries: Any
) -> None:
    other = make_user("other")

    def ask(number: int) -> Incident:
        incident = make_incident(responder, f"Broken {number}", now=THEN)
        ask_reviewers(start_postmortem(incident, actor=responder), people=[viewer, other], actor=responder, now=THEN)
        return incident

    assert "Reviews asked of you" not in page(as_viewer)
    first = ask(1)
    before = seen(as_viewer)
    with CaptureQueriesContext(connection) as counted:
        content = page(as_viewer)
        count = len(counted)
    assert "Reviews asked of you" in content
    assert f'href="/incidents/{first.number}/postmortem/review/"' in content
    assert "Reviews asked of you" not in page(as_responder)
    ask(2)
    assert seen(as_viewer) != before
    with django_assert_num_queries(count):
        page(as_viewer)
    Incident.objects.filter(pk=first.pk).update(visibility="restricted")
    content = page(as_viewer)
    assert f'href="/incidents/{first.number}/postmortem/review/"' not in content
    assert "Reviews asked of you" in content
