"""Deliveries: trying again what was given up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.request import Request
from lib.errors import DomainError
from notifications.access import get_delivery
from notifications.services.delivery import retry_delivery


@require_POST
def attempt_create(request: Request, pk: int) -> HttpResponse:
    """Queue the delivery again."""
    try:
        retry_delivery(get_delivery(request.user, pk), now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is on its way again. Reload this page to see what became of it."))
    return redirect("notifications:channel_list")
