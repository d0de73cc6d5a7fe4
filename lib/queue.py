"""Telling a worker that a row waits."""

from celery import current_app
from django.db import transaction

# Celery would try for six seconds, in which a person waits for a page that needs no worker.
ONE_ATTEMPT = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


def send_after_commit(task: str, pk: int) -> None:
    """Once the transaction has committed, the worker hears of the row by the task's name.

    A message that cannot be sent is logged, not raised: the row is the queue, and a sweep finds what waits.
    """

    # A function, not a partial: to log a failure Django asks for its name.
    def send() -> None:
        queue = current_app.conf.task_routes.get(task, {}).get("queue", current_app.conf.task_default_queue)
        with current_app.connection_for_write(transport_options=ONE_ATTEMPT) as connection:
            current_app.send_task(task, args=[pk], queue=queue, retry=False, connection=connection)

    transaction.on_commit(send, robust=True)
