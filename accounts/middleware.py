"""Times are read and typed in the reader's own timezone."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User


class ReaderTimezoneMiddleware:
    """Activates the signed-in person's timezone for the request; the installation's where none is chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the rest of the stack."""
        user = request.user
        if isinstance(user, User) and user.time_zone:
            with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)
