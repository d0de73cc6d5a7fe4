"""What the worker does for the installation as a whole."""

from celery import shared_task

from lib import statistics


@shared_task(ignore_result=True)
def refresh_statistics() -> None:
    """What SQLite knows of its tables, as they are today."""
    statistics.refresh_statistics()
