"""Pasting on its page: look at it, correct it, add it, undo it; without JavaScript."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from incidents.models import Attachment, Incident, TimelineEvent
from tests.factories import make_event, make_incident
from tests.uploads import picture, upload

THEN = datetime(2024, 3, 10, 12, 0, tzinfo=UTC)
LOG = "14:03 It broke\n\nOut of nowhere\n\n14:05 Rolled back"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder, now=THEN)


def paste_of(incident: Incident) -> str:
    return reverse("incidents:paste_create", args=[incident.number])


def source(text: str = LOG, **facts: Any) -> dict[str, Any]:
    return {"text": text, "day": "2024-03-10", "time_zone": "Europe/Berlin"} | facts


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the preview, as it stands."""
    sent = dict(re.findall(r'<input type="hidden" name="((?!csrf)[^"]+)" value="([^"]*)"', page))
    sent |= dict(re.findall(r'<input class="transcript-\w+"\s+name="([^"]+)"\s+value="([^"]*)"', page))
    sent |= {
        name: "event" for name, tag in re.findall(r'name="(use-\d+)" value="event"([^>]*)>', page) if "checked" in tag
    }
    sent |= dict(
        re.findall(r'<textarea class="transcript-text"\s+name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    )
    return sent | dict(
        re.findall(r'name="(kind-\d+)"[^>]*>(?:<option value="\w+">[^<]*</option>)*<option value="(\w+)" sel', page)
    )


def texts(incident: Incident) -> list[tuple[str, str]]:
    imported = TimelineEvent.objects.filter(incident=incident, source="import")
    return [(f"{event.occurred_at.astimezone(UTC):%H:%M}", event.text) for event in imported]


def test_the_page_asks_for_a_paste(as_responder: Client, incident: Incident) -> None:
    page = as_responder.get(paste_of(incident)).content.decode()
    assert 'value="2024-03-10"' in page
    assert '<option value="UTC" selected>' in page
    assert (
        reverse("incidents:paste_create", args=[incident.number])
        in as_responder.get(incident.get_absolute_url()).content.decode()
    )


def test_nothing_is_added_before_it_was_seen(as_responder: Client, incident: Incident) -> None:
    before = TimelineEvent.objects.count()
    page = as_responder.post(paste_of(incident), source()).content.decode()
    assert "2 events found" in page
    assert "Not understood" in page
    assert TimelineEvent.objects.count() == before


def test_what_was_seen_is_added(as_responder: Client, incident: Incident) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    response = as_responder.post(paste_of(incident), source() | fields_of(page) | {"add": "", "keeps": "on"})
    assert response.status_code == 302
    assert texts(incident) == [("13:03", "It broke"), ("13:05", "Rolled back")]
    assert Attachment.objects.get().size_bytes == len(LOG)
    shown = as_responder.get(response.url).content.decode()
    assert "2 events were added." in shown
    assert "Undo this import" in shown


def test_sending_it_twice_adds_it_once(as_responder: Client, incident: Incident) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    sent = source() | fields_of(page) | {"add": ""}
    assert as_responder.post(paste_of(incident), sent).url == as_responder.post(paste_of(incident), sent).url
    assert len(texts(incident)) == 2


def test_rows_are_corrected_unticked_and_joined(as_responder: Client, incident: Incident) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    sent = source() | fields_of(page) | {"add": "", "use-1": "before", "at-0": "2024-03-10 14:00", "is_pinned": "on"}
    sent |= {"text-0": "It **broke**", "kind-0": "alert"}
    sent.pop("use-2")
    as_responder.post(paste_of(incident), sent)
    assert texts(incident) == [("13:00", "It **broke**\n\nOut of nowhere")]
    event = TimelineEvent.objects.get(source="import")
    assert (event.kind, event.is_pinned) == ("alert", True)
    assert not Attachment.objects.exists()


def test_a_line_that_was_not_understood_becomes_an_event_with_a_time_of_its_own(
    as_responder: Client, incident: Incident
) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    sent = source() | fields_of(page) | {"add": "", "use-1": "event"}
    refused = as_responder.post(paste_of(incident), sent)
    assert refused.status_code == 422
    assert "Type when this happened" in refused.content.decode()
    assert texts(incident) == []
    again = fields_of(refused.content.decode())
    assert again["text-1"] == "Out of nowhere"
    as_responder.post(paste_of(incident), source() | again | {"add": "", "use-1": "event", "at-1": "2024-03-10 14:04"})
    assert ("13:04", "Out of nowhere") in texts(incident)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"at-0": "soon"}, "is not a time that can be read"),
        ({"at-0": "2999-01-01 10:00"}, "lies in the future"),
        ({"text-0": " "}, "Write what happened"),
        ({"text-0": "x" * 20_001}, "at most 20000 fit"),
        ({"until-0": "2024-03-10 13:00"}, "is before “When”"),
        ({"use-0": "before"}, "There is no event before this"),
        ({"use-0": "", "use-2": ""}, "No event is chosen"),
        ({"rows": "many"}, "No event is chosen"),
    ],
)
def test_what_cannot_be_added_is_said_and_stays(
    as_responder: Client, incident: Incident, change: dict[str, str], reason: str
) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    response = as_responder.post(paste_of(incident), source() | fields_of(page) | {"add": ""} | change)
    assert response.status_code == 422
    assert reason in response.content.decode()
    if "rows" not in change:
        assert "Rolled back" in fields_of(response.content.decode())["text-2"]
    assert texts(incident) == []


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (source(" \n "), "Paste a chat log here"),
        (source("x" * 1_000_001), "more than 1.0 MB"),
        (source(day=""), "required"),
        (source(time_zone="Mars/Olympus"), "Mars/Olympus"),
        (source("", file=upload(picture(), "chat.txt")), "no text that can be read"),
        (source("", file=upload(b"x" * 1_000_002, "chat.txt")), "more than 1.0 MB"),
    ],
)
def test_what_cannot_be_read_is_said(
    as_responder: Client, incident: Incident, sent: dict[str, Any], reason: str
) -> None:
    response = as_responder.post(paste_of(incident), sent)
    assert response.status_code == 422
    assert reason in response.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_like_a_paste(as_responder: Client, incident: Incident, encoding: str) -> None:
    file = upload("when;what\n14:03;ฐาน broke".encode(encoding), "chat.csv")
    page = as_responder.post(paste_of(incident), source("", file=file)).content.decode()
    assert fields_of(page)["text-0"] == "ฐาน broke"
    assert "when;what\n14:03;ฐาน broke</textarea>" in page


def test_what_is_there_already_is_not_ticked(as_responder: Client, incident: Incident) -> None:
    make_event(incident, "It broke", occurred_at=datetime(2024, 3, 10, 13, 3, tzinfo=UTC))
    page = as_responder.post(paste_of(incident), source()).content.decode()
    assert "This is on the timeline already." in page
    assert [name for name in fields_of(page) if name.startswith("use-")] == ["use-2"]


def test_hostile_text_stays_text(as_responder: Client, incident: Incident) -> None:
    page = as_responder.post(paste_of(incident), source('14:03 </textarea><script>alert(1)</script>"')).content.decode()
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


def test_an_import_is_undone_and_shown_again(as_responder: Client, incident: Incident) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    address = as_responder.post(paste_of(incident), source() | fields_of(page) | {"add": ""}).url
    hidden = TimelineEvent.objects.filter(source="import", is_hidden=True)
    assert as_responder.post(address).url == address
    assert hidden.count() == 2
    assert "Show them again" in as_responder.get(address).content.decode()
    as_responder.post(address, {"show": ""})
    assert hidden.count() == 0


def test_who_may_not_is_told(as_responder: Client, as_viewer: Client, client: Client, incident: Incident) -> None:
    page = as_responder.post(paste_of(incident), source()).content.decode()
    address = as_responder.post(paste_of(incident), source() | fields_of(page) | {"add": ""}).url
    assert as_viewer.get(paste_of(incident)).status_code == as_viewer.post(address).status_code == 403
    shown = as_viewer.get(address)
    assert shown.status_code == 200
    assert "Undo this import" not in shown.content.decode()
    assert client.get(address).status_code == client.get(paste_of(incident)).status_code == 302
    assert as_responder.get(reverse("incidents:paste", args=[incident.number, "unknown"])).status_code == 404
    assert as_responder.delete(address).status_code == as_responder.put(paste_of(incident)).status_code == 405
    Incident.objects.update(visibility="restricted")
    assert as_viewer.get(address).status_code == 404


def test_two_thousand_events_go_through_the_page(as_responder: Client, incident: Incident) -> None:
    log = "\n".join(f"{number // 60:02}:{number % 60:02} Event {number}" for number in range(1_400))
    log += "\n" + "\n".join(f"23:{number // 60:02}:{number % 60:02} Later {number}" for number in range(600))
    page = as_responder.post(paste_of(incident), source(log)).content.decode()
    sent = source(log) | fields_of(page) | {"add": ""}
    assert len(sent) > 8_000
    as_responder.post(paste_of(incident), sent)
    assert len(texts(incident)) == 2_000


def test_a_page_of_many_rows_takes_no_more_queries(
    as_responder: Client, incident: Incident, django_assert_num_queries: Any
) -> None:
    for count in (1, 200):
        with django_assert_num_queries(6):
            as_responder.post(paste_of(incident), source("14:03 x\n" * count))
