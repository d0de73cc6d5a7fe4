"""The timeline of an incident: reading it, adding to it, correcting it."""

from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.request import Request
from incidents.access import get_editable_event, get_editable_incident
from incidents.forms.new_event import EmptyEventForm, NewEventForm
from incidents.forms.timeline import CorrectEventForm
from incidents.models import Incident, TimelineEvent
from incidents.queries.timeline import count_events, find_neighbours, read_events, tally
from incidents.services.timeline import add_event, correct_event, event_values
from incidents.views.timeline_rows import row, rows
from lib.forms import carry_out
from lib.http import is_fragment_wanted

PAGE, PANEL = "incidents/panel.html", "incidents/timeline/_panel.html"
# No key has more digits.
LONGEST_KEY = 20
__all__ = ["create", "edit", "panel", "row", "rows"]


def panel(incident: Incident, reader: User, *, shows_hidden: bool = False) -> dict[str, Any]:
    """What the timeline panel shows: hidden events only where they are asked for."""
    events = read_events(incident)
    shown = rows([event for event in events if shows_hidden or not event.is_hidden], reader)
    days = [(day, day.isoformat(), [*group]) for day, group in groupby(shown, key=itemgetter("date"))]
    return {
        "days": days,
        "shows_hidden": shows_hidden,
        **tally((event.is_hidden, event.source) for event in events),
        "can_write": reader.is_writer,
        "event_form": EmptyEventForm(incident),
    }


def changed_row(request: Request, event: TimelineEvent, template: str, **context: Any) -> HttpResponse:
    """For htmx the changed row and the counts; for a plain browser the page, at that row."""
    incident = event.incident
    if not is_fragment_wanted(request):
        hidden = "?hidden=1" if event.is_hidden else ""
        return redirect(f"{incident.get_absolute_url()}{hidden}#timeline-event-{event.pk}")
    context |= {"incident": incident, "event": row(event, request.user), "can_write": True, "is_oob": True}
    context["shows_hidden"] = are_hidden_asked_for(request)
    return render(request, template, context | count_events(incident))


def are_hidden_asked_for(request: Request) -> bool:
    """True on a page that shows hidden events too, and for requests that come from it."""
    page = request.htmx.current_url or ""
    return "hidden" in request.GET or "hidden=1" in page.partition("?")[2]


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int) -> HttpResponse:
    """Write down what happened; `?before=` or `?after=` another event, at a time between its neighbours."""
    incident = get_editable_incident(request.user, number)
    place = _place(request, number)
    now = timezone.now()
    form = NewEventForm(
        request.POST or None,
        incident=incident,
        initial={"occurred_at": _time_between(place, request.GET, now=now)} if place else {},
        auto_id=f"id_insert_{place.pk}_%s" if place else "id_%s",
    )
    done = carry_out(form, partial(add_event, incident, actor=request.user, now=form.now))
    if done:
        done.incident = incident
        template = "incidents/timeline/_inserted.html" if place else "incidents/timeline/_added.html"
        return changed_row(request, done, template, event_form=EmptyEventForm(incident))
    status = 422 if form.is_bound else 200
    if place is None:
        fragment = "incidents/timeline/_add.html" if form.is_bound else PANEL
        return _answer(request, incident, fragment, {"event_form": form}, status=status)
    inserting = {"insert_form": form, "insert_side": _side(request.GET), "inserted_at": str(place.pk)}
    return _answer(request, incident, "incidents/timeline/_insert.html", inserting, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Correct an event."""
    event = get_editable_event(request.user, number, pk)
    form, done = _correct(event, request.POST or None)
    while form.is_settled:
        # Somebody else changed other fields meanwhile: both changes are kept, and nobody is asked.
        event = get_editable_event(request.user, number, pk)
        form, done = _correct(event, form.data)
    if done:
        return changed_row(request, done, "incidents/timeline/_corrected.html")
    if "cancel" in request.GET and not form.is_bound:
        return changed_row(request, event, "incidents/timeline/_event.html")
    opened = {"edit_form": form, "event": row(event, request.user), "edited": str(pk)}
    status = 422 if form.is_bound else 200
    return _answer(request, event.incident, "incidents/timeline/_edit.html", opened, status=status)


def _correct(event: TimelineEvent, sent: Any) -> tuple[CorrectEventForm, TimelineEvent | None]:
    auto_id = f"id_event_{event.pk}_%s"
    form = CorrectEventForm(sent, incident=event.incident, record=event_values(event), auto_id=auto_id)
    return form, carry_out(form, partial(correct_event, event, now=timezone.now()))


def _answer(
    request: Request, incident: Incident, fragment: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """The fragment alone for htmx; for a plain browser the whole panel with what is open in it."""
    context |= {"incident": incident, "can_write": True}
    if is_fragment_wanted(request) and fragment != PANEL:
        return render(request, fragment, context, status=status)
    # The row in which a form is open stands in the panel whether it is hidden or not.
    shows_hidden = are_hidden_asked_for(request) or "edit_form" in context
    context = panel(incident, request.user, shows_hidden=shows_hidden) | context | {"fragment": PANEL}
    return render(request, PANEL if is_fragment_wanted(request) else PAGE, context, status=status)


def _side(asked: Any) -> str:
    return "before" if "before" in asked else "after"


def _place(request: Request, number: int) -> TimelineEvent | None:
    """The event beside which another is inserted."""
    pk = request.GET.get("before", request.GET.get("after", ""))
    return get_editable_event(request.user, number, int(pk)) if pk.isdecimal() and len(pk) < LONGEST_KEY else None


def _time_between(place: TimelineEvent, asked: Any, *, now: datetime) -> datetime:
    """Half-way between the event and its neighbour on that side, to the second; a minute away where there is none."""
    before, after = find_neighbours(place)
    here = place.occurred_at
    if _side(asked) == "before":
        middle = here - timedelta(minutes=1) if before is None else before + (here - before) / 2
    else:
        middle = min(here + timedelta(minutes=1), max(now, here)) if after is None else here + (after - here) / 2
    whole = middle.replace(microsecond=0)
    return whole if whole >= (before if _side(asked) == "before" and before else here) else middle
