"""What a person sees when the database cannot take a write."""

import logging
from collections.abc import Callable

from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lib.http import not_saved

logger = logging.getLogger(__name__)
# What PostgreSQL answers where it can only be read, as a standby; psycopg counts it among the internal errors.
READ_ONLY = "25006"


class StorageTroubleMiddleware:
    """Answers a full disk or a locked database with a sentence and the text that was typed, as 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the rest of the stack."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for storage errors; every other error goes on its way."""
        if not is_storage_trouble(error):
            return None
        logger.error("database error at %s: %s", request.path, error)
        return not_saved(request, explain(str(error)), status=503)


def is_storage_trouble(error: BaseException | None) -> bool:
    """True where the database is in the way, and no mistake of Debrief's."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, OperationalError)


def explain(error: str) -> str:
    """One sentence for SQLite's and PostgreSQL's own words."""
    if "full" in error or "No space left" in error:
        return _(
            "The disk that holds Debrief's database is full, so nothing was saved. Free some space and send it again."
        )
    if "locked" in error:
        return _("The database was busy for too long, so nothing was saved. Send it again in a moment.")
    if "readonly" in error or "read-only" in error:
        return _("The database can only be read, so nothing was saved. Send it again once it takes changes.")
    return _("The database could not be reached, so nothing was saved. Send it again once it is back.")
