import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from accounts.models import User
from incidents.documents.pdf import ENGINE_FOLDER, engine_name
from incidents.errors import IncidentError
from incidents.models import Postmortem, RenderedDocument
from incidents.services.example import load_example_incident
from incidents.services.rendering import pdf_path, render_document, request_pdf, source_path, sweep_documents
from incidents.services.sections import save_section
from incidents.tasks import render_pending_document
from incidents.tasks import sweep_documents as sweep_task

NOW = datetime(2024, 3, 10, 14, 0, tzinfo=UTC)
READY, QUEUED, RENDERING, FAILED = (
    RenderedDocument.Status.READY,
    RenderedDocument.Status.QUEUED,
    RenderedDocument.Status.RENDERING,
    RenderedDocument.Status.FAILED,
)


@pytest.fixture
def postmortem(responder: User, settings: Any, tmp_path: Path) -> Postmortem:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    return load_example_incident(actor=responder).postmortem


@pytest.fixture
def told() -> Iterator[list[int]]:
    """The rows that the worker is told of; the broker of the tests lives in memory."""

    def read() -> list[int]:
        rows = []
        with current_app.connection_for_read() as connection:
            channel = connection.default_channel
            channel.queue_declare(queue="documents", passive=False)
            while (message := channel.basic_get("documents", no_ack=True)) is not None:
                rows.append(message.decode()[0][0])
        return rows

    read()
    yield read  # type: ignore[misc]
    read()


def age(row: RenderedDocument, **facts: Any) -> RenderedDocument:
    RenderedDocument.objects.filter(pk=row.pk).update(**facts)
    row.refresh_from_db()
    return row


def written(path: Path) -> tuple[int, int, int]:
    """Which file it is, and when it was written."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def test_the_same_content_is_asked_for_twice_and_rendered_once(
    postmortem: Postmortem, told: Any, django_capture_on_commit_callbacks: Any, viewer: User
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = request_pdf(postmortem)
    assert (row.status, told(), len(row.digest)) == (QUEUED, [row.pk], 64)
    assert not pdf_path(row.digest).exists()

    render_pending_document(row.pk)
    row.refresh_from_db()
    # Not when it was read last, which changes with each reading.
    made = written(pdf_path(row.digest))
    assert (row.status, row.error) == (READY, "")
    assert not source_path(row.digest).exists()
    text = subprocess.run(["pdftotext", pdf_path(row.digest), "-"], capture_output=True, check=True).stdout.decode()
    assert "SQLite database corruption" in text
    assert "Configure log rotation" in text

    with django_capture_on_commit_callbacks(execute=True), timezone.override(ZoneInfo("Asia/Bangkok")):
        again = request_pdf(Postmortem.objects.get(pk=postmortem.pk))
    assert (again.pk, again.status, told()) == (row.pk, READY, [])
    assert not source_path(row.digest).exists()
    render_pending_document(row.pk)
    assert written(pdf_path(row.digest)) == made


def test_other_content_is_another_document(postmortem: Postmortem, responder: User) -> None:
    first = request_pdf(postmortem)
    section = postmortem.sections.get(key="lessons")
    save_section(section, body="Something else", actor=responder, now=NOW)
    assert request_pdf(postmortem).digest != first.digest


def test_a_row_that_another_worker_has_taken_is_left_alone(postmortem: Postmortem) -> None:
    row = age(request_pdf(postmortem), status=RENDERING, started_at=NOW)
    render_document(row.pk, now=NOW)
    row.refresh_from_db()
    assert row.status == RENDERING
    render_document(4711, now=NOW)


def test_a_rendering_that_fails_leaves_a_sentence_and_can_be_tried_again(postmortem: Postmortem) -> None:
    row = request_pdf(postmortem)
    source_path(row.digest).unlink()
    with pytest.raises(FileNotFoundError):
        render_document(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.error) == (FAILED, "The PDF could not be made. The log says more.")
    assert request_pdf(postmortem).status == QUEUED
    assert source_path(row.digest).exists()


def test_a_pdf_that_was_deleted_is_made_again(postmortem: Postmortem) -> None:
    row = age(request_pdf(postmortem), status=READY)
    assert request_pdf(postmortem).status == QUEUED
    pdf_path(row.digest).write_bytes(b"%PDF-1.7")
    assert request_pdf(postmortem).status == READY


def test_the_sweep_fails_what_stopped_midway_and_sends_what_was_forgotten(
    postmortem: Postmortem, told: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    limit = settings.PDF_TIME_LIMIT
    make = lambda digest, **facts: age(  # noqa: E731
        RenderedDocument.objects.create(incident=postmortem.incident, digest=digest), **facts
    )
    stale = make("1", status=RENDERING, started_at=NOW - timedelta(seconds=limit + 16))
    busy = make("2", status=RENDERING, started_at=NOW - timedelta(seconds=limit + 14))
    forgotten = make("3", updated_at=NOW - timedelta(seconds=21))
    fresh = make("4", updated_at=NOW - timedelta(seconds=19))
    done = make("5", status=READY, updated_at=NOW - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        sweep_documents(now=NOW)
    assert told() == [forgotten.pk]
    for row in (stale, busy, forgotten, fresh, done):
        row.refresh_from_db()
    assert [row.status for row in (stale, busy, forgotten, fresh, done)] == [FAILED, RENDERING, QUEUED, QUEUED, READY]
    assert stale.error == f"Making the PDF took longer than {limit} seconds and was stopped. Shorten the document."
    sweep_task()


def test_a_document_too_long_for_a_pdf_is_refused(postmortem: Postmortem, responder: User) -> None:
    for section in postmortem.sections.all():
        save_section(section, body="ก" * 99_999 + "\n<" * 40_000, actor=responder, now=NOW)
    with pytest.raises(IncidentError, match=r"too long for a PDF\. Shorten its longest section, or download HTML\."):
        request_pdf(postmortem)
    assert not RenderedDocument.objects.exists()


def test_a_folder_that_takes_no_file_is_told_and_nothing_is_queued(postmortem: Postmortem, settings: Any) -> None:
    settings.DOCUMENTS_DIR.write_text("a file in the way")
    with pytest.raises(IncidentError, match=r"The PDF could not be made\. The log says more\."):
        request_pdf(postmortem)
    assert not RenderedDocument.objects.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_on_the_row(postmortem: Postmortem, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    row = request_pdf(postmortem)

    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    pdf = pdf_path(row.digest)
    source_path(row.digest).write_text("<p>short</p>")
    with pytest.raises(OSError, match=os.strerror(number)):
        render_document(row.pk, now=NOW)
    row.refresh_from_db()
    assert row.error == "The disk that holds the documents is full. Free some space and ask for the PDF again."
    assert list(pdf.parent.iterdir()) == [source_path(row.digest)]
    source_path(row.digest).unlink()
    with pytest.raises(IncidentError, match=r"The disk that holds the documents is full\."):
        request_pdf(postmortem)


def test_documents_are_built_and_written_while_no_transaction_is_open(
    postmortem: Postmortem, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = len(connection.savepoint_ids)
    seen: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda _descriptor: seen.append(len(connection.savepoint_ids)))
    request_pdf(postmortem)
    assert seen == [blocks]


def test_another_engine_makes_another_file(
    postmortem: Postmortem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = request_pdf(postmortem).digest
    code = shutil.copytree(ENGINE_FOLDER, tmp_path / "pdf")
    name = engine_name()
    assert name.startswith(f"weasyprint-{version('weasyprint')}-")
    assert engine_name(code) == name
    (code / "thai.py").write_text("# mended")
    engine_name.cache_clear()
    assert engine_name(code) != name
    monkeypatch.setattr("incidents.services.rendering.engine_name", lambda: "weasyprint-71")
    assert request_pdf(postmortem).digest != first


def test_what_nobody_asked_for_in_thirty_days_is_removed(postmortem: Postmortem, settings: Any) -> None:
    folder = settings.DOCUMENTS_DIR
    sweep_documents(now=NOW)
    folder.mkdir()
    old, young = NOW - timedelta(days=30, seconds=1), NOW - timedelta(days=29)
    rows = {
        "old": {"status": READY, "updated_at": old},
        "failed": {"status": FAILED, "updated_at": old},
        "asked": {"status": READY, "updated_at": young},
        "busy": {"status": RENDERING, "updated_at": old, "started_at": NOW},
    }
    for digest, facts in rows.items():
        age(RenderedDocument.objects.create(incident=postmortem.incident, digest=digest), **facts)
    files = ["old.pdf", "failed.html", "asked.pdf", "busy.html", ".asked.pdf.x7", "nobody.pdf", "nobody.html"]
    for name in files:
        (folder / name).touch()
        os.utime(folder / name, (old.timestamp(), old.timestamp()))
    (folder / "new.html").touch()
    (folder / ".new.html.x7").touch()
    sweep_documents(now=NOW)
    assert sorted(RenderedDocument.objects.values_list("digest", flat=True)) == ["asked", "busy"]
    assert {path.name for path in folder.iterdir()} == {"asked.pdf", "busy.html", "new.html", ".new.html.x7"}


def test_asking_for_a_pdf_keeps_it(postmortem: Postmortem) -> None:
    row = request_pdf(postmortem)
    pdf_path(row.digest).write_bytes(b"%PDF-1.7")
    age(row, status=READY, updated_at=NOW)
    assert request_pdf(postmortem).updated_at > NOW
