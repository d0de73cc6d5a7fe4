"""What others changed while somebody looked."""

import time
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.request import Request
from incidents.access import get_visible_incident
from incidents.models import Incident, TimelineEvent
from incidents.queries.timeline import count_events, group_by_day
from incidents.queries.watching import list_changed_events, list_event_keys
from incidents.services.visibility import visibility_values
from incidents.views import action_items, attachments, causes, course, improvements, links, relations
from incidents.views.timeline import are_hidden_asked_for
from incidents.views.timeline_rows import rows

COUNTS = "incidents/timeline/_counts.html"
FACTS = [
    "incidents/facts/_head.html",
    "incidents/relation/_notice.html",
    "incidents/course/_phases.html",
    "incidents/facts/_status_panel.html",
    "incidents/role/_panel.html",
    "incidents/facts/_milestones_panel.html",
    "incidents/facts/_panel.html",
    "incidents/facts/_impact_panel.html",
    "incidents/cause/_panel.html",
    "incidents/action_item/_panel.html",
    "incidents/improvement/_panel.html",
    "incidents/relation/_panel.html",
    "incidents/link/_panel.html",
    "incidents/visibility/_panel.html",
    "incidents/attachment/_panel.html",
]
# What the system writes about evidence and drills, whose panels the page asks for at an address of their own.
ABOUT_RECOVERY = (TimelineEvent.Kind.RECOVERY, TimelineEvent.Kind.ACTION)


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """The rows and panels that changed after the revision `?since=`; 204 where that is the latest."""
    incident = get_visible_incident(request.user, number)
    since = _since(request, incident)
    if since == incident.revision:
        return _fresh(HttpResponse(status=204))
    events = list(list_changed_events(incident, since))
    context: dict[str, Any] = {
        "incident": incident,
        "can_write": request.user.is_writer,
        "days": _days(events, request.user),
        "panels": [COUNTS],
        "shows_hidden": are_hidden_asked_for(request),
        **count_events(incident),
    }
    if _are_facts_changed(incident, events, since):
        context |= _facts(incident, request.user)
        context["panels"] = [COUNTS, *FACTS]
        # Where incidents were merged or taken out again, rows have left: no revision tells of these.
        context["standing"] = list_event_keys(incident)
        context["is_recovery_changed"] = any(event.kind in ABOUT_RECOVERY for event in events if _is_by_system(event))
    return _fresh(render(request, "incidents/watching/_changes.html", context))


def _facts(incident: Incident, reader: User) -> dict[str, Any]:
    """What the panels show; which of them changed is for the page to tell, which knows what it shows."""
    return {
        **course.panels(incident, now=timezone.now()),
        **causes.panel(incident),
        **action_items.panel(incident),
        **improvements.panel(incident),
        **links.panel(incident),
        **relations.panel(incident, reader),
        **attachments.panel(incident),
        "values": visibility_values(incident),
    }


def _days(events: list[TimelineEvent], reader: User) -> list[tuple[date, str, list[dict[str, Any]]]]:
    of_event = dict(zip((event.pk for event in events), rows(events, reader), strict=True))
    return [(day, day.isoformat(), [of_event[event.pk] for event in group]) for day, group in group_by_day(events)]


def _are_facts_changed(incident: Incident, events: list[TimelineEvent], since: int) -> bool:
    """Whether more than rows changed: a revision that no row carries, or one that the system wrote about a change."""
    # Rows that were pasted together carry one revision. What was written after the incident was read comes with a
    # revision that is asked for again: it stands for none of those that this answer tells of.
    carried = len({event.revision for event in events if event.revision <= incident.revision})
    return any(map(_is_by_system, events)) or carried < incident.revision - since


def _is_by_system(event: TimelineEvent) -> bool:
    return event.source == TimelineEvent.Source.SYSTEM


def _since(request: HttpRequest, incident: Incident) -> int:
    """The revision that the page shows. One that is yet to come was read before the database was restored: the page
    has seen nothing of what stands now."""
    asked = request.GET.get("since", "")
    since = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    return since if since <= incident.revision else 0


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Debrief-Now"] = str(time.time_ns() // 1_000_000)
    return response
