import logging
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from celery import current_app
from django.db import transaction

from lib.queue import send_after_commit

TASK = "incidents.tasks.render_pending_document"


def waiting(queue: str) -> list[object]:
    """What the broker of the tests, which lives in memory, holds."""
    messages = []
    with current_app.connection_for_read() as connection:
        channel = connection.default_channel
        channel.queue_declare(queue=queue, passive=False)
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            messages.append(message.decode()[0])
    return messages


@pytest.fixture
def no_broker() -> Iterator[None]:
    """Celery writes to a broker that is not there."""
    known = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "amqp://127.0.0.1:9//"
    current_app.amqp._producer_pool = None
    yield
    current_app.conf.broker_write_url = known
    current_app.amqp._producer_pool = None


@pytest.mark.django_db
def test_the_worker_hears_of_a_row_in_the_tasks_own_queue_once_it_is_committed(
    django_capture_on_commit_callbacks: object,
) -> None:
    waiting("documents")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        send_after_commit(TASK, 7)
        assert waiting("documents") == []
    assert waiting("documents") == [[7]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_hears_of_a_row_that_was_rolled_back() -> None:
    waiting("documents")
    with transaction.atomic():
        send_after_commit(TASK, 7)
        transaction.set_rollback(True)
    assert waiting("documents") == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("is_atomic", [True, False])
def test_a_broker_that_is_not_there_is_logged_and_the_change_stands(
    no_broker: None, caplog: pytest.LogCaptureFixture, is_atomic: bool
) -> None:
    with (
        caplog.at_level(logging.ERROR, "django.db.backends.base"),
        transaction.atomic() if is_atomic else nullcontext(),
    ):
        send_after_commit(TASK, 7)
    assert "in on_commit()" in caplog.text
