"""The worker's tasks: the names that others use for them, and what each does."""

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings as current
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications import tasks
from notifications.models import Channel, Delivery
from notifications.services import delivery, outbox
from tests.factories import make_delivery
from tests.lib.test_queue import no_broker  # noqa: F401  # a fixture is found by its name
from tests.notifications.outbox import tell, told
from tests.servers import WebService


def test_the_names_are_those_of_the_tasks() -> None:
    assert tasks.deliver.name == outbox.TASK
    assert current.CELERY_BEAT_SCHEDULE["sweep-deliveries"]["task"] == tasks.sweep_deliveries.name
    current_app.loader.import_default_modules()
    assert {outbox.TASK, tasks.sweep_deliveries.name} <= set(current_app.tasks)


def test_a_claim_outlives_the_task() -> None:
    assert tasks.deliver.time_limit < delivery.CLAIM_HOLDS.total_seconds()


def test_a_delivery_is_sent(slack: Channel, service: WebService) -> None:
    tasks.deliver(make_delivery(slack).pk)
    assert Delivery.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_broker_that_is_down_loses_nothing(slack: Channel, service: WebService, no_broker: None) -> None:  # noqa: F811
    tell(now=timezone.now() - timedelta(minutes=1))
    assert Delivery.objects.get().state == "queued"


def test_the_sweep_finds_what_nobody_heard_of(
    slack: Channel, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = make_delivery(slack)
    told()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_deliveries()
    assert told() == [row.pk]
