"""How a panel with a list of records answers: for htmx the panel, for a plain browser a page around it."""

from typing import Any

from django.http import HttpResponse

from accounts.request import Request
from incidents.models import Incident
from lib.http import page_or_fragment, saved

PAGE = "incidents/panel.html"


def answer(
    request: Request, incident: Incident, panel: str, context: dict[str, Any], *, opened: dict[str, Any], done: Any
) -> HttpResponse:
    """The panel after a change, or with the form and its errors (422).

    `opened` is what shows the form, by names that begin with it; `done` is None until a change was made. A request
    with `?cancel` gets the panel without the form.
    """
    context = context | {"incident": incident, "can_write": True}
    if done is not None:
        return saved(request, panel, context, otherwise=incident)
    form = next(iter(opened.values()))
    if form.is_bound or "cancel" not in request.GET:
        context |= opened
    return page_or_fragment(request, PAGE, panel, context, status=422 if form.is_bound else 200)
