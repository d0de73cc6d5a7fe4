"""What a reference or a mention that is being typed may be meant to be.

Offered is what becomes a link when the document is read: what everyone who sees the incident may know.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from accounts.models import User
from incidents.documents.references import find_records, in_words, open_or
from incidents.models import ActionItem, Incident
from incidents.models.grant import IncidentGrant

MOST = 8
_typed = re.compile(
    r"(?P<mention>@[\w.+-]*)|(?P<prefix>[A-Z]{2,4})-(?P<part>[^\n.]{0,40})(?P<dot>\.(?P<figure>[a-z_]*))?"
)


@dataclass(frozen=True)
class Completion:
    """What may be put in place of what was typed, what it is, and what it stands for."""

    text: str
    label: str
    hint: str = ""


Finder = Callable[[User, Incident, str], list[Completion]]
_finders: dict[str, Finder] = {}


def register(prefix: str, finder: Finder) -> None:
    """From now on, `finder` says what a reference with this prefix may be meant to be; it is given the part behind."""
    _finders[prefix] = finder


def complete(user: User, incident: Incident, typed: str) -> list[Completion]:
    """What the text may be the beginning of, the likeliest first."""
    match = _typed.fullmatch(typed)
    if match is None:
        return []
    if match["mention"]:
        return _people(incident, match["mention"][1:])
    if match["dot"]:
        return _figures(incident, f"{match['prefix']}-{match['part']}", match["figure"])
    finder = _finders.get(match["prefix"])
    return finder(user, incident, match["part"].strip()) if finder else []


def _figures(incident: Incident, key: str, begun: str) -> list[Completion]:
    if not re.fullmatch(r"[A-Z]+-[1-9]\d{0,14}", key):
        return []
    return [
        Completion(f"{key}.{name}", f"{key}.{name}", in_words(record, name))
        for record in find_records([key], incident).values()
        for name in record.figures
        if name.startswith(begun)
    ]


def _people(incident: Incident, part: str) -> list[Completion]:
    people = User.objects.filter(Q(username__icontains=part) | Q(name__icontains=part), is_active=True)
    if incident.is_restricted:
        grants = IncidentGrant.objects.filter(incident=incident)
        named = grants.filter(person__isnull=False).values("person")
        people = people.filter(Q(pk__in=named) | Q(teams__in=grants.filter(team__isnull=False).values("team")))
    first = people.order_by("name", "username").distinct()[:MOST]
    return [Completion(f"@{one.username}", str(one), one.username) for one in first]


def _incidents(_user: User, incident: Incident, part: str) -> list[Completion]:
    known = Incident.objects.filter(open_or(incident)).exclude(pk=incident.pk)
    known = known.annotate(digits=Cast("number", CharField()))
    found = known.filter(Q(digits__startswith=part) | Q(title__icontains=part)).order_by("-number")[:MOST]
    return [Completion(one.reference, one.title, str(one.get_status_display())) for one in found]


def _action_items(_user: User, incident: Incident, part: str) -> list[Completion]:
    known = ActionItem.objects.filter(incident=incident).annotate(digits=Cast("number", CharField()))
    found = known.filter(Q(digits__startswith=part) | Q(title__icontains=part)).order_by("number")[:MOST]
    return [Completion(one.reference, one.title, str(one.get_status_display())) for one in found]


register("INC", _incidents)
register("ACT", _action_items)
