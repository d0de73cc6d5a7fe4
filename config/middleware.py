"""What a person sees when the database cannot take a write."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lib.http import not_saved

logger = logging.getLogger(__name__)


class StorageTroubleMiddleware:
    """Answers a full disk or a locked database with a sentence and the text that was typed, as 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the rest of the stack."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for storage errors; every other error goes on its way."""
        if not isinstance(error, OperationalError):
            return None
        logger.error("database error at %s: %s", request.path, error)
        return not_saved(request, explain(str(error)), status=503)


def explain(error: str) -> str:
    """One sentence for SQLite's and PostgreSQL's own words."""
    if "full" in error or "No space left" in error:
        return _(
            "The disk that holds Debrief's database is full, so nothing was saved. Free some space and send it again."
        )
    if "locked" in error:
        return _("The database was busy for too long, so nothing was saved. Send it again in a moment.")
    return _("The database could not be reached, so nothing was saved. Send it again once it is back.")
