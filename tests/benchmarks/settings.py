"""Settings of the benchmarks: as in production, in the folder that DEBRIEF_DATA_DIR names."""

from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import STATIC_ROOT as _STATIC_ROOT

Path(_STATIC_ROOT).mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ALLOWED_HOSTS = ["testserver"]
