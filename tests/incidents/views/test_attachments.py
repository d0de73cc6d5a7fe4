"""Files of an incident on its pages: sent, shown, removed, lost; and who may."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from incidents.models import Attachment, Incident
from incidents.models.attachment import attachment_store
from incidents.services.attachments import attach_file, remove_attachment
from tests.factories import NOW, make_incident
from tests.uploads import HTML, LOG, PDF, SVG, picture, upload

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
AS_PROGRAM = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    return settings.ATTACHMENTS_DIR


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def attach(incident: Incident, content: bytes = LOG, name: str = "app.log") -> Attachment:
    return attach_file(incident, file=upload(content, name), actor=incident.declared_by)


def list_of(incident: Incident) -> str:
    return reverse("incidents:attachment_list", args=[incident.number])


def removal_of(attachment: Attachment) -> str:
    return reverse("incidents:attachment_removal", args=[attachment.incident_id, attachment.pk])


def fetch(client: Client, attachment: Attachment, **headers: str) -> Any:
    response = client.get(attachment.get_absolute_url(), headers=headers)
    response.body = b"".join(response)
    response.close()
    return response


def test_it_is_sent_with_and_without_javascript(
    as_responder: Client, responder: User, incident: Incident, htmx: dict[str, str]
) -> None:
    plain = as_responder.post(list_of(incident), {"file": upload()})
    assert (plain.status_code, plain.url) == (302, f"{incident.get_absolute_url()}#attachment-panel")
    swapped = as_responder.post(list_of(incident), {"file": upload(picture(), "shot.png")}, headers=htmx)
    panel = swapped.content.decode()
    assert panel.lstrip().startswith('<section class="panel" id="attachment-panel"')
    assert "app.log" in panel
    assert '<img src="' in panel
    assert {each.uploaded_by for each in Attachment.objects.all()} == {responder}


def test_a_program_is_told_what_to_write_into_the_text(as_responder: Client, incident: Incident) -> None:
    response = as_responder.post(list_of(incident), {"file": upload(picture(), "shot.png")}, headers=AS_PROGRAM)
    address = Attachment.objects.get().get_absolute_url()
    assert response.status_code == 201
    assert response.json() == {"name": "shot.png", "url": address, "markdown": f"![shot.png]({address})"}


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (SVG, "shot.svg", "which a browser might run"),
        (HTML, "page.html", "which a browser might run"),
        (picture() + HTML, "shot.png", "begins like a picture"),
        (b"", "app.log", "This file is empty."),
        (b"x" * 300_000, "app.log", "larger than 100.0 kB"),
    ],
)
def test_what_is_refused_is_said(
    as_responder: Client, incident: Incident, settings: Settings, content: bytes, name: str, reason: str
) -> None:
    settings.EVIDENCE_FILE_LIMIT = 100_000
    told = as_responder.post(list_of(incident), {"file": upload(content, name)}, headers=AS_PROGRAM)
    assert told.status_code == 422
    assert reason in told.json()["error"]
    shown = as_responder.post(list_of(incident), {"file": upload(content, name)})
    assert shown.status_code == 422
    assert reason in shown.content.decode()
    assert "<details" in shown.content.decode()
    assert not Attachment.objects.exists()


def test_no_file_at_all_is_said(as_responder: Client, incident: Incident) -> None:
    assert as_responder.post(list_of(incident), headers=AS_PROGRAM).json() == {"error": "Choose a file."}


@pytest.mark.parametrize(
    ("content", "name", "media_type", "way"),
    [
        (picture(), "shot.html", "image/png", "inline"),
        (picture("JPEG", comment=HTML), "shot.jpg", "image/jpeg", "inline"),
        (LOG + HTML, "evil.html", "text/plain; charset=utf-8", "inline"),
        (b'{"a": 1}', "a.json", "application/json", "attachment"),
        (PDF, "report.pdf", "application/pdf", "attachment"),
    ],
)
def test_a_file_is_sent_out_so_that_nothing_runs(
    as_viewer: Client, incident: Incident, content: bytes, name: str, media_type: str, way: str
) -> None:
    attachment = attach(incident, content, name)
    response = fetch(as_viewer, attachment)
    assert response.body == content
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'{way}; filename="{attachment.name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == POLICY
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_file_that_was_seen_is_not_sent_again(as_viewer: Client, incident: Incident) -> None:
    attachment = attach(incident)
    response = fetch(as_viewer, attachment, **{"If-None-Match": f'"{attachment.sha256}"'})
    assert (response.status_code, response.body) == (304, b"")


def test_a_type_that_is_no_longer_ours_is_sent_as_bytes(as_viewer: Client, incident: Incident) -> None:
    attachment = attach(incident)
    Attachment.objects.update(media_type="text/html")
    response = fetch(as_viewer, attachment)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_it_is_removed_and_brought_back(as_responder: Client, incident: Incident, htmx: dict[str, str]) -> None:
    attachment = attach(incident)
    panel = as_responder.post(removal_of(attachment), headers=htmx).content.decode()
    assert "app.log was removed" in panel
    assert as_responder.get(attachment.get_absolute_url()).status_code == 404
    assert "app.log" not in as_responder.get(list_of(incident)).content.decode()
    page = as_responder.post(removal_of(attachment), {"undo": "yes"}).content.decode()
    assert f'id="attachment-{attachment.pk}"' in page
    assert fetch(as_responder, attachment).status_code == 200


def test_undoing_beside_the_same_file_says_why_not(as_responder: Client, incident: Incident) -> None:
    removed = remove_attachment(attach(incident), now=NOW)
    attach(incident)
    response = as_responder.post(removal_of(removed), {"undo": "yes"})
    assert response.status_code == 422
    assert "attached again meanwhile" in response.content.decode()


def test_a_lost_file_is_said_kindly(as_viewer: Client, incident: Incident) -> None:
    attachment = attach(incident, picture(), "shot.png")
    attachment_store().path_of(attachment.sha256).write_bytes(HTML)
    response = fetch(as_viewer, attachment)
    assert response.status_code == 404
    assert "This file is lost" in response.content.decode()
    assert attachment.sha256 in response.content.decode()
    assert as_viewer.get(list_of(incident)).status_code == 200


def test_an_address_of_another_incident_leads_nowhere(as_responder: Client, incident: Incident) -> None:
    attachment = attach(make_incident(title="Another"))
    for name, ask in (("attachment", as_responder.get), ("attachment_removal", as_responder.post)):
        assert ask(reverse(f"incidents:{name}", args=[incident.number, attachment.pk])).status_code == 404


def test_whom_a_restricted_incident_does_not_name_sees_no_file(as_viewer: Client, incident: Incident) -> None:
    attachment = attach(incident)
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    for address in (list_of(incident), attachment.get_absolute_url()):
        assert as_viewer.get(address).status_code == 404
    assert as_viewer.post(list_of(incident), {"file": upload()}).status_code == 404


def test_viewers_see_and_change_nothing(as_viewer: Client, incident: Incident) -> None:
    attachment = attach(incident)
    page = as_viewer.get(list_of(incident)).content.decode()
    assert "app.log" in page
    assert "<form" not in page.partition('id="attachment-panel"')[2]
    assert as_viewer.post(list_of(incident), {"file": upload()}).status_code == 403
    assert as_viewer.post(removal_of(attachment)).status_code == 403


def test_nobody_reads_or_sends_without_signing_in(client: Client, incident: Incident) -> None:
    attachment = attach(incident)
    for address in (list_of(incident), attachment.get_absolute_url()):
        assert client.get(address).status_code == 302
    assert client.post(list_of(incident), {"file": upload()}, headers=AS_PROGRAM).status_code == 401


def test_wrong_methods_are_405(as_responder: Client, incident: Incident) -> None:
    attachment = attach(incident)
    assert as_responder.post(attachment.get_absolute_url()).status_code == 405
    assert as_responder.get(removal_of(attachment)).status_code == 405
    assert as_responder.put(list_of(incident)).status_code == 405


def test_many_files_take_no_more_queries(
    as_responder: Client, incident: Incident, htmx: dict[str, str], django_assert_num_queries: Any
) -> None:
    for count in (1, 30):
        for number in range(count):
            attach(incident, f"{count} {number}".encode(), f"{count}-{number}.log")
        with django_assert_num_queries(6):
            as_responder.get(list_of(incident), headers=htmx)
