"""Many post-mortems as one ZIP file, made by the worker part by part: others need not wait for all of it."""

import logging
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.outputs import FORMATS, file_name, render_text
from incidents.documents.pdf import render_pdf_within
from incidents.documents.tree import Document
from incidents.errors import IncidentError
from incidents.models import Export, Incident, Postmortem
from incidents.queries.exports import list_exportable
from incidents.queries.external import prepare_external
from incidents.queries.publications import build_current
from incidents.services.rendering import document_source, pdf_path, source_digest
from lib.files import write_atomically
from lib.queue import send_after_commit

logger = logging.getLogger(__name__)
TASK = "incidents.tasks.make_pending_export"
Status = Export.Status
KEPT = timedelta(days=7)
MOST = 2_000
# After so long the worker takes up what else waits before it goes on.
PART = timedelta(seconds=20)
UNTOLD = timedelta(seconds=20)
PROBLEMS = "PROBLEMS.txt"
# The earliest that a ZIP file can say, and even seconds only.
EPOCH = (1980, 1, 1, 0, 0, 0)


def export_path(pk: int) -> Path:
    """Where the ZIP file lies once it is made."""
    return Path(settings.EXPORTS_DIR) / f"{pk}.zip"


def draft_path(pk: int) -> Path:
    """Where it grows until then."""
    return Path(settings.EXPORTS_DIR) / f"{pk}.draft"


@transaction.atomic
def request_export(numbers: Iterable[int], *, formats: list[str], actor: User, is_external: bool = False) -> Export:
    """An export of these incidents' post-mortems that the worker hears of after the commit."""
    found = list_exportable(actor, numbers)
    if not found:
        raise IncidentError(_("None of these incidents has a post-mortem. Change the filter of the list."))
    if len(found) > MOST:
        raise IncidentError(
            _("These are %(count)s post-mortems, and at most %(most)s fit into one file. Narrow the filter.")
            % {"count": len(found), "most": MOST}
        )
    export = Export.objects.create(requested_by=actor, numbers=found, formats=formats, is_external=is_external)
    send_after_commit(TASK, export.pk)
    return export


def make_export(pk: int, *, clock: Callable[[], datetime]) -> None:
    """Goes on with an export that waits, for a part of its documents; nothing where another worker has it.

    What its person does not see when its turn comes is left out. What cannot be made is named in a file of its own.
    """
    if not Export.objects.filter(pk=pk, status=Status.QUEUED).update(
        status=Status.RUNNING, heard_at=clock(), updated_at=clock()
    ):
        return
    export = Export.objects.select_related("requested_by").get(pk=pk)
    try:
        is_whole = _make_part(export, clock)
    except OSError as error:
        logger.error("an export could not be written: %s", error)
        _end(export, Status.FAILED, clock(), _("The file could not be written. The log says more; ask for it again."))
    except zipfile.BadZipFile:
        _end(export, Status.FAILED, clock(), _("The file was damaged while it was made. Ask for it again."))
    else:
        if is_whole:
            draft_path(pk).replace(export_path(pk))
            _end(export, Status.READY, clock())
        elif _end(export, Status.QUEUED, clock()):
            with transaction.atomic():
                send_after_commit(TASK, pk)


def sweep_exports(*, now: datetime) -> None:
    """Tells the worker again of exports that wait; fails those that stopped midway; removes old ones."""
    limit = timedelta(seconds=settings.PDF_TIME_LIMIT) * 2 + PART
    Export.objects.filter(status=Status.RUNNING, heard_at__lt=now - limit).update(
        status=Status.FAILED, error=_("Making the file stopped midway. Ask for it again."), updated_at=now
    )
    Export.objects.filter(created_at__lt=now - KEPT).exclude(status=Status.RUNNING).delete()
    _remove_files_without_row()
    with transaction.atomic():
        waiting = Export.objects.filter(status=Status.QUEUED, updated_at__lt=now - UNTOLD)
        for pk in waiting.values_list("pk", flat=True)[:50]:
            send_after_commit(TASK, pk)


def _make_part(export: Export, clock: Callable[[], datetime]) -> bool:
    """True once every document is in the draft."""
    path, started = draft_path(export.pk), clock()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not export.done:
        path.unlink(missing_ok=True)
    while export.done < len(export.numbers):
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            is_in = _add(archive, export, export.numbers[export.done])
        if is_in:
            export.done += 1
        else:
            # The numbers are those of what is in the file: it is for who sees all of them.
            del export.numbers[export.done]
        if not _is_still_ours(export, clock()):
            return False
        if clock() - started > PART:
            break
    if not path.exists():
        with zipfile.ZipFile(path, "w"):
            pass
    return export.done >= len(export.numbers)


def _is_still_ours(export: Export, now: datetime) -> bool:
    running = Export.objects.filter(pk=export.pk, status=Status.RUNNING)
    return bool(running.update(done=export.done, numbers=export.numbers, heard_at=now, updated_at=now))


def _add(archive: zipfile.ZipFile, export: Export, number: int) -> bool:
    """False where the person does not see it any more, or there is none."""
    person = export.requested_by
    seen = Incident.objects.visible_to(person) if person.is_active else Incident.objects.none()
    postmortem = Postmortem.objects.filter(incident__in=seen.filter(pk=number)).first()
    if postmortem is None:
        return False
    document = _document(postmortem, is_external=export.is_external)
    for wanted in (name for name in FORMATS if name in export.formats):
        try:
            content = _content(document, wanted)
        except IncidentError as error:
            wanted, content = f"{wanted} {PROBLEMS}", f"{error}\n".encode()
        at = document.modified_at.timetuple()[:6]
        entry = zipfile.ZipInfo(file_name(document, wanted), max(at, EPOCH))
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return True


def _document(postmortem: Postmortem, *, is_external: bool) -> Document:
    if not is_external:
        return build_current(postmortem)
    copy = prepare_external(postmortem, "")
    if copy is None:
        raise IncidentError(_("There is no copy for readers outside."))
    # Nobody looks at the names that are left in each of many: none stays.
    return copy.without_names


def _content(document: Document, wanted: str) -> bytes:
    if wanted != "pdf":
        return render_text(document, wanted).encode()
    source = document_source(document)
    path = pdf_path(source_digest(source))
    if not path.exists():
        # In a process of its own: one document that takes too long or too much leaves the others alone.
        write_atomically(path, render_pdf_within(source, seconds=settings.PDF_TIME_LIMIT))
    return path.read_bytes()


def _end(export: Export, status: Export.Status, now: datetime, error: str = "") -> bool:
    """False where it is no longer this worker's."""
    if status in (Status.READY, Status.FAILED):
        draft_path(export.pk).unlink(missing_ok=True)
    running = Export.objects.filter(pk=export.pk, status=Status.RUNNING)
    return bool(running.update(status=status, error=error, done=export.done, updated_at=now))


def _remove_files_without_row() -> None:
    files = [path for path in Path(settings.EXPORTS_DIR).glob("*.*") if path.stem.isdigit()]
    known = {*Export.objects.filter(pk__in=[int(path.stem) for path in files]).values_list("pk", flat=True)}
    for path in files:
        if int(path.stem) not in known:
            path.unlink(missing_ok=True)
