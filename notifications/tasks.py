"""What the worker does for this app."""

from celery import shared_task
from django.utils import timezone

from notifications.services import delivery


# A claim outlives these limits (CLAIM_HOLDS), so that nobody else sends while this one may still do so.
@shared_task(ignore_result=True, soft_time_limit=90, time_limit=120)
def deliver(pk: int) -> None:
    """One delivery, tried once. It may arrive twice where a worker dies after sending and before writing that down."""
    delivery.deliver_notification(pk, now=timezone.now())


@shared_task(ignore_result=True)
def sweep_deliveries() -> None:
    """Deliveries nobody was told of, whose time has come again, or whose worker died."""
    delivery.sweep_deliveries(now=timezone.now())
