"""Making PDFs: once for each content, by the worker, kept by the SHA-256 of their source."""

import errno
import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.documents.html import PAPERS, render_print_source
from incidents.documents.outputs import file_name, json_attachment
from incidents.documents.pdf import engine_name, took_too_long
from incidents.documents.tree import Document
from incidents.errors import IncidentError
from incidents.models import Postmortem, RenderedDocument
from incidents.queries.publications import build_current
from lib.files import write_atomically
from lib.pdf.attachments import attach
from lib.pdf.engine import render_pdf
from lib.pdf.memory import memory_limit
from lib.queue import send_after_commit

logger = logging.getLogger(__name__)
MAX_SOURCE_BYTES = 5_000_000
# A link to a PDF that somebody was sent still works after a holiday; asked for later, it is made again.
KEPT = timedelta(days=30)


def pdf_path(digest: str) -> Path:
    """Where the PDF of this content lies once it is made."""
    return Path(settings.DOCUMENTS_DIR) / f"{digest}.pdf"


def source_path(digest: str) -> Path:
    """Where the HTML that the PDF is made from waits."""
    return Path(settings.DOCUMENTS_DIR) / f"{digest}.html"


def print_source(postmortem: Postmortem, paper: str = PAPERS[0]) -> str:
    """What the PDF of the post-mortem, as it stands, is made from."""
    return document_source(build_current(postmortem), paper)


def document_source(document: Document, paper: str = PAPERS[0]) -> str:
    """What the PDF of the document is made from; the document goes along as JSON, for programs."""
    source = render_print_source(document, paper)
    if len(source.encode()) > MAX_SOURCE_BYTES:
        raise IncidentError(_("This document is too long for a PDF. Shorten its longest section, or download HTML."))
    return attach(source, (json_attachment(document), *document.attachments))


def source_digest(source: str) -> str:
    """What the PDF of this source is called: another engine makes another file."""
    return hashlib.sha256(f"{engine_name()}\n{source}".encode()).hexdigest()


def request_pdf(postmortem: Postmortem, *, paper: str = PAPERS[0]) -> RenderedDocument:
    """The row of the PDF of what the post-mortem says now: ready, or queued with the worker told after commit."""
    return _request(build_current(postmortem), postmortem.incident_id, paper)


def request_document_pdf(document: Document, incident_number: int, *, paper: str = PAPERS[0]) -> RenderedDocument:
    """The same for any document of this incident: an earlier version, or one for readers outside, which its name says.

    Only a row with a name is of another document than of what the post-mortem says now.
    """
    return _request(document, incident_number, paper, name=file_name(document, "pdf"))


def _request(document: Document, incident_number: int, paper: str, *, name: str = "") -> RenderedDocument:
    # Before the transaction, which others wait for.
    source = document_source(document, paper)
    digest = source_digest(source)
    _write_source(digest, source)
    with transaction.atomic():
        row, _is_new = RenderedDocument.objects.get_or_create(
            {"name": name}, incident_id=incident_number, digest=digest
        )
        if pdf_path(digest).exists():
            # Also where it is ready: whoever asks keeps it from being swept.
            _finish(row, RenderedDocument.Status.READY)
            return row
        if row.status in (RenderedDocument.Status.READY, RenderedDocument.Status.FAILED):
            _finish(row, RenderedDocument.Status.QUEUED)
        send_after_commit("incidents.tasks.render_pending_document", row.pk)
    return row


def render_document(pk: int, *, now: datetime) -> None:
    """Makes the PDF of a queued row; does nothing where another worker has taken it.

    Whatever goes wrong stands on the row as a sentence; the error is raised again for the log.
    """
    waiting = RenderedDocument.objects.filter(pk=pk, status=RenderedDocument.Status.QUEUED)
    if not waiting.update(status=RenderedDocument.Status.RENDERING, started_at=now, updated_at=now):
        return
    row = RenderedDocument.objects.get(pk=pk)
    try:
        make_pdf(row.digest)
    except BaseException as error:
        _finish(row, RenderedDocument.Status.FAILED, error=_explain(error))
        raise
    _finish(row, RenderedDocument.Status.READY)


def make_pdf(digest: str) -> Path:
    """The PDF of the source with this digest, made unless it is there already; the source is removed."""
    path = pdf_path(digest)
    if not path.exists():
        html = source_path(digest).read_text()
        fonts, cache, pictures = settings.FONTS_DIR, settings.FONT_CACHE_DIR, settings.PICTURE_DIRS
        with memory_limit(settings.PDF_MEMORY_LIMIT * 1_000_000):
            content = render_pdf(html, fonts=fonts, cache=cache, pictures=pictures)
        write_atomically(path, content)
    source_path(digest).unlink(missing_ok=True)
    return path


def sweep_documents(*, now: datetime) -> None:
    """Tells the worker again of rows that wait; fails those whose worker ran out of time or died; removes old ones."""
    limit = timedelta(seconds=settings.PDF_TIME_LIMIT + 15)
    RenderedDocument.objects.filter(status=RenderedDocument.Status.RENDERING, started_at__lt=now - limit).update(
        status=RenderedDocument.Status.FAILED,
        error=took_too_long(settings.PDF_TIME_LIMIT),
        updated_at=now,
    )
    _remove_untouched(now - KEPT)
    forgotten = RenderedDocument.objects.filter(
        status=RenderedDocument.Status.QUEUED, updated_at__lt=now - timedelta(seconds=20)
    )
    for pk in forgotten.values_list("pk", flat=True)[:50]:
        send_after_commit("incidents.tasks.render_pending_document", pk)


def _remove_untouched(since: datetime) -> None:
    """Rows nobody asked for, and files nobody wrote, `since` then; a file whose row stays is kept with it."""
    untouched = RenderedDocument.objects.filter(updated_at__lt=since)
    untouched.exclude(status=RenderedDocument.Status.RENDERING).delete()
    old = [path for path in Path(settings.DOCUMENTS_DIR).glob("*.*") if _is_older(path, since)]
    kept = set(RenderedDocument.objects.filter(digest__in=[path.stem for path in old]).values_list("digest", flat=True))
    for path in old:
        # The stem of a draft (`.digest.pdf.abc`) is no digest, so that no row keeps it.
        if path.stem not in kept:
            path.unlink(missing_ok=True)


def _is_older(path: Path, than: datetime) -> bool:
    try:
        return path.stat().st_mtime < than.timestamp()
    except FileNotFoundError:
        # A draft that has become the file it was for.
        return False


def _write_source(digest: str, source: str) -> None:
    if pdf_path(digest).exists() or source_path(digest).exists():
        return
    try:
        write_atomically(source_path(digest), source.encode())
    except OSError as error:
        logger.error("the source of a PDF could not be written: %s", error)
        raise IncidentError(_explain(error)) from error


def _explain(error: BaseException) -> str:
    if isinstance(error, SoftTimeLimitExceeded):
        return took_too_long(settings.PDF_TIME_LIMIT)
    if isinstance(error, MemoryError):
        return _("Making the PDF took too much memory and was stopped. Shorten the document.")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk that holds the documents is full. Free some space and ask for the PDF again.")
    return _("The PDF could not be made. The log says more.")


def _finish(row: RenderedDocument, status: RenderedDocument.Status, *, error: str = "") -> None:
    row.status, row.error = status, error
    row.save(update_fields=["status", "error", "updated_at"])
