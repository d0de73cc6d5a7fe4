"""How a form and a service meet."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from lib.edits import fingerprint
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
        """Refuses a year that can only be a slip, and an hour that the clocks repeat or leave out."""
        try:
            instant: datetime | None = super().clean(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(
                _(
                    "The clocks change in this hour, so that this time is there twice or not at all. "
                    "Choose UTC as timezone in your profile and type the time in UTC."
                ),
                code=error.code,
            ) from None
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

    def clean(self, value: Any) -> date | None:
        """Refuses a year that can only be a slip: at the ends of the calendar there is no day before, or none after."""
        day: date | None = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Check the year; it must lie between 1900 and 2999."))
        return day


class RecordForm(forms.Form):
    """A form that may stand over a record; it then carries the fingerprint of the values that its writer has seen.

    `record` holds those values by field name; None is a form for something new. Sent without its fingerprint, it meets
    a conflict: nothing is written over values that nobody is known to have seen.
    """

    theirs: str | None = None

    def __init__(self, *args: Any, record: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        if record is not None:
            kwargs["initial"] = record
        super().__init__(*args, **kwargs)
        if record is not None:
            hidden = forms.CharField(widget=forms.HiddenInput, required=False, initial=fingerprint(record))
            self.fields["seen"] = hidden

    def show_conflict(self, conflict: EditConflict) -> None:
        """What was typed stays; what stands now is beside it; saving again saves over that."""
        self.theirs = "\n".join(
            f"{self[name].label}: {self._in_words(name, conflict.values[name])}" for name in conflict.values
        )
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("seen")] = fingerprint(conflict.values)
        self.data = data

    def _in_words(self, name: str, value: Any) -> str:
        choices = getattr(self.fields[name], "choices", None)
        if choices is not None and isinstance(value, str):
            return str(dict(flatten_choices(choices)).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        return _("empty") if value in (None, "") else str(value)


def carry_out(form: forms.Form, act: Callable[..., Result]) -> Result | None:
    """What `act` returned for the form's data.

    None where the form is unbound or invalid, or a rule refused; the sentence is then on the form, with what was typed.
    """
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except DomainError as error:
        if isinstance(error, EditConflict) and isinstance(form, RecordForm):
            form.show_conflict(error)
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
