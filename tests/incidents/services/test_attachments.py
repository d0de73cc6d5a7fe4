"""Files of an incident: kept once, removed, brought back, forgotten after a week."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Attachment, Incident
from incidents.models.attachment import attachment_store
from incidents.services.attachments import attach_file, remove_attachment, restore_attachment, sweep_attachments
from incidents.tasks import sweep_attachments as sweep_task
from lib.file_store import FileRefusedError
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication
from tests.uploads import HTML, LOG, PDF, SVG, picture, upload

DIGEST = hashlib.sha256(LOG).hexdigest()
WEEK = timedelta(days=7, seconds=1)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    return settings.ATTACHMENTS_DIR


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def attach(incident: Incident, content: bytes = LOG, name: str = "app.log") -> Attachment:
    return attach_file(incident, file=upload(content, name), actor=incident.declared_by)


def is_kept(digest: str = DIGEST) -> bool:
    return attachment_store().path_of(digest).exists()


def sweep_twice(now: datetime) -> None:
    """The row goes with the first, the content an hour later."""
    sweep_attachments(now=now)
    sweep_attachments(now=max(now, timezone.now()) + timedelta(minutes=61))


@pytest.mark.parametrize(
    ("content", "name", "media_type", "markdown"),
    [
        (picture(), "shot_1.png", "image/png", r"![shot\_1.png]({})"),
        (picture("JPEG"), "photo [1].jpeg", "image/jpeg", r"![photo \[1\].jpeg]({})"),
        (LOG, "app.log", "text/plain", "[app.log]({})"),
        (PDF, "report.pdf", "application/pdf", "[report.pdf]({})"),
    ],
)
def test_a_file_is_kept_and_says_how_to_show_it(
    incident: Incident, responder: User, content: bytes, name: str, media_type: str, markdown: str
) -> None:
    before = Incident.objects.get().revision
    attachment = attach(incident, content, name)
    assert (attachment.name, attachment.media_type, attachment.size_bytes) == (name, media_type, len(content))
    assert (attachment.uploaded_by, attachment.incident) == (responder, incident)
    assert attachment.markdown == markdown.format(f"/incidents/{incident.pk}/attachments/{attachment.pk}/")
    with attachment.open() as file:
        assert file.read() == content
    assert Incident.objects.get().revision == before + 1


def test_the_same_file_is_there_once_in_an_incident(incident: Incident, responder: User, folder: Path) -> None:
    first = attach(incident)
    assert attach(incident) == first
    assert attach(incident, name="other.log") != first
    assert attach(make_incident(responder)) != first
    assert len(list(folder.glob("??/*"))) == 1


@pytest.mark.parametrize("content", [SVG, HTML, b"", picture()[:-8], b"\x7fELF\x00"])
def test_what_is_no_such_file_is_refused(incident: Incident, content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        attach(incident, content, "shot.png")
    assert refused.value.field == "file"
    assert not Attachment.objects.exists()


def test_removing_can_be_undone_and_is_done_once(incident: Incident) -> None:
    attachment = attach(incident)
    removed = remove_attachment(attachment, now=NOW)
    assert removed.removed_at == NOW
    assert remove_attachment(attachment, now=NOW + WEEK).removed_at == NOW
    assert restore_attachment(attachment).removed_at is None
    assert restore_attachment(attachment).removed_at is None


def test_what_was_attached_again_is_not_brought_back_beside_it(incident: Incident) -> None:
    removed = remove_attachment(attach(incident), now=NOW)
    attach(incident)
    with pytest.raises(IncidentError, match="attached again meanwhile"):
        restore_attachment(removed)


def test_a_removed_file_is_forgotten_after_a_week(
    incident: Incident, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        attachment = attach(incident)
    now = timezone.now()
    remove_attachment(attachment, now=now - timedelta(days=6))
    sweep_twice(now)
    assert is_kept()
    assert Attachment.objects.exists()
    Attachment.objects.update(removed_at=now - WEEK)
    sweep_attachments(now=now)
    assert not Attachment.objects.exists()
    assert is_kept()
    sweep_attachments(now=timezone.now() + timedelta(minutes=61))
    assert not is_kept()


@pytest.mark.parametrize("is_removed_too", [True, False])
def test_content_that_another_file_has_stays(incident: Incident, responder: User, is_removed_too: bool) -> None:
    other = attach(make_incident(responder))
    remove_attachment(attach(incident), now=NOW)
    if is_removed_too:
        remove_attachment(other, now=NOW + timedelta(days=5))
    sweep_twice(NOW + WEEK)
    assert Attachment.objects.get() == other
    assert is_kept()


def test_a_file_sent_while_its_like_is_forgotten_stays(incident: Incident) -> None:
    remove_attachment(attach(incident), now=NOW)
    sweep_attachments(now=NOW + WEEK)
    attach(incident)
    sweep_attachments(now=timezone.now() + timedelta(minutes=61))
    assert is_kept()


def test_the_sweep_runs_as_a_task(incident: Incident) -> None:
    remove_attachment(attach(incident), now=NOW - 2 * WEEK)
    sweep_task()
    assert not Attachment.objects.exists()


def test_a_removed_file_that_is_published_is_kept_and_asked_about_once(incident: Incident, responder: User) -> None:
    shown, other = attach(incident, b"Shown\n", "shown.log"), attach(incident, b"Other\n", "other.log")
    make_publication(incident, responder, body=f"See {shown.markdown}.")
    for attachment in (shown, other):
        remove_attachment(attachment, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        sweep_attachments(now=NOW + WEEK)
    assert "incidents_publication" in str(asked.captured_queries)
    assert [*Attachment.objects.all()] == [shown]
    with CaptureQueriesContext(connection) as asked:
        sweep_attachments(now=NOW + 2 * WEEK)
    assert "incidents_publication" not in str(asked.captured_queries)
    assert [*Attachment.objects.all()] == [shown]
