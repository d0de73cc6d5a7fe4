"""The composition root as a Django app, so that it can bring management commands."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Loads the Celery application, so that `shared_task` finds its settings in every process."""

    name = "config"

    def ready(self) -> None:
        from config import celery  # noqa: F401
