"""Choosing which changes are shown; what is chosen stands in the address."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.audit import Door, watched_kinds
from accounts.queries import list_people
from incidents.queries.changes import ChangeFilter
from lib.forms import DayField

ALL = [("", _("all"))]


class ChangesForm(forms.Form):
    """Who changed what kind of record, by which door, and when."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    door = forms.ChoiceField(label=_("Door"), required=False, choices=[*ALL, *Door.choices])
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(person.username, str(person)) for person in list_people().prefetch_related(None)]
        kinds = [(slug, capfirst(str(model._meta.verbose_name))) for slug, model in watched_kinds().items()]
        for name, choices in (("person", people), ("kind", sorted(kinds, key=lambda kind: kind[1]))):
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[*ALL, *choices])


def read_change_filter(form: forms.Form) -> ChangeFilter:
    """What is asked for; a word or day that is none asks for nothing."""
    form.is_valid()
    return ChangeFilter(**{name: value for name, value in form.cleaned_data.items() if value})
