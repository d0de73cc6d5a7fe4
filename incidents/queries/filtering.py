"""Which of the incidents are asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from incidents.lifecycle import ONGOING
from incidents.models import ActionItem, Incident, IncidentGrant, RoleAssignment, Visibility
from incidents.models.sort_keys import began
from incidents.search.index import engine
from incidents.search.kinds import SOURCES, Kind
from lib.folding import pattern
from lib.search_words import parse_words

ONGOING_WORD = "ongoing"
NO_POSTMORTEM = "none"


@dataclass(frozen=True)
class IncidentFilter:
    """What is asked for; of several values of one thing any will do, different things must all hold.

    Services, teams and tags by name, people by user name; `part` is what the person has to do with it.
    """

    status: tuple[str, ...] = ()
    severity: tuple[int, ...] = ()
    mode: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    postmortem: tuple[str, ...] = ()
    person: str = ""
    part: str = ""
    visibility: str = ""
    since: date | None = None
    until: date | None = None
    q: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "IncidentFilter":
        """The filter with these values, lists among them; what is left out asks for nothing."""
        known: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        return cls(**known)

    @property
    def is_empty(self) -> bool:
        """True where nothing is left out."""
        return self == IncidentFilter()

    def parameters(self) -> list[tuple[str, str]]:
        """What is asked for as it stands in an address: pairs of name and text."""
        pairs = []
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(name, str(one)) for one in values if one not in ("", None)]
        return pairs


def filter_incidents(user: User, wanted: IncidentFilter) -> QuerySet[Incident]:
    """The incidents this person sees that are asked for, in no order."""
    found = Incident.objects.visible_to(user).order_by()
    for name, condition in CONDITIONS.items():
        if value := getattr(wanted, name):
            found = found.filter(condition(value))
    if wanted.person:
        found = found.filter(_about(wanted.person, wanted.part))
    if wanted.since or wanted.until:
        found = found.alias(began_at=began())
    if wanted.since:
        found = found.filter(Q(began_at__gte=_midnight(wanted.since)))
    if wanted.until:
        found = found.filter(Q(began_at__lt=_midnight(wanted.until + timedelta(days=1))))
    return found


def _statuses(wanted: tuple[str, ...]) -> Q:
    spread = [ONGOING if status == ONGOING_WORD else (status,) for status in wanted]
    statuses = {str(status) for group in spread for status in group}
    chosen = Q(status__in=sorted(statuses))
    # An index holds just those that are not over, and this is how a database knows that they are meant.
    return chosen & Q(resolved_at=None) if statuses <= set(ONGOING) else chosen


def _services(**condition: Any) -> Q:
    return Q(pk__in=Incident.services.through.objects.filter(**condition).values("incident"))


def _tags(names: tuple[str, ...]) -> Q:
    return Q(pk__in=Incident.tags.through.objects.filter(tag__name__in=names).values("incident"))


def _postmortems(wanted: tuple[str, ...]) -> Q:
    states = [state for state in wanted if state != NO_POSTMORTEM]
    found = Q(postmortem__status__in=states) if states else Q(pk__in=[])
    return found | Q(postmortem=None) if NO_POSTMORTEM in wanted else found


def _visibility(visibility: str) -> Q:
    chosen = Q(visibility=visibility)
    # Who sees a restricted incident is named in it; without saying so, every incident would be looked at.
    named = Q(pk__in=IncidentGrant.objects.order_by().values("incident"))
    return chosen & named if visibility == Visibility.RESTRICTED else chosen


def _text(text: str) -> Q:
    """Where all the words stand, as in a search: in title, summary, impact and lost data, whatever their accents."""
    words, source = parse_words(text), SOURCES[Kind.INCIDENT]
    indexed = [term for term in words.terms if engine().is_indexed(term)]
    without = [term for term in words.excluded if indexed and engine().is_indexed(term)]
    found = Q(pk__in=engine().keys(source, indexed, without)) if indexed else Q()
    for term in words.terms:
        found &= Q() if term in indexed else _holds(term)
    for term in words.excluded:
        found &= Q() if term in without else ~_holds(term)
    return found


def _holds(term: str) -> Q:
    # Terms that are in no index: each row is looked at.
    columns = (*SOURCES[Kind.INCIDENT].titles, *SOURCES[Kind.INCIDENT].texts)
    return Q.create([(f"{column}__iregex", pattern(term)) for column in columns], connector=Q.OR)


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "status": _statuses,
    "severity": lambda levels: Q(severity__in=levels),
    "mode": lambda modes: Q(mode__in=modes),
    "service": lambda names: _services(service__name__in=names),
    "team": lambda names: _services(service__team__name__in=names),
    "tag": _tags,
    "postmortem": _postmortems,
    "visibility": _visibility,
    "q": _text,
}


def _about(username: str, part: str) -> Q:
    """What a person has to do with an incident; without a part, anything."""
    held = RoleAssignment.objects.filter(person__username=username).order_by().values("incident")
    parts = {
        "commander": held.filter(role="commander"),
        "role": held,
        "declared": Incident.objects.filter(declared_by__username=username).order_by().values("pk"),
        "action": ActionItem.objects.filter(owner_person__username=username).order_by().values("incident"),
    }
    if part in parts:
        return Q(pk__in=parts[part])
    return Q(pk__in=parts["role"].union(parts["declared"], parts["action"]))


def _midnight(day: date) -> datetime:
    """When the day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))
