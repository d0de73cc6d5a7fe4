"""Telling a worker that a row waits."""

from functools import partial

from celery import current_app
from django.db import transaction


def send_after_commit(task: str, pk: int) -> None:
    """Once the transaction has committed, the worker hears of the row by the task's name.

    A message that cannot be sent is logged, not raised: the row is the queue, and a sweep finds what waits.
    """
    transaction.on_commit(partial(_send, task, pk), robust=True)


def _send(task: str, pk: int) -> None:
    queue = current_app.conf.task_routes.get(task, {}).get("queue", current_app.conf.task_default_queue)
    current_app.send_task(task, args=[pk], queue=queue, retry=False)
