"""Files and links on an incident: attached, shown, sent out, withdrawn, lost."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from incidents.models import Incident
from recovery.models import Evidence
from recovery.services.evidence import attach_file, attach_link, withdraw_evidence
from recovery.services.evidence_files import path_of
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test
from tests.uploads import HTML, LOG, PDF, SVG, picture, upload

URL = "https://example.org/d/1?a=1&b=2"
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
ROUTES = {"file": "evidence_file_create", "url": "evidence_link_create"}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return settings.EVIDENCE_DIR


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def attach(incident: Incident, content: bytes = LOG, name: str = "app.log") -> Evidence:
    file = upload(content, name)
    return attach_file(incident, file=file, caption="What it says", actor=incident.declared_by, now=NOW)


def create_of(incident: Incident, field: str = "file") -> str:
    return reverse(f"recovery:{ROUTES[field]}", args=[incident.number])


def list_of(incident: Incident) -> str:
    return reverse("recovery:evidence_list", args=[incident.number])


def file_of(evidence: Evidence) -> str:
    return reverse("recovery:evidence_file", args=[evidence.pk])


def fetch(client: Client, evidence: Evidence, **headers: str) -> Any:
    """The answer, read to its end and closed."""
    response = client.get(file_of(evidence), headers=headers)
    response.body = b"".join(response)
    response.close()
    return response


@pytest.mark.parametrize("field", ["file", "url"])
def test_it_is_attached_with_and_without_javascript(
    as_responder: Client, responder: User, incident: Incident, htmx: dict[str, str], field: str
) -> None:
    values: list[Any] = [upload(), upload(b"other")] if field == "file" else [URL, f"{URL}&c"]
    plain = as_responder.post(create_of(incident, field), {field: values[0], "caption": "Plainly"})
    assert plain.status_code == 302
    assert plain.url == f"{incident.get_absolute_url()}#evidence-panel"
    swapped = as_responder.post(create_of(incident, field), {field: values[1], "caption": "Swapped"}, headers=htmx)
    assert swapped.status_code == 200
    panel = swapped.content.decode()
    assert panel.lstrip().startswith('<section class="panel" id="evidence-panel"')
    for caption in ("Plainly", "Swapped"):
        assert caption in panel
    assert [item.attached_by for item in Evidence.objects.all()] == [responder, responder]


def test_what_is_shown_of_a_file_and_a_link(as_viewer: Client, incident: Incident, responder: User) -> None:
    shot, log = attach(incident, picture(), "shot.png"), attach(incident)
    attach_link(incident, url=URL, caption="The graph", actor=responder, now=NOW)
    page = as_viewer.get(list_of(incident)).content.decode()
    assert f'<img src="{file_of(shot)}"' in page
    assert f'<img src="{file_of(log)}"' not in page
    assert f'<a href="{file_of(log)}">app.log</a>' in page
    assert f"Text · {len(LOG)} B" in page
    assert f'<code title="{log.file_sha256}">{log.file_sha256[:16]}…</code>' in page
    assert 'href="https://example.org/d/1?a=1&amp;b=2" rel="noopener noreferrer nofollow"' in page
    assert page.count("attached by responder") == 3
    assert "<form" not in page.partition('id="evidence-panel"')[2]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("file", lambda: upload(SVG, "shot.png"), "which a browser might run"),
        ("file", lambda: upload(HTML, "page.html"), "which a browser might run"),
        ("file", lambda: upload(picture() + HTML, "shot.png"), "begins like a picture"),
        ("file", lambda: upload(b"", "app.log"), "This file is empty."),
        ("file", lambda: upload(b"x" * 300_000, "app.log"), "larger than 100.0 kB"),
        ("file", lambda: "", "Choose a file."),
        ("url", lambda: "javascript:alert(1)", "not a whole web address"),
        ("url", lambda: "https://nok:pw@example.org/", "user name or password"),
        ("url", lambda: "x" * 2001, "at most 2000 characters"),
        ("url", lambda: "", "required"),
    ],
)
def test_what_is_refused_comes_back_with_what_was_typed(
    as_responder: Client,
    incident: Incident,
    htmx: dict[str, str],
    settings: Settings,
    field: str,
    value: Any,
    reason: str,
) -> None:
    settings.EVIDENCE_FILE_LIMIT = 100_000
    for headers in ({}, htmx):
        sent = {field: value(), "caption": "Typed with care"}
        response = as_responder.post(create_of(incident, field), sent, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert reason in page
        assert page.count('value="Typed with care"') == 1
        assert page.count("<details") == page.count("panel-add") - 1
        assert page.count("open>") == 1
        assert ("Browsers do not keep a chosen file" in page) == (field == "file")
        if field == "url" and sent["url"]:
            assert f'value="{sent["url"]}"' in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("field", ["file", "url"])
def test_a_caption_is_asked_for(as_responder: Client, incident: Incident, field: str) -> None:
    value = upload() if field == "file" else URL
    response = as_responder.post(create_of(incident, field), {field: value, "caption": " "})
    assert response.status_code == 422
    assert "Say in a few words what this shows" in response.content.decode()


def test_ids_of_the_three_forms_differ(as_responder: Client, incident: Incident) -> None:
    make_restore_test()
    page = as_responder.get(list_of(incident)).content.decode()
    for found in ("id_caption", "evidence_file_caption", "evidence_link_caption"):
        assert page.count(f'id="{found}"') == 1


def test_tests_are_still_offered_beside_a_file(as_responder: Client, incident: Incident) -> None:
    test = make_restore_test()
    attach(incident)
    assert test.reference in as_responder.get(list_of(incident)).content.decode()


def test_a_test_of_the_demonstration_is_refused_with_a_sentence(as_responder: Client, incident: Incident) -> None:
    test = make_restore_test(make_replica(make_database("demo", is_demonstration=True)))
    assert "Attach to an incident" not in as_responder.get(test.get_absolute_url()).content.decode()
    sent = {"incident": incident.pk, "restore_test": test.pk, "caption": "x"}
    for address in (
        reverse("recovery:test_evidence_create", args=[test.number]),
        reverse("recovery:evidence_create", args=[incident.number]),
    ):
        response = as_responder.post(address, sent)
        assert response.status_code == 422
        assert "made up for the demonstration" in response.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "way"),
    [
        (picture(), "shot.html", "image/png", "inline"),
        (picture("JPEG", comment=HTML), "shot.jpg", "image/jpeg", "inline"),
        (LOG + HTML, "evil.html", "text/plain", "attachment"),
        (PDF, "report.pdf", "application/pdf", "attachment"),
    ],
)
def test_a_file_is_sent_out_so_that_nothing_runs(
    as_viewer: Client, incident: Incident, content: bytes, name: str, media_type: str, way: str
) -> None:
    evidence = attach(incident, content, name)
    response = fetch(as_viewer, evidence)
    assert response.body == content
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'{way}; filename="{evidence.file_name}"'
    assert not evidence.file_name.endswith(".html")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == POLICY
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Length"] == str(len(content))


def test_a_file_that_was_seen_is_not_sent_again(as_viewer: Client, incident: Incident) -> None:
    evidence = attach(incident)
    etag = fetch(as_viewer, evidence)["ETag"]
    assert etag == f'"{evidence.file_sha256}"'
    response = fetch(as_viewer, evidence, **{"If-None-Match": etag})
    assert (response.status_code, response.body, response["ETag"]) == (304, b"", etag)
    assert fetch(as_viewer, evidence, **{"If-None-Match": '"another"'}).status_code == 200


def test_a_type_that_is_not_ours_is_sent_as_bytes(as_viewer: Client, incident: Incident) -> None:
    evidence = attach(incident)
    content = {"incident": incident, "caption": "x", "attached_by": incident.declared_by, "attached_at": NOW}
    other = Evidence.objects.create(
        kind="file", file_name="x.html", file_sha256=evidence.file_sha256, file_type="text/html", **content
    )
    response = fetch(as_viewer, other)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_lost_file_is_said_kindly_and_the_panel_stays(as_viewer: Client, incident: Incident) -> None:
    evidence = attach(incident, picture(), "shot.png")
    path = path_of(evidence.file_sha256)
    for spoil in (lambda: path.write_bytes(HTML), path.unlink):
        spoil()
        response = fetch(as_viewer, evidence)
        page = response.content.decode()
        assert response.status_code == 404
        assert "This file is lost" in page
        assert evidence.file_sha256 in page
        assert "<script>alert" not in page
        assert as_viewer.get(list_of(incident)).status_code == 200


def test_files_and_links_are_withdrawn_and_put_back(
    as_responder: Client, incident: Incident, responder: User, htmx: dict[str, str]
) -> None:
    address = attach_link(incident, url=URL, caption="The graph", actor=responder, now=NOW)
    for evidence, words in ((attach(incident), "app.log was withdrawn"), (address, "a=1&amp;b=2 was withdrawn")):
        withdrawal = reverse("recovery:evidence_withdrawal", args=[evidence.pk])
        assert words in as_responder.post(withdrawal, headers=htmx).content.decode()
        assert evidence.caption not in as_responder.get(list_of(incident)).content.decode()
        assert evidence.caption in as_responder.post(withdrawal, {"undo": "yes"}).content.decode()


def test_a_withdrawn_file_is_not_sent_out(as_responder: Client, incident: Incident, responder: User) -> None:
    evidence = attach(incident)
    withdraw_evidence(evidence, actor=responder, now=NOW)
    assert as_responder.get(file_of(evidence)).status_code == 404


def test_what_is_no_file_is_404(as_responder: Client, incident: Incident, responder: User) -> None:
    address = attach_link(incident, url=URL, caption="x", actor=responder, now=NOW)
    assert as_responder.get(file_of(address)).status_code == 404
    for route in ROUTES.values():
        assert as_responder.post(reverse(f"recovery:{route}", args=[99])).status_code == 404


def test_viewers_attach_nothing(as_viewer: Client, incident: Incident, folder: Path) -> None:
    for field, value in (("file", upload()), ("url", URL)):
        assert as_viewer.post(create_of(incident, field), {field: value, "caption": "x"}).status_code == 403
    assert not Evidence.objects.exists()
    assert not folder.exists()


def test_nobody_reads_or_attaches_without_signing_in(client: Client, incident: Incident, folder: Path) -> None:
    evidence = attach(incident)
    for response in (client.get(file_of(evidence)), *(client.post(create_of(incident, field)) for field in ROUTES)):
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def test_wrong_methods_are_405(as_responder: Client, incident: Incident) -> None:
    assert as_responder.post(file_of(attach(incident))).status_code == 405
    for field in ROUTES:
        assert as_responder.get(create_of(incident, field)).status_code == 405
