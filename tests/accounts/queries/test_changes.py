"""Every change is there, newest first, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.audit import Door, changes_by
from accounts.models import Change, Team, User
from incidents.models import Incident, IncidentLink, SeverityLevel, TimelineEvent
from tests.changes import list_changes
from tests.factories import make_event, make_incident, make_team, make_user


def fields_of(record: Any) -> list[tuple[str, str, str]]:
    return [tuple(field) for field in list_changes(record)[0].fields]


def change(record: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))
    return record


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def test_a_change_says_who_when_and_by_which_door(incident: Incident, responder: User) -> None:
    begun = timezone.now()
    with changes_by(responder, door=Door.API):
        change(incident, title="Search is slow")
    newest = list_changes(incident)[0]
    assert (newest.actor, newest.door, newest.action) == (responder, Door.API, "changed")
    assert begun <= newest.at <= begun + timedelta(minutes=1)
    assert newest.fields == [("Title", "Checkout is slow", "Search is slow")]
    assert (newest.kind, newest.subject) == ("incident", f"{incident.reference} Search is slow")


def test_the_newest_comes_first(incident: Incident) -> None:
    for title in ("Second", "Third"):
        change(incident, title=title)
    assert [recorded.action for recorded in list_changes(incident)] == ["changed", "changed", "created"]
    assert fields_of(incident) == [("Title", "Second", "Third")]


def test_choices_and_other_records_are_in_words(incident: Incident) -> None:
    worst = SeverityLevel.objects.get(level=1)
    change(incident, status="identified", severity=worst)
    assert fields_of(incident) == [("Severity", "SEV3", "SEV1"), ("Status", "Investigating", "Identified")]


def test_names_stay_as_they_were(incident: Incident) -> None:
    change(incident, severity=SeverityLevel.objects.get(level=1))
    change(SeverityLevel.objects.get(level=1), name="P1")
    assert fields_of(incident) == [("Severity", "SEV3", "SEV1")]


def test_times_are_the_readers(incident: Incident) -> None:
    change(incident, detected_at=datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC))
    with timezone.override("Asia/Bangkok"):
        [(label, before, after)] = fields_of(incident)
    assert (label, before) == ("Detected", "")
    assert "23 Nov 2026, 06:30:05" in after
    assert 'title="2026-11-22 23:30:05 UTC"' in after


def test_nothing_and_no_are_not_the_same(incident: Incident) -> None:
    event = change(make_event(incident), is_pinned=False)
    assert fields_of(event) == [("In the post-mortem", "yes", "no")]
    change(incident, customers_affected=0)
    assert fields_of(incident) == [("Customers affected", "", "0")]


def test_what_a_new_record_says_is_kept_but_not_what_it_leaves_open(incident: Incident, responder: User) -> None:
    event = make_event(incident, "The graphs went flat")
    labels = {label: after for label, _before, after in fields_of(event)}
    assert labels["What happened"] == "The graphs went flat"
    assert (labels["Author"], labels["Incident"]) == (str(responder), incident.reference)
    assert "Until" not in labels


def test_a_deleted_record_keeps_its_changes(incident: Incident) -> None:
    link = IncidentLink.objects.create(incident=incident, url="https://example.org/", title="Dashboard")
    key = link.pk
    link.delete()
    link.pk = key
    assert [recorded.action for recorded in list_changes(link)] == ["deleted", "created"]
    assert ("Title", "Dashboard", "") in fields_of(link)


def test_members_are_told_of_from_either_side(administrator: User) -> None:
    team, anna, ben = make_team("Storage"), make_user("anna"), make_user("ben", name="Ben Ng")
    team.members.add(anna, ben)
    assert fields_of(team) == [("Members added", "", "anna, Ben Ng")]
    anna.teams.remove(team)
    assert fields_of(team) == [("Members removed", "anna", "")]
    assert [recorded.action for recorded in list_changes(anna)] == ["created"]
    ben.teams.set([])
    assert fields_of(team) == [("Members removed", "Ben Ng", "")]


def test_joining_nobody_is_no_change(db: None) -> None:
    team = make_team()
    team.members.add()
    team.members.set([])
    assert [recorded.action for recorded in list_changes(team)] == ["created"]


def test_every_record_of_an_incident_carries_its_number(incident: Incident, administrator: User) -> None:
    before = Change.objects.filter(incident_number=incident.number).count()
    event = make_event(incident)
    change(event, text="They went up again")
    incident.related.add(make_incident(administrator, "Search is down"))
    assert Change.objects.filter(incident_number=incident.number).count() == before + 3
    assert not Change.objects.filter(object_repr=str(administrator)).exclude(incident_number=None).exists()


def test_a_record_without_the_incident_at_hand_finds_it(incident: Incident, responder: User) -> None:
    from incidents.services.drafts import start_postmortem
    from incidents.services.sections import save_section

    section = start_postmortem(incident, actor=responder).sections.all()[0]
    save_section(section, body="It was the disk.", actor=responder, now=timezone.now())
    assert {found.incident_number for found in Change.objects.filter(object_repr=section.title)} == {incident.number}


def test_stamps_counters_and_unchanged_values_are_no_change(incident: Incident) -> None:
    count = Change.objects.count()
    change(incident, revision=9, title=incident.title, updated_at=timezone.now())
    assert Change.objects.count() == count


def test_no_password_is_kept(administrator: User) -> None:
    with changes_by(administrator, door=Door.PAGE):
        administrator.set_password("another good password")
        administrator.save()
    assert fields_of(administrator) == [("Password", "••••••••", "••••••••")]
    kept = str([*Change.objects.values_list("changes", "additional_data")])
    assert "md5$" not in kept
    assert administrator.password not in kept


def test_signing_in_is_no_change(administrator: User, client: Client) -> None:
    count = Change.objects.count()
    client.post("/accounts/login/", {"login": "administrator", "password": "a good password"})
    assert client.session["_auth_user_id"] == str(administrator.pk)
    assert Change.objects.count() == count


def test_other_incidents_are_named_by_reference_alone(incident: Incident, responder: User) -> None:
    other = make_incident(responder, "Salaries were public")
    change(incident, duplicate_of=other)
    incident.related.add(other)
    named = [field.after for recorded in list_changes(incident)[:2] for field in recorded.fields]
    assert named == [other.reference, other.reference]


def test_a_field_that_is_gone_keeps_its_name(incident: Incident) -> None:
    from django.contrib.contenttypes.models import ContentType

    Change.objects.create(
        content_type=ContentType.objects.get_for_model(incident),
        object_pk=str(incident.pk),
        object_repr="as it was",
        action=Change.Action.UPDATE,
        changes={"customer_mood": ["fine", "bad"]},
    )
    assert fields_of(incident) == [("Customer mood", "fine", "bad")]


def test_the_number_of_queries_does_not_grow(
    incident: Incident, responder: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    list_changes(incident)
    for actor in (responder, make_user("anna"), make_user("ben")):
        for level in SeverityLevel.objects.all():
            with changes_by(actor, door=Door.PAGE):
                change(incident, severity=level)
    with django_assert_num_queries(1):
        assert len(list_changes(incident)) > 10


def test_writing_an_event_costs_one_more_statement(
    incident: Incident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_event(incident)
    with django_assert_num_queries(2):
        make_event(incident)


def test_team_and_event_have_their_own_history(incident: Incident) -> None:
    team = Team.objects.create(pk=incident.pk, name="Storage")
    event = TimelineEvent.objects.create(
        pk=incident.pk + 1000, incident=incident, text="x", occurred_at=timezone.now(), author=incident.declared_by
    )
    assert [recorded.kind for recorded in list_changes(team)] == ["team"]
    assert [recorded.kind for recorded in list_changes(event)] == ["timeline event"]
