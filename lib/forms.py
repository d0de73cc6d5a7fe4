"""How a form and a service meet."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from lib.errors import DomainError, EditConflict

Result = TypeVar("Result")


# Further out, an instant has no time of day in some timezones, and nobody there could open the page.
FIRST_YEAR, LAST_YEAR = 1900, 2999


class InstantField(forms.DateTimeField):
    """A date and time to the second, typed in the reader's timezone; what is left untouched stays as it was."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """Refuses a year that can only be a slip."""
        instant: datetime | None = super().clean(value)
        if instant and not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise ValidationError(_("Check the year; it must lie between 1900 and 2999."))
        return instant

    def _clean_bound_field(self, bound: Any) -> datetime | None:
        # Django's own hook, as FileField uses it. The widget shows no microseconds, and not which of the two hours
        # when the clocks go back: read again, an untouched field would change the instant, or be refused.
        known: datetime | None = bound.form.initial.get(bound.name)
        shown = self.widget.format_value(self.prepare_value(known)) if known else None
        # Browsers leave out seconds that are zero.
        if shown and bound.data in (shown, shown.removesuffix(":00")):
            return known
        return self.clean(bound.data)


class DayField(forms.DateField):
    """A date."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class VersionedForm(forms.Form):
    """A form over a text that others may change meanwhile; it carries the version that its writer has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    theirs: str | None = None

    def show_conflict(self, conflict: EditConflict) -> None:
        """What was typed stays; what stands now is beside it; saving again saves over that."""
        self.theirs = conflict.theirs
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("version")] = str(conflict.version)
        self.data = data


def carry_out(form: forms.Form, act: Callable[..., Result]) -> Result | None:
    """What `act` returned for the form's data.

    None where the form is unbound or invalid, or a rule refused; the sentence is then on the form, with what was typed.
    """
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except DomainError as error:
        if isinstance(error, EditConflict) and isinstance(form, VersionedForm):
            form.show_conflict(error)
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
