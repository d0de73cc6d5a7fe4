"""Who sees an incident, compared with who sees another."""

from django.utils.translation import gettext as _

from accounts.models import Team, User
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, Visibility
from incidents.models.grant import who_sees


def check_audience(source: Incident, target: Incident) -> None:
    """Refuses to move what is written in one incident into another, where people would come to see it, or lose it.

    The target may be seen by no one who does not see the source; and what is open to all does not become restricted.
    """
    names = {"source": source.reference, "target": target.reference}
    if target.is_restricted and not source.is_restricted:
        raise IncidentError(
            _(
                "%(target)s is restricted and %(source)s is open to all: most people would lose what is written here. "
                "Restrict %(source)s to the same people first."
            )
            % names,
            field="duplicate_of",
        )
    check_seen_by_no_more(source, target)


def check_seen_by_no_more(source: Incident, target: Incident, *, called: str = "") -> None:
    """Refuses where the target is seen by somebody who does not see the source.

    The refusal names the target as it is `called`, for people who may not know its number.
    """
    if not source.is_restricted:
        return
    _lock_teams(target)
    if not target.is_restricted or not _people(target) <= _people(source):
        raise IncidentError(
            _(
                "%(source)s is restricted, and %(target)s can be seen by others. "
                "Restrict %(target)s to people who see %(source)s first, or let them see both."
            )
            % {"source": source.reference, "target": called or target.reference},
            field="duplicate_of",
        )


def find_kept_out(team: Team, joined: set[User]) -> set[User]:
    """Those of these new members of the team who, in it, see what was merged from an incident that they may not see.

    To be called with the team locked. Whoever leaves a team is no case: what they read in the other they have read.
    """
    merged = Incident.objects.filter(
        visibility=Visibility.RESTRICTED,
        duplicate_of__visibility=Visibility.RESTRICTED,
        duplicate_of__in=IncidentGrant.objects.filter(team=team).values("incident"),
    )
    audiences = [_people(incident) for incident in merged]
    return {person for person in joined if any(person.pk not in audience for audience in audiences)}


def _lock_teams(incident: Incident) -> None:
    """Until the transaction ends, nobody joins a team that sees the incident."""
    teams = IncidentGrant.objects.filter(incident=incident).exclude(team=None).values("team")
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))


def _people(incident: Incident) -> set[int]:
    """The keys of the people who see a restricted incident, by themselves or through a team."""
    return set(User.objects.filter(who_sees(incident)).values_list("pk", flat=True))
