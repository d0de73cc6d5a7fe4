"""Where people go by name or number: references such as INC-42, and records by a part of their name.

Other apps register theirs: what a reference leads to, and what is found by name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.queries import list_visible_people
from incidents.models import ActionItem, Incident, Service
from incidents.search.index import engine
from incidents.search.kinds import SOURCES, Kind
from lib.search_words import parse_reference, parse_words

INCIDENTS = 6
NAMES = 4
# Words too short for the index are looked for in the titles of so many.
RECENT = 2_000
MAX_DIGITS = 15


@dataclass(frozen=True)
class Destination:
    """Somewhere to go: what it is called, what sort of thing it is, and its address.

    `synonyms` are further words that it is found by.
    """

    label: str
    address: str
    hint: str = ""
    reference: str = ""
    synonyms: str = ""


Resolver = Callable[[User, int], Destination | None]
Finder = Callable[[User, str], list[Destination]]
_resolvers: dict[str, Resolver] = {}
_finders: list[Finder] = []


def register_reference(prefix: str, resolver: Resolver) -> None:
    """From now on, references with this prefix lead where `resolver` says; None: there is nothing for this person."""
    _resolvers[prefix] = resolver


def register_finder(finder: Finder) -> None:
    """From now on, what `finder` returns for a part of a name is suggested too; at most a handful."""
    _finders.append(finder)


def resolve(user: User, typed: str) -> Destination | None:
    """Where a reference leads that this person may see; None for everything else."""
    reference = parse_reference(typed)
    resolver = _resolvers.get(reference[0]) if reference else None
    return resolver(user, reference[1]) if reference and resolver else None


def find_by_name(user: User, typed: str) -> list[Destination]:
    """Services, teams, people and what other apps know, by a part of their name."""
    return [found for finder in _finders for found in finder(user, typed)] if typed.strip() else []


def find_incidents(user: User, typed: str) -> list[Destination]:
    """The incident with this number, then the newest whose titles hold the words; without words, what is going on."""
    seen = Incident.objects.visible_to(user).select_related("severity")
    words = parse_words(typed).terms
    numbered = seen.filter(number=int(typed)) if typed.isdecimal() and len(typed) <= MAX_DIGITS else seen.none()
    if not words:
        return [_incident(incident) for incident in seen.ongoing().order_by("-number")[:INCIDENTS]]
    titled = find_titled(seen, words).exclude(pk__in=numbered.values("pk"))
    return [_incident(incident) for incident in (*numbered, *titled[:INCIDENTS])]


def find_numbered(user: User, number: str) -> Incident | None:
    """The incident with this number, if this person may know of it."""
    if not number.isdecimal() or len(number) > MAX_DIGITS:
        return None
    return Incident.objects.visible_to(user).filter(number=int(number)).first()


def find_titled(seen: QuerySet[Incident], words: tuple[str, ...]) -> QuerySet[Incident]:
    """Those whose titles hold the words, the newest first: by the index, else among the newest."""
    if all(engine().is_indexed(word) for word in words):
        narrowed: QuerySet[Incident] = engine().narrow(seen, SOURCES[Kind.INCIDENT], words, [], titles_only=True)
        return narrowed
    recent = Incident.objects.order_by("-number").values("number")[:RECENT]
    titled = seen.filter(number__in=recent).order_by("-number")
    for word in words:
        titled = titled.filter(title__icontains=word)
    return titled


def _incident(incident: Incident) -> Destination:
    hint = f"{incident.severity.name} · {incident.get_status_display()}"
    return Destination(incident.title, incident.get_absolute_url(), hint, incident.reference)


def _find_incident(user: User, number: int) -> Destination | None:
    found = Incident.objects.visible_to(user).select_related("severity").filter(number=number).first()
    return _incident(found) if found else None


def _find_action_item(user: User, number: int) -> Destination | None:
    items = ActionItem.objects.select_related("incident").filter(incident__in=Incident.objects.visible_to(user))
    if (item := items.filter(number=number).first()) is None:
        return None
    address = f"{item.incident.get_absolute_url()}#action-{item.number}"
    return Destination(item.title, address, str(item.get_status_display()), item.reference)


def _find_services(_user: User, typed: str) -> list[Destination]:
    found = Service.objects.filter(name__icontains=typed.strip(), retired_at=None).order_by("name")[:NAMES]
    return [Destination(one.name, reverse("incidents:service", args=[one.pk]), _("Service")) for one in found]


def _find_teams(_user: User, typed: str) -> list[Destination]:
    found = Team.objects.filter(name__icontains=typed.strip(), retired_at=None).order_by("name")[:NAMES]
    return [Destination(one.name, reverse("incidents:team", args=[one.pk]), _("Team")) for one in found]


def _find_people(user: User, typed: str) -> list[Destination]:
    """Those who may not sign in for administrators alone, as in the list of people."""
    part = typed.strip()
    found = list_visible_people(user).filter(Q(username__icontains=part) | Q(name__icontains=part))
    people = found.prefetch_related(None)[:NAMES]
    return [Destination(str(one), one.get_absolute_url(), one.username) for one in people]


register_reference("INC", _find_incident)
register_reference("ACT", _find_action_item)
for _finder in (_find_services, _find_teams, _find_people):
    register_finder(_finder)
