"""Where else something is said of an incident."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from incidents.access import get_editable_incident, get_editable_link
from incidents.forms.records import LinkForm
from incidents.models import Incident
from incidents.queries.relations import list_links
from incidents.services.links import add_link, change_link, link_values, remove_link
from incidents.views.panels import answer
from lib.forms import carry_out
from lib.http import saved

PANEL = "incidents/link/_panel.html"


def panel(incident: Incident) -> dict[str, Any]:
    """What the links panel shows."""
    return {"links": list_links(incident)}


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Add a link."""
    incident = get_editable_incident(request.user, number)
    form = LinkForm(request.POST or None)
    done = carry_out(form, partial(add_link, incident))
    return answer(request, incident, PANEL, panel(incident), opened={"link_form": form}, done=done)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Correct a link."""
    link = get_editable_link(request.user, number, pk)
    form = LinkForm(request.POST or None, record=link_values(link), auto_id=f"id_link_{pk}_%s")
    done = carry_out(form, partial(change_link, link))
    opened = {"link_edit_form": form, "edited_link": pk}
    return answer(request, link.incident, PANEL, panel(link.incident), opened=opened, done=done)


@require_POST
def removal(request: Request, number: int, pk: int) -> HttpResponse:
    """Remove a link; the panel then offers to add it once more."""
    link = get_editable_link(request.user, number, pk)
    incident = link.incident
    remove_link(link)
    gone = {"title": link.title, "url": link.url, "sentence": _("“%(title)s” was removed.") % {"title": link.title}}
    context = {"incident": incident, "can_write": True, "removed_link": gone, **panel(incident)}
    return saved(request, PANEL, context, otherwise=incident)
