"""How often each database could be brought back, for the page of insights."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.request import Request
from lib.http import page_or_fragment
from recovery.queries.restorability import list_restorability

USUAL_DAYS, MOST_DAYS = 90, 3660


@require_safe
def detail(request: Request) -> HttpResponse:
    """The tests of the last `days`, 90 where none are asked for."""
    asked = request.GET.get("days", "")
    days = min(int(asked), MOST_DAYS) if asked.isascii() and asked.isdigit() and len(asked) < 6 else USUAL_DAYS
    now = timezone.now()
    context = {"databases": list_restorability(since=now - timedelta(days=days), until=now), "days": days}
    return page_or_fragment(
        request, "recovery/restorability/detail.html", "recovery/restorability/_panel.html", context
    )
