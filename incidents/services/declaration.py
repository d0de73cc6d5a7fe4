"""Declaring an incident."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from incidents.errors import IncidentError
from incidents.lifecycle import Status, check_milestones
from incidents.models import Incident, Mode, SeverityLevel, TimelineEvent, Visibility
from incidents.services.drafts import draft_postmortem
from incidents.services.tags import name_tags
from incidents.services.timeline import record
from incidents.services.visibility import name_audience, visibility_values

# Where nobody has said how bad it is.
DEFAULT_LEVEL = 3
# What is known of an incident by other records.
MANY = ("services", "tags", "people", "teams")


def declare_incident(
    *,
    title: str,
    actor: User,
    now: datetime,
    severity: SeverityLevel | None = None,
    mode: str = Mode.LIVE,
    **facts: Any,
) -> Incident:
    """A new incident with its declaration as first timeline event; the one that stands, where it was sent before.

    `facts` may hold `summary`, `services`, `tags` (words), `time_zone` (the actor's, where none is given),
    `submission_key`, the milestones `impact_started_at` to `resolved_at`, and the impact: `impact`,
    `customers_affected`, `requests_failed`, `data_loss`, `data_lost`, `cost`. What is left out is unknown. One that is
    over (`resolved_at`) is retrospective or a drill, and resolved from the start. With `visibility` “restricted” it is
    never there for anybody but its actor and the `people` and `teams` that are named.
    """
    _check_end(mode, facts.get("resolved_at"))
    check_milestones({name: value for name, value in facts.items() if name.endswith("_at")}, now=now)
    key = facts.get("submission_key", "")
    audience = (facts.setdefault("visibility", Visibility.OPEN), facts.get("people", ()), facts.get("teams", ()))
    if known := _find_sent(actor, key, *audience):
        return known
    many = {name: facts.pop(name, ()) for name in MANY}
    values = {"time_zone": actor.time_zone, "title": title, "mode": mode, "declared_by": actor, "declared_at": now}
    values |= {"severity": severity or SeverityLevel.objects.get(level=DEFAULT_LEVEL)} | facts
    try:
        return _create(values, many)
    except IntegrityError:
        # The same form, sent twice at once: the other one was quicker.
        if known := _find_sent(actor, key, *audience):
            return known
        raise


@transaction.atomic
def _create(values: Mapping[str, Any], many: Mapping[str, Any]) -> Incident:
    is_over = values.get("resolved_at") is not None
    incident = Incident.objects.create(status=Status.RESOLVED if is_over else Status.INVESTIGATING, **values)
    if many["services"]:
        incident.services.set(many["services"])
    if many["tags"]:
        incident.tags.set(name_tags(many["tags"]))
    kind, text = TimelineEvent.Kind.STATUS_CHANGE, _("Incident declared.")
    if is_over:
        # Nothing changed at this moment but what is written down.
        kind, text = TimelineEvent.Kind.OTHER, _("Written down afterwards.")
    elif incident.is_drill:
        text = _("Drill declared.")
    record(incident, kind, text, actor=incident.declared_by, at=incident.declared_at)
    if incident.is_restricted:
        name_audience(incident, people=many["people"], teams=many["teams"], actor=incident.declared_by)
    if is_over:
        draft_postmortem(incident, actor=incident.declared_by)
    return incident


def _check_end(mode: str, resolved_at: datetime | None) -> None:
    if mode == Mode.RETROSPECTIVE and resolved_at is None:
        raise IncidentError(
            _("A retrospective incident is over. Enter when it was resolved, or declare it as live."),
            field="resolved_at",
        )
    if mode == Mode.LIVE and resolved_at is not None:
        raise IncidentError(
            _("A live incident is not resolved yet. Leave this time empty, or choose “Retrospective”."),
            field="resolved_at",
        )


def _find_sent(
    actor: User, key: str, visibility: str, people: Iterable[User], teams: Iterable[Team]
) -> Incident | None:
    known = Incident.objects.filter(declared_by=actor, submission_key=key).first() if key else None
    if known is None or visibility != Visibility.RESTRICTED:
        return known
    # Who goes back and restricts what was sent, or names others, must not believe that it worked.
    if not known.is_restricted:
        raise IncidentError(
            _("This was declared before, as %(reference)s, which is open to everyone. Restrict it on its page.")
            % {"reference": known.reference},
            field="visibility",
        )
    named = visibility_values(known)
    is_same = {actor, *people} == {*named["people"]} and {*teams} == {*named["teams"]}
    # To somebody who sees it no more it is not named.
    if not is_same and Incident.objects.visible_to(actor).filter(pk=known.pk).exists():
        raise IncidentError(
            _(
                "This was declared before, as %(reference)s, and others see it than are named here. "
                "Name them on its page."
            )
            % {"reference": known.reference},
            field="people",
        )
    return known
