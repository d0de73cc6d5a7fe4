"""Taking over a paste: all of it or nothing, once, and back again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Attachment, Incident, TimelineEvent
from incidents.queries.transcripts import list_imported
from incidents.services.merging import merge_incident
from incidents.services.transcripts import PastedEvent, hide_import, import_events, keep_paste
from incidents.services.visibility import change_visibility
from tests.changes import list_changes
from tests.conftest import signed_in
from tests.factories import make_incident

NOW = datetime(2024, 3, 10, 18, 0, tzinfo=UTC)
KEY = "abcdef0123456789"


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder, now=NOW - timedelta(hours=6))


def pasted(count: int = 3) -> list[PastedEvent]:
    return [PastedEvent(f"Event {n}", NOW - timedelta(minutes=60 - n), None, "action") for n in range(count)]


def take(incident: Incident, events: list[PastedEvent], key: str = KEY) -> int:
    return import_events(incident, events=events, key=key, is_pinned=False, actor=incident.declared_by, now=NOW)


def test_all_of_it_is_on_the_timeline_and_a_note_leads_to_it(incident: Incident, responder: User) -> None:
    before = Incident.objects.get().revision
    assert take(incident, pasted()) == 3
    events = list(list_imported(incident, KEY))
    assert [event.text for event in events] == ["Event 0", "Event 1", "Event 2"]
    for event in events:
        assert (event.source, event.grading, event.kind) == ("import", "reported", "action")
        assert (event.author, event.is_pinned, event.is_hidden) == (responder, False, False)
        assert event.revision > before
    note = TimelineEvent.objects.latest("pk")
    assert note.source == "system"
    assert note.text.startswith("3 events were taken over from a paste.")
    assert f"(/incidents/{incident.pk}/timeline/paste/{KEY}/)" in note.text


def test_each_event_is_in_the_audit_trail_as_imported(incident: Incident, responder: User) -> None:
    take(incident, pasted(1))
    (change,) = list_changes(list_imported(incident, KEY).get())
    assert (change.actor, change.door) == (responder, "import")


def test_the_same_paste_is_taken_over_once(incident: Incident) -> None:
    take(incident, pasted())
    count = TimelineEvent.objects.count()
    assert take(incident, pasted()) == 3
    assert TimelineEvent.objects.count() == count
    take(incident, pasted(), key="another")
    assert TimelineEvent.objects.count() == count + 4


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([], "No event is chosen"),
        ([*pasted(), PastedEvent("Not yet", NOW + timedelta(hours=1), None, "other")], "“Not yet” lies in the future"),
        (pasted(1) * 2_001, "At most 2000 events"),
    ],
)
def test_what_is_refused_leaves_nothing(incident: Incident, events: list[PastedEvent], reason: str) -> None:
    count = TimelineEvent.objects.count()
    with pytest.raises(IncidentError, match=reason):
        take(incident, events)
    assert TimelineEvent.objects.count() == count


def test_an_import_is_undone_and_shown_again(incident: Incident, responder: User) -> None:
    take(incident, pasted())
    take(incident, pasted(1), key="another")
    seen = Incident.objects.get().revision
    assert hide_import(incident, KEY, is_hidden=True, actor=responder, now=NOW) == 3
    assert {event.is_hidden for event in list_imported(incident, KEY)} == {True}
    assert {event.is_hidden for event in list_imported(incident, "another")} == {False}
    assert all(event.revision > seen for event in list_imported(incident, KEY))
    assert "The import of 3 events was undone." in TimelineEvent.objects.latest("pk").text
    assert hide_import(incident, KEY, is_hidden=True, actor=responder, now=NOW) == 0
    assert hide_import(incident, KEY, is_hidden=False, actor=responder, now=NOW) == 3
    assert "3 imported events show again." in TimelineEvent.objects.latest("pk").text


def test_the_paste_is_kept_as_a_file(incident: Incident, responder: User, settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    assert keep_paste(incident, text="14:03 ฐาน", actor=responder, now=NOW) == ""
    attachment = Attachment.objects.get()
    assert attachment.name == "paste-2024-03-10-1800.txt"
    with attachment.open() as file:
        assert file.read().decode() == "14:03 ฐาน"
    assert "which a browser might run" in keep_paste(incident, text="<!doctype html>", actor=responder, now=NOW)


@pytest.fixture
def target(incident: Incident, responder: User) -> Incident:
    """What the incident, with a paste in it, was merged into."""
    target = make_incident(responder, "The first", now=NOW - timedelta(hours=6))
    take(incident, pasted())
    merge_incident(incident, duplicate_of=target, actor=responder, now=NOW)
    incident.refresh_from_db()
    return target


def test_the_same_paste_is_taken_over_once_also_after_a_merge(incident: Incident, target: Incident) -> None:
    count = TimelineEvent.objects.count()
    assert take(incident, pasted()) == 3
    assert TimelineEvent.objects.count() == count
    assert target.events.filter(source="import").count() == 3


def test_what_was_imported_is_undone_from_where_it_was_pasted(
    incident: Incident, target: Incident, responder: User
) -> None:
    client, address = signed_in(responder), reverse("incidents:paste", args=[incident.pk, KEY])
    assert "3 on the timeline" in client.get(address).content.decode()
    seen = Incident.objects.get(pk=target.pk).revision
    client.post(address)
    assert {event.is_hidden for event in target.events.filter(source="import")} == {True}
    assert all(event.revision > seen for event in target.events.filter(source="import"))
    note = target.events.latest("pk")
    assert "The import of 3 events was undone." in note.text
    assert reverse("incidents:paste", args=[target.pk, KEY]) in note.text
    assert client.get(reverse("incidents:paste", args=[target.pk, KEY])).status_code == 200


def test_what_moved_out_of_sight_is_neither_shown_nor_hidden_nor_added_again(
    incident: Incident, target: Incident, responder: User, viewer: User
) -> None:
    people = {"people": [responder], "teams": []}
    change_visibility(target, visibility="restricted", actor=responder, now=NOW, **people)
    client = signed_in(viewer)
    assert client.get(reverse("incidents:paste", args=[incident.pk, KEY])).status_code == 404
    assert hide_import(incident, KEY, is_hidden=True, actor=viewer, now=NOW) == 0
    assert {event.is_hidden for event in target.events.filter(source="import")} == {False}
    count = TimelineEvent.objects.count()
    import_events(incident, events=pasted(), key=KEY, is_pinned=False, actor=viewer, now=NOW)
    assert TimelineEvent.objects.count() == count
