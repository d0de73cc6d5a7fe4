"""How a panel with a list of records answers: for htmx the panel, for a plain browser a page around it."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse

from accounts.request import Request
from incidents.models import Incident
from lib.http import page_or_fragment, saved

PAGE = "incidents/panel.html"


def answer(
    request: Request, incident: Incident, panel: str, context: dict[str, Any], *, form: Form, done: object | None
) -> HttpResponse:
    """The panel after the change, or with the form and its errors (422)."""
    context = context | {"incident": incident, "can_write": True}
    if done is not None:
        return saved(request, panel, context, otherwise=incident)
    return page_or_fragment(request, PAGE, panel, context, status=422 if form.is_bound else 200)
