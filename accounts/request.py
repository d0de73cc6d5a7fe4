"""The request as views see it, after the middleware has run."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """Signed in (LoginRequiredMiddleware), with htmx's details."""

    user: User
    htmx: HtmxDetails
