"""The example, by a button."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import check_administrator
from accounts.request import Request
from recovery.services.example import queue_example


@require_POST
def create(request: Request) -> HttpResponse:
    """Load the example incident; its database follows within seconds."""
    check_administrator(request.user)
    incident = queue_example(actor=request.user)
    messages.success(
        request,
        _(
            "The example is loaded: this incident, and more of the past weeks under the tag “example”. Its database is "
            "being replicated; see Recovery in a moment."
        ),
    )
    return redirect(incident)
