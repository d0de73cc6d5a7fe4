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
from incidents.models.grant import who_sees
from incidents.queries.destinations import find_titled
from lib.search_words import parse_words

MOST = 8
_typed = re.compile(
    r"(?P<mention>@[^\s@]{0,80})|(?P<prefix>[A-Za-z]{2,4})-(?P<part>[^\n.]{0,40})(?P<dot>\.(?P<figure>[a-z_]*))?"
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
    prefix = match["prefix"].upper()
    if match["dot"]:
        return _figures(incident, f"{prefix}-{match['part']}", match["figure"])
    finder = _finders.get(prefix)
    return finder(user, incident, match["part"].strip()) if finder else []


def begins_with(field: str, digits: str) -> Q:
    """A condition on a number: its digits begin with these. As ranges, which an index knows."""
    if not re.fullmatch(r"[1-9]\d{0,8}", digits, re.ASCII):
        return Q(pk=None)
    wanted = Q()
    for more in range(10 - len(digits)):
        first = int(digits) * 10**more
        wanted |= Q(**{f"{field}__range": (first, first + 10**more - 1)})
    return wanted


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
    is_meant = Q(username__icontains=part) | Q(name__icontains=part)
    people = User.objects.filter(is_meant, who_sees(incident), is_active=True).order_by("name", "username")
    return [Completion(f"@{one.username}", str(one), one.username) for one in people[:MOST]]


def _incidents(_user: User, incident: Incident, part: str) -> list[Completion]:
    known = Incident.objects.filter(open_or(incident)).exclude(pk=incident.pk)
    words = parse_words(part).terms
    numbered = list(known.filter(begins_with("number", part)).order_by("-number")[:MOST])
    titled = find_titled(known, words) if words else known.order_by("-number")
    found = {one.pk: one for one in (*numbered, *titled[:MOST])}.values()
    return [Completion(one.reference, one.title, str(one.get_status_display())) for one in [*found][:MOST]]


def _action_items(_user: User, incident: Incident, part: str) -> list[Completion]:
    known = ActionItem.objects.filter(incident=incident).annotate(digits=Cast("number", CharField()))
    found = known.filter(Q(digits__startswith=part) | Q(title__icontains=part)).order_by("number")[:MOST]
    return [Completion(one.reference, one.title, str(one.get_status_display())) for one in found]


register("INC", _incidents)
register("ACT", _action_items)
