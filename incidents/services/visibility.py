"""Who may see an incident."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Team, User
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, TimelineEvent, Visibility
from incidents.queries.roles import list_holders
from incidents.services.audience import check_seen_by_no_more
from incidents.services.duplicates import Family, lock_family
from incidents.services.timeline import record
from lib.edits import check_unchanged
from lib.markdown_source import escape


def visibility_values(incident: Incident) -> dict[str, Any]:
    """What a form over the incident's visibility is filled with."""
    # Of an open incident there is none.
    grants = list(incident.grants.select_related("person", "team")) if incident.is_restricted else []
    return {
        "visibility": incident.visibility,
        "people": [grant.person for grant in grants if grant.person],
        "teams": [grant.team for grant in grants if grant.team],
    }


@transaction.atomic
def change_visibility(
    incident: Incident,
    *,
    visibility: str,
    actor: User,
    now: datetime,
    seen: str | None = None,
    **named: Iterable[Any],
) -> Incident:
    """The incident is seen by everyone, or, restricted, by those `named` alone (people, teams); an event says so.

    Raises EditConflict when somebody changed it since it was `seen`, and IncidentError where it would be out of sight
    for its `actor` or for somebody who holds a role in it, or shows what was merged from a restricted one to others.
    """
    family = lock_family(incident)
    incident = family.incident
    before = visibility_values(incident)
    check_unchanged(before, seen)
    people, teams = set(named["people"]), set(named["teams"])
    if visibility == Visibility.RESTRICTED:
        _check_in_sight(incident, people, teams, actor)
    incident.visibility = visibility
    incident.save(update_fields=["visibility", "updated_at"])
    _name(incident, people, teams, actor)
    _check_duplicates(family)
    if visibility != before["visibility"] or {*before["people"]} != people or {*before["teams"]} != teams:
        record(incident, TimelineEvent.Kind.OTHER, _describe(visibility, people, teams), actor=actor, at=now)
    return incident


def name_audience(incident: Incident, *, people: Iterable[User], teams: Iterable[Team], actor: User) -> None:
    """A restricted incident that was just declared is seen by these and by its `actor`; an event says so.

    To be called in the transaction of the declaration, before anybody else can know of it.
    """
    seeing, named = {actor, *people}, set(teams)
    _name(incident, seeing, named, actor)
    text = _describe(Visibility.RESTRICTED, seeing, named)
    record(incident, TimelineEvent.Kind.OTHER, text, actor=actor, at=incident.declared_at)


@transaction.atomic
def grant_access(incident: Incident, *, person: User, actor: User) -> None:
    """This person sees the incident, also while it is restricted.

    Raises IncidentError where they would come to see what was merged from a restricted one that they do not see.
    """
    family = lock_family(incident)
    known = IncidentGrant.objects.filter(incident=incident, person=person)
    if not known.exists():
        IncidentGrant.objects.create(incident=incident, person=person, granted_by=actor)
        _check_duplicates(family)


def _check_duplicates(family: Family) -> None:
    """What was written down in a duplicate stands in the timeline of what it was merged into."""
    for duplicate in family.duplicates:
        check_seen_by_no_more(duplicate, family.incident)
    if family.target:
        # Who changes this incident may not be one who sees the other.
        check_seen_by_no_more(family.incident, family.target, called=_("the incident that it was merged into"))


def _check_in_sight(incident: Incident, people: set[User], teams: set[Team], actor: User) -> None:
    seeing = User.objects.filter(Q(pk__in=[person.pk for person in people]) | Q(teams__in=teams))
    if actor not in seeing:
        raise IncidentError(
            _("You would not see this incident any more. Name yourself or one of your teams."), field="people"
        )
    left_out = list_holders(incident).exclude(pk__in=seeing.values("pk"))
    if left_out:
        raise IncidentError(
            _("%(names)s would not see this incident any more, and hold a role in it. Name them, or hand over first.")
            % {"names": ", ".join(map(str, left_out))},
            field="people",
        )


def _name(incident: Incident, people: set[User], teams: set[Team], actor: User) -> None:
    """The grants are for these and nobody else; those that stay keep who gave them."""
    grants = list(incident.grants.all())
    for grant in grants:
        if grant.person not in people and grant.team not in teams:
            grant.delete()
    known_people, known_teams = {grant.person_id for grant in grants}, {grant.team_id for grant in grants}
    for person in people:
        if person.pk not in known_people:
            IncidentGrant.objects.create(incident=incident, person=person, granted_by=actor)
    for team in teams:
        if team.pk not in known_teams:
            IncidentGrant.objects.create(incident=incident, team=team, granted_by=actor)


def _describe(visibility: str, people: set[User], teams: set[Team]) -> str:
    if visibility == Visibility.OPEN:
        return _("Open to everyone with an account.")
    # A name is no markdown.
    names = ", ".join(escape(name) for name in sorted(map(str, [*people, *teams])))
    return _("Restricted: seen by %(names)s alone.") % {"names": names}
