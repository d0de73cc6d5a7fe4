"""Choosing what a history shows; what is chosen stands in the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from recovery.models import Replica, RestoreTest
from recovery.queries.history import LATEST, POINT_IN_TIME, HistoryFilter

ALL = [("", _("all"))]


class StatusForm(forms.Form):
    """Which endings are asked for."""

    status = forms.ChoiceField(label=_("Result"), required=False, choices=[*ALL, *RestoreTest.Status.choices])


class DatabaseHistoryForm(StatusForm):
    """Which tests of one database are asked for."""

    replica = forms.ChoiceField(label=_("Replica"), required=False)
    field_order = ["replica", "status"]

    def __init__(self, *args: Any, replicas: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replica"] = forms.ChoiceField(
            label=_("Replica"), required=False, choices=[*ALL, *((name, name) for name in replicas)]
        )


class TestsForm(StatusForm):
    """Which tests of the whole installation are asked for."""

    # Not a test, whatever its name begins with.
    __test__ = False

    database = forms.CharField(label=_("Database"), required=False, max_length=80)
    method = forms.ChoiceField(label=_("Method"), required=False, choices=[*ALL, *Replica.Method.choices])
    target = forms.ChoiceField(
        label=_("Restored to"),
        required=False,
        choices=[*ALL, (LATEST, _("the latest state")), (POINT_IN_TIME, _("a point in time"))],
    )
    origin = forms.ChoiceField(label=_("Measured"), required=False, choices=[*ALL, *RestoreTest.Origin.choices])
    demonstration = forms.ChoiceField(
        label=_("Demonstration data"), required=False, choices=[*ALL, ("no", _("left out")), ("yes", _("alone"))]
    )
    field_order = ["database", "method", "status", "target", "origin", "demonstration"]


def read_filter(form: forms.Form, **known: str) -> HistoryFilter:
    """What is asked for; a word that is none of the choices asks for nothing."""
    form.is_valid()
    chosen = {name: word for name, word in form.cleaned_data.items() if word}
    return HistoryFilter(**{**chosen, **known})


def address_part(wanted: HistoryFilter, *, leave_out: str = "") -> str:
    """The filter as the query of an address, to which a page number can be added: "" or `status=failed&`."""
    query = QueryDict(mutable=True)
    query.update({name: word for name, word in wanted.parameters().items() if name != leave_out})
    return f"{query.urlencode()}&" if query else ""
