"""Importing on the page: read, correct, make."""

import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from incidents.models import Incident, Postmortem
from tests.factories import make_incident
from tests.incidents.readers.own import DOCUMENTS

CHECKOUT = DOCUMENTS["2021-02-03-checkout.md"]
HIDDEN = {"time_zone": "UTC"}


@pytest.fixture
def address() -> str:
    return reverse("incidents:import_create")


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back."""
    form = page[page.index('<form class="transcript"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        values = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in values and (values.get("type") != "checkbox" or re.search(r"\schecked", tag)):
            found[values["name"]] = unescape(values.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*\sselected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("file", None)
    return found


def preview(client: Client, address: str, **data: Any) -> dict[str, str]:
    response = client.post(address, HIDDEN | {"preview": "1"} | data)
    assert response.status_code == 200, response.content.decode()
    return fields_of(response.content.decode())


def upload(content: bytes | str, name: str = "a.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def test_the_list_of_incidents_leads_here(as_responder: Client, responder: User, address: str) -> None:
    make_incident(responder)
    assert address in as_responder.get(reverse("incidents:incident_list")).content.decode()
    assert as_responder.get(address).status_code == 200


def test_viewers_and_strangers_do_not_import(as_viewer: Client, client: Client, address: str) -> None:
    assert as_viewer.get(address).status_code == 403
    assert as_viewer.post(address, HIDDEN | {"text": CHECKOUT}).status_code == 403
    assert client.get(address).status_code == 302


def test_the_preview_shows_what_was_understood_and_makes_nothing(as_responder: Client, address: str) -> None:
    fields = preview(as_responder, address, text=CHECKOUT)
    assert fields["d0-title"] == "Checkout was slow"
    assert fields["d0-severity"] == "2"
    assert fields["d0-e0-at"] == "2021-02-03 16:50"
    assert fields["d0-e2-until"] == "2021-02-03 17:40"
    assert fields["d0-i0-due"] == "2021-03-01"
    assert "d0-i0-done" in fields
    assert fields["d0-source"] == CHECKOUT
    assert not fields["d0-e0-text"][:1].isspace()
    assert not Incident.objects.exists()


def test_what_was_corrected_is_made(as_responder: Client, address: str) -> None:
    fields = preview(as_responder, address, text=CHECKOUT)
    del fields["d0-e1-use"], fields["d0-i1-use"]
    fields |= {"d0-title": "Checkout", "d0-e0-at": "2021-02-03 16:45", "d0-i0-title": "Alert", "d0-severity": "1"}
    response = as_responder.post(address, fields | {"add": "1"})
    postmortem = Postmortem.objects.get()
    assert response.headers["Location"] == postmortem.get_absolute_url()
    incident = postmortem.incident
    assert (incident.title, incident.severity_id) == ("Checkout", 1)
    events = incident.events.filter(source="import")
    assert events.count() == 4
    assert f"{events[0].occurred_at:%H:%M}" == "16:45"
    assert [item.title for item in incident.action_items.all()] == ["Alert (nok)"]
    assert not any(section.body[:1].isspace() for section in postmortem.sections.all())


def test_a_severity_that_is_none_counts_as_none_chosen(as_responder: Client, address: str) -> None:
    fields = preview(as_responder, address, text=CHECKOUT)
    assert as_responder.post(address, fields | {"d0-severity": "12", "add": "1"}).status_code == 302
    assert Incident.objects.get().severity_id == 3


@pytest.mark.parametrize("fence", ["+++", "---"])
def test_front_matter_passes_the_page_unchanged(as_responder: Client, address: str, fence: str) -> None:
    facts = ("title", "date", "severity"), ('"Disk full"', "2021-02-03", '"SEV1"')
    sign = " = " if fence == "+++" else ": "
    matter = "\n".join(f"{name}{sign}{value}" for name, value in zip(*facts, strict=True))
    source = f"{fence}\n{matter}\n{fence}\n\n# Disk full\n\nThe disk was full.\n"
    fields = preview(as_responder, address, text=source)
    assert as_responder.post(address, fields | {"add": "1"}).status_code == 302
    postmortem = Postmortem.objects.get()
    assert (postmortem.incident.title, postmortem.incident.severity_id) == ("Disk full", 1)
    assert postmortem.sections.get(key="summary").body == "The disk was full."


def test_a_row_that_cannot_be_read_says_so_and_keeps_what_was_typed(as_responder: Client, address: str) -> None:
    fields = preview(as_responder, address, text=CHECKOUT) | {"d0-e0-at": "soon", "d0-i0-title": "Typed"}
    response = as_responder.post(address, fields | {"add": "1"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "not a time that can be read" in page
    again = fields_of(page)
    assert (again["d0-e0-at"], again["d0-i0-title"]) == ("soon", "Typed")
    assert not Incident.objects.exists()
    assert as_responder.post(address, again | {"d0-e0-at": "2021-02-03 16:45", "add": "1"}).status_code == 302


def test_several_come_in_a_zip_and_each_is_chosen(as_responder: Client, address: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in DOCUMENTS.items():
            archive.writestr(f"folder/{name}", text)
        archive.writestr("__MACOSX/._late.md", "x")
        archive.writestr("picture.png", b"\x89PNG")
    fields = preview(as_responder, address, file=upload(content.getvalue(), "all.zip"))
    assert fields["documents"] == "3"
    del fields["d1-use"]
    response = as_responder.post(address, fields | {"add": "1"})
    assert response.headers["Location"] == reverse("incidents:incident_list")
    assert Incident.objects.count() == 2


def test_several_files_are_chosen_at_once_and_a_bad_one_costs_none_of_the_others(
    as_responder: Client, address: str
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("late.md", DOCUMENTS["late.md"])
        archive.writestr("bad.md", b"\x00\x01\x02")
    files = [
        upload(CHECKOUT, "a.md"),
        upload(b"\x00\x01\x02\x03", "b.md"),
        upload(content.getvalue(), "c.zip"),
        upload("# \u0e25\u0e48\u0e21\n\n5 \u0e21.\u0e04. 2567\n".encode("cp874"), "d.md"),
        upload(b"PK\x03\x04", "e.zip"),
    ]
    response = as_responder.post(address, HIDDEN | {"preview": "1", "file": files})
    assert response.status_code == 200
    page = unescape(response.content.decode())
    fields = fields_of(page)
    assert [fields[f"d{number}-title"] for number in range(3)] == [
        "Checkout was slow",
        "Disk full on the mail host",
        "ล่ม",
    ]
    assert "b.md is no text that can be read" in page
    assert "bad.md is no text that can be read" in page
    assert "e.zip could not be unpacked" in page
    assert as_responder.post(address, fields | {"add": "1"}).status_code == 302
    assert Incident.objects.count() == 3


def test_a_file_that_did_not_arrive_is_named(as_responder: Client, address: str, settings: Settings) -> None:
    settings.EVIDENCE_FILE_LIMIT = len(CHECKOUT.encode()) + 10
    files = [upload(CHECKOUT, "a.md"), upload(DOCUMENTS["late.md"], "b.md")]
    response = as_responder.post(address, HIDDEN | {"preview": "1", "file": files})
    assert "b.md was left out" in response.content.decode()
    assert fields_of(response.content.decode())["documents"] == "1"


def test_one_that_fails_stops_none_of_the_others(as_responder: Client, address: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.md", DOCUMENTS["late.md"])
        archive.writestr("b.md", "# Later\n\n2999-01-01\n\n## Timeline\n\n- 2999-01-01 10:00 a\n- 2999-01-01 11:00 b\n")
    fields = preview(as_responder, address, file=upload(content.getvalue(), "all.zip"))
    response = as_responder.post(address, fields | {"add": "1"})
    assert response.status_code == 422
    assert "lies in the future" in response.content.decode()
    assert [incident.title for incident in Incident.objects.all()] == ["Disk full on the mail host"]
    assert fields_of(response.content.decode())["documents"] == "1"


def test_twice_says_so(as_responder: Client, address: str) -> None:
    fields = preview(as_responder, address, text=CHECKOUT)
    as_responder.post(address, fields | {"add": "1"})
    page = as_responder.post(address, HIDDEN | {"text": CHECKOUT}).content.decode()
    assert "This was imported before" in page
    as_responder.post(address, fields | {"add": "1"})
    assert Incident.objects.count() == 1


def test_nothing_chosen_says_so(as_responder: Client, address: str) -> None:
    fields = preview(as_responder, address, text=CHECKOUT)
    del fields["d0-use"]
    response = as_responder.post(address, fields | {"add": "1"})
    assert response.status_code == 422
    assert "No document is chosen" in response.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"\xff\x00\xc3", "a.md", "no text that can be read"),
        (b"   ", "a.md", "is empty"),
        (b"x" * 1_000_001, "a.md", "larger than"),
        (b"PK\x03\x04broken", "a.zip", "could not be unpacked"),
        (b"a\x00b", "a.md", "no text that can be read"),
    ],
)
def test_files_that_cannot_be_read_get_a_sentence(
    as_responder: Client, address: str, content: bytes, name: str, sentence: str
) -> None:
    response = as_responder.post(address, HIDDEN | {"file": upload(content, name), "day": "2021-02-03"})
    assert response.status_code == 422
    assert sentence in unescape(response.content.decode())
    assert 'value="2021-02-03"' in response.content.decode()


def test_without_anything_the_form_says_what_is_missing(as_responder: Client, address: str) -> None:
    response = as_responder.post(address, HIDDEN)
    assert response.status_code == 422
    assert "Paste a post-mortem here" in response.content.decode()


def test_a_day_that_the_document_does_not_name_can_be_given(as_responder: Client, address: str) -> None:
    text = "# Outage\n\n## Timeline\n\n- 10:00 It broke.\n- 10:30 It was mended.\n"
    assert "d0-e0-at" not in preview(as_responder, address, text=text)
    assert preview(as_responder, address, text=text, day="2022-02-03")["d0-e0-at"] == "2022-02-03 10:00"


def test_wrong_methods_are_refused(as_responder: Client, address: str) -> None:
    assert as_responder.put(address).status_code == 405


def test_made_up_numbers_do_no_harm(as_responder: Client, address: str, responder: User) -> None:
    for number in ("", "-1", "9999", "x", "²"):
        response = as_responder.post(address, HIDDEN | {"documents": number, "add": "1"})
        assert response.status_code == 422
