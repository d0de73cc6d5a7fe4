"""What references in prose stand for: INC-42, ACT-7 and @ann here, others by the apps that register them.

A document is read by everyone who sees its incident, so it says of other incidents only what everyone may know: what is
restricted elsewhere stays the words that were typed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import ActionItem, Incident
from incidents.models.grant import who_sees
from incidents.models.incident import Visibility
from lib.durations import format_duration
from lib.markdown_references import Reference, spell_keys

# Of one prefix in one document; what is beyond stays text.
MOST = 1_000


@dataclass(frozen=True)
class Found:
    """A record that is referred to: its figures in seconds by name (None: not measured), and what they are read with.

    `caution` is said behind each figure, such as that the test did not pass.
    """

    label: str
    address: str
    figures: Mapping[str, float | None] = field(default_factory=dict)
    caution: str = ""


# Finds those of the numbers that may be known to everyone who sees the incident, in a fixed number of queries.
Resolver = Callable[[Collection[int], Incident], Mapping[int, Found]]
# The figures of an incident that something else may be measured by, as references.
Offer = Callable[[Incident], Iterable[str]]
_resolvers: dict[str, Resolver] = {}
_offers: dict[str, Offer] = {}


def register(prefix: str, resolver: Resolver, *, offer: Offer | None = None) -> None:
    """From now on, references with this prefix stand for what `resolver` finds; forms offer the figures of `offer`."""
    _resolvers[prefix] = resolver
    if offer:
        _offers[prefix] = offer


def open_or(incident: Incident, path: str = "") -> Q:
    """The condition that whoever sees this incident may know of the one at `path`: it is open, or the same."""
    return Q(**{f"{path}visibility": Visibility.OPEN}) | Q(**{f"{path}pk": incident.pk})


def find_references(texts: Iterable[str], incident: Incident) -> dict[str, Reference]:
    """What the references in these texts stand for, by what was typed; one query for each sort of them."""
    keys = dict.fromkeys(key for text in texts for key in spell_keys(text))
    found = _find_mentions([key for key in keys if key[0] == "@"][:MOST], incident)
    records = find_records((key for key in keys if key[0] != "@"), incident)
    for key, record in records.items():
        reference = refer(key, record)
        if reference:
            found[key] = reference
    return found


def find_records(keys: Iterable[str], incident: Incident) -> dict[str, Found]:
    """The records that these references are to, by what was typed; those that are not there are left out."""
    asked: dict[str, dict[str, int]] = {}
    for key in keys:
        prefix, _dash, rest = key.partition("-")
        number = rest.partition(".")[0]
        if number.isdecimal():
            asked.setdefault(prefix, {})[key] = int(number)
    found: dict[str, Found] = {}
    for prefix, numbers in asked.items():
        if resolver := _resolvers.get(prefix):
            wanted = dict(list(numbers.items())[:MOST])
            records = resolver(set(wanted.values()), incident)
            found |= {key: records[number] for key, number in wanted.items() if number in records}
    return found


def refer(key: str, record: Found) -> Reference | None:
    """The reference to the record, with the figure that the key names; None where it has no such figure."""
    name = key.partition(".")[2]
    if not name:
        return Reference(key, record.label, record.address)
    if name not in record.figures:
        return None
    return Reference(key, record.label, record.address, in_words(record, name))


def in_words(record: Found, name: str) -> str:
    """The record's figure: `8.5 s`, or that it is unknown."""
    seconds = record.figures[name]
    if seconds is None:
        return _("unknown")
    return ", ".join(filter(None, [format_duration(seconds), record.caution]))


def list_figures(incident: Incident, *, also: Iterable[str] = ()) -> dict[str, str]:
    """The figures that belong to the incident, by their references, with their values in words; `also` is kept."""
    keys = [key for offer in _offers.values() for key in offer(incident)]
    keys = list(dict.fromkeys([*keys, *filter(None, also)]))
    records = find_records(keys, incident)
    figures = {}
    for key in keys:
        record, name = records.get(key), key.partition(".")[2]
        value = in_words(record, name) if record and name in record.figures else _("unknown")
        figures[key] = f"{key}: {value}"
    return figures


def _offer_durations(incident: Incident) -> list[str]:
    return [f"{incident.reference}.{duration.name}" for duration in incident.durations]


def _find_incidents(numbers: Collection[int], incident: Incident) -> dict[int, Found]:
    known = Incident.objects.filter(open_or(incident), pk__in=numbers)
    return {
        one.pk: Found(
            one.reference, one.get_absolute_url(), {duration.name: duration.seconds for duration in one.durations}
        )
        for one in known
    }


def _find_action_items(numbers: Collection[int], incident: Incident) -> dict[int, Found]:
    items = ActionItem.objects.filter(open_or(incident, "incident__"), pk__in=numbers).select_related("incident")
    return {
        item.number: Found(item.reference, f"{item.incident.get_absolute_url()}#action-{item.number}") for item in items
    }


def _find_mentions(mentions: list[str], incident: Incident) -> dict[str, Reference]:
    """Those who can sign in and see the incident."""
    if not mentions:
        return {}
    named = [mention[1:] for mention in mentions]
    people = User.objects.filter(who_sees(incident), is_active=True, username__in=named)
    return {
        f"@{person.username}": Reference(f"@{person.username}", str(person), person.get_absolute_url())
        for person in people
    }


register("INC", _find_incidents, offer=_offer_durations)
register("ACT", _find_action_items)
