"""Who is asking, and in which timezone they read and type times."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import Door, changes_by
from accounts.models import User
from lib.http import UNSHOWN_FIELDS, not_saved

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in, unless its view opts out."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """The sign-in page; for htmx and for forms 401, since the sign-in page would cost what was typed."""
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal and request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if refusal and set(request.POST) - UNSHOWN_FIELDS:
            sentence = _("You are signed out, so nothing was saved. Copy what you typed, sign in and send it again.")
            return not_saved(request, sentence, status=401)
        return refusal


class ChangesMiddleware:
    """What a request changes is written down as a change by whoever sent it; those that only read cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the rest of the stack."""
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        user = request.user
        with changes_by(user if isinstance(user, User) else None, door=Door.PAGE):
            return self.get_response(request)


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
