"""What the worker does for this app."""

from celery import shared_task
from django.utils import timezone

from recovery.services import example, restore_runs, restore_tests


@shared_task(ignore_result=True)
def run_pending_restore_test(number: int) -> None:
    """One restore test; its own deadline ends it."""
    restore_runs.run_restore_test(number, now=timezone.now())


@shared_task(ignore_result=True)
def sweep_restore_tests() -> None:
    """Tests nobody was told of, and tests whose worker died."""
    restore_tests.sweep_restore_tests(now=timezone.now())


@shared_task(ignore_result=True)
def build_example_database(pk: int) -> None:
    """The example's database and replica."""
    example.build_example_database(pk)
