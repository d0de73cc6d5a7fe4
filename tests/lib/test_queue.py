import logging

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
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send_after_commit(TASK, 7)
        raise ZeroDivisionError
    assert waiting("documents") == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_broker_that_is_not_there_is_logged_and_the_change_stands(caplog: pytest.LogCaptureFixture) -> None:
    with current_app.connection_for_write("redis+socket:///nowhere/redis.sock"):
        pass
    address = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "redis+socket:///nowhere/redis.sock"
    current_app.amqp._producer_pool = None
    try:
        with caplog.at_level(logging.ERROR, "django.db.backends.base"):
            send_after_commit(TASK, 7)
    finally:
        current_app.conf.broker_write_url = address
        current_app.amqp._producer_pool = None
    assert "on_commit" in caplog.text
