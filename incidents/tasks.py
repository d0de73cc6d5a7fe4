"""What the worker does for this app."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from incidents.services import attachments, exports, reminders, rendering


@shared_task(ignore_result=True, soft_time_limit=settings.PDF_TIME_LIMIT, time_limit=settings.PDF_TIME_LIMIT + 5)
def render_pending_document(pk: int) -> None:
    """One PDF; ended by force after the time limit, after which the sweep says so on the row."""
    rendering.render_document(pk, now=timezone.now())


@shared_task(ignore_result=True)
def sweep_documents() -> None:
    """What nobody was told of, or stopped midway."""
    rendering.sweep_documents(now=timezone.now())


@shared_task(ignore_result=True)
def make_pending_export(pk: int) -> None:
    """A part of a ZIP file of many post-mortems; while some are left, the worker hears of it again."""
    exports.make_export(pk, clock=timezone.now)


@shared_task(ignore_result=True)
def sweep_exports() -> None:
    """What nobody was told of, stopped midway, or is old."""
    exports.sweep_exports(now=timezone.now())


@shared_task(ignore_result=True)
def sweep_attachments() -> None:
    """Files removed a while ago, and files whose row was never written."""
    attachments.sweep_attachments(now=timezone.now())


@shared_task(ignore_result=True)
def remind_of_postmortems() -> None:
    """Authors hear of what is due tomorrow, due today or overdue; once each."""
    reminders.remind_of_postmortems(now=timezone.now())
