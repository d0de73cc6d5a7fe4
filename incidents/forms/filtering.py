"""Choosing which incidents a list shows; what is chosen stands in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.lifecycle import Status
from incidents.models import Mode, Postmortem, SeverityLevel, Visibility
from incidents.queries.filtering import NO_POSTMORTEM, ONGOING_WORD, IncidentFilter
from incidents.queries.incidents import Position, read_position
from incidents.queries.sorting import NEWEST_FIRST, ORDERS, known_sort
from lib.forms import DayField
from lib.keyset import Key

ALL = [("", gettext_lazy("all"))]
STATUSES = [(ONGOING_WORD, gettext_lazy("Ongoing")), *Status.choices]
PARTS = [
    ("commander", gettext_lazy("commander")),
    ("role", gettext_lazy("any role")),
    ("declared", gettext_lazy("declared it")),
    ("action", gettext_lazy("has an action item")),
]
POSTMORTEMS = [(NO_POSTMORTEM, gettext_lazy("None yet")), *Postmortem.Status.choices]
LONGEST_NAME, LONGEST_TEXT = 200, 200
MOST_NAMES = 20


class NamesField(forms.CharField):
    """Any number of names: those chosen before, and one that is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_NAME, **kwargs)

    def _clean_bound_field(self, bound: Any) -> tuple[str, ...]:
        # Django's own hook: what is bound is one text, and here are several.
        sent = bound.form.data.getlist(bound.name) if isinstance(bound.form.data, QueryDict) else []
        names = dict.fromkeys(cleaned for name in sent if (cleaned := self.clean(name)))
        return tuple(names)[:MOST_NAMES]


def _choices(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def _name(label: Any, suggestions: str) -> dict[str, Any]:
    widget = forms.TextInput(attrs={"list": suggestions, "autocomplete": "off"})
    return {"label": label, "widget": widget}


class FilterForm(forms.Form):
    """Everything a list can be narrowed to. The names of the fields are those in the address."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=LONGEST_TEXT)
    status = _choices(gettext_lazy("Status"), STATUSES)
    severity = _choices(gettext_lazy("Severity"), [])
    mode = _choices(gettext_lazy("Mode"), Mode.choices)
    postmortem = _choices(gettext_lazy("Post-mortem"), POSTMORTEMS)
    service = NamesField(**_name(gettext_lazy("Service"), "known-services"))
    team = NamesField(**_name(gettext_lazy("Team of the service"), "known-teams"))
    tag = NamesField(**_name(gettext_lazy("Tag"), "known-tags"))
    person = forms.CharField(required=False, max_length=LONGEST_NAME, **_name(gettext_lazy("Person"), "known-people"))
    part = forms.ChoiceField(
        label=gettext_lazy("Their part"), required=False, choices=[("", gettext_lazy("any")), *PARTS]
    )
    since = DayField(label=gettext_lazy("Began on or after"), required=False)
    until = DayField(label=gettext_lazy("Began on or before"), required=False)
    visibility = forms.ChoiceField(
        label=gettext_lazy("Visible to"), required=False, choices=[*ALL, *Visibility.choices]
    )
    sort = forms.ChoiceField(label=gettext_lazy("Sort by"), required=False)

    def __init__(self, data: QueryDict, *, severities: Iterable[SeverityLevel]) -> None:
        levels = [(str(level.level), level.name) for level in severities]
        super().__init__(_with_numbers(data, levels))
        self._set_choices("severity", levels)
        self._set_choices("sort", sort_choices())

    def _set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # both are fields with choices

    def wanted(self) -> IncidentFilter:
        """What is asked for; a field that is not understood asks for nothing, and its error says so."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value and name != "sort"}
        if "severity" in chosen:
            chosen["severity"] = [int(level) for level in chosen["severity"]]
        return IncidentFilter.of(chosen)

    @property
    def not_understood(self) -> list[str]:
        """A sentence for each field that leaves nothing out, because it says what is not understood."""
        sent = cast(QueryDict, self.data)
        words = _("“%(name)s” leaves nothing out, because “%(value)s” was not understood.")
        return [
            words % {"name": self.fields[name].label, "value": "”, “".join(sent.getlist(name))}
            for name in self.errors
            if name != "sort"
        ]

    @property
    def sort_name(self) -> str:
        """The order asked for; newest first without one."""
        return known_sort(self.data.get("sort", ""))

    def position(self, keys: list[Key]) -> Position:
        """Where the page begins; a place that is none in this order is the beginning."""
        if "last" in self.data:
            return Position(is_last=True)
        try:
            return read_position(self.data.get("after", ""), self.data.get("before", ""), keys)
        except ValueError:
            return Position()


def _with_numbers(data: QueryDict, levels: list[tuple[str, str]]) -> QueryDict:
    """What is asked for, with the number of a severity level where its name stands."""
    numbers = {name.casefold(): number for number, name in levels}
    sent = data.getlist("severity")
    known = [one if one in numbers.values() else numbers.get(one.strip().casefold(), one) for one in sent]
    if known == sent:
        return data
    data = data.copy()
    data.setlist("severity", known)
    return data


def sort_choices() -> list[tuple[str, str]]:
    """Each order in both directions."""
    directions = (("-", _("%(name)s, descending")), ("", _("%(name)s, ascending")))
    return [
        (f"{sign}{name}", words % {"name": label})
        for name, (label, *_rest) in ORDERS.items()
        for sign, words in directions
    ]


@dataclass(frozen=True)
class Chip:
    """One thing that the list is narrowed to, in words, and the query that leaves it out."""

    label: str
    value: str
    without: str


def list_chips(form: FilterForm, wanted: IncidentFilter) -> list[Chip]:
    """What the list is narrowed to, one chip for each value."""
    pairs = wanted.parameters()
    # Without a person, their part says nothing.
    shown = [pair for pair in pairs if wanted.person or pair[0] != "part"]
    sort = form.sort_name
    return [
        Chip(
            str(form.fields[name].label),
            _words(form, name, text),
            address_query([pair for pair in shown if pair != (name, text)], sort),
        )
        for name, text in shown
    ]


def _words(form: FilterForm, name: str, text: str) -> str:
    choices = getattr(form.fields[name], "choices", ())
    return str(dict(choices).get(text, text))


def address_query(pairs: Iterable[tuple[str, str]], sort: str, **more: str) -> str:
    """The query of an address: the filter, the order unless it is the usual one, and what else there is."""
    query = QueryDict(mutable=True)
    for name, text in pairs:
        query.appendlist(name, text)
    if sort != NEWEST_FIRST:
        query["sort"] = sort
    for name, text in more.items():
        query[name] = text
    return query.urlencode(safe="~:")
