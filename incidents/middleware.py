"""The question that hundreds of open pages ask every few seconds, answered before anything else is loaded."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.sessions import find_signed_in
from incidents.queries.watching import find_revision

# As in incidents/urls.py. The longest number is one that every database can compare with.
WATCHED = re.compile(r"/incidents/(\d{1,18})/timeline/changes/$")


class UnchangedMiddleware:
    """Answers 204 where an incident is as the page shows it.

    It knows one answer only, and gives it to a person who is signed in and sees the incident now. Everything else
    (changes, sign-in, an incident that is not there) takes the way that every request takes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """204, or the response of the rest of the stack."""
        watched = WATCHED.match(request.path_info) if request.method == "GET" else None
        if watched and _is_unchanged(request, int(watched[1])):
            return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


def _is_unchanged(request: HttpRequest, number: int) -> bool:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    user = find_signed_in(key) if key else None
    revision = find_revision(user, number) if user else None
    return revision is not None and str(revision) == request.GET.get("since")
