"""The Celery application: `celery -A config.celery worker`."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("debrief")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging_of_settings(**_options: object) -> None:
    """Having a receiver keeps Celery from putting its own logging in the place of the settings'."""
