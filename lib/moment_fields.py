"""A form's field for a time as people type it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.forms import RecordForm
from lib.moment_text import MomentError, read_moment, say_moment, write_moment


class MomentField(forms.Field):
    """A time in `zone` (None: the reader's) as people type it; what is left untouched stays the instant that it was.

    Where the form has to be shown again, it says which instant was read.
    """

    # When it was typed, where that is known to be longer ago than the request.
    now: datetime | None = None

    def __init__(self, *, zone: tzinfo | None = None, **kwargs: Any) -> None:
        self.zone = zone
        # No spelling or capitals are any help in a time.
        attrs = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "class": "moment"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """An instant as text that is read as the same; what was typed as it was typed."""
        return write_moment(value, self._zone) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """The instant, or None for an empty field."""
        if isinstance(value, datetime) or not str(value or "").strip():
            return value if isinstance(value, datetime) else None
        try:
            return read_moment(str(value), now=self.now or timezone.now(), zone=self._zone)
        except MomentError as error:
            raise ValidationError(str(error), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """False where the field says what it was filled with."""
        return bool((self.prepare_value(initial) or "") != (data or ""))

    @property
    def _zone(self) -> tzinfo:
        return self.zone or timezone.get_current_timezone()

    def _clean_bound_field(self, bound: Any) -> datetime | None:
        # Django's own hook, as FileField uses it. The text shows no microseconds.
        known = bound.form.initial.get(bound.name)
        if isinstance(known, datetime) and bound.data == self.prepare_value(known):
            return known
        instant: datetime | None = self.clean(bound.data)
        if instant:
            bound.help_text = _("Read as %(moment)s.") % {"moment": say_moment(instant, self._zone)}
        return instant


def set_zone(fields: Mapping[str, forms.Field], zone: tzinfo) -> None:
    """All times of a form are typed in this timezone."""
    for field in fields.values():
        if isinstance(field, MomentField):
            field.zone = zone


class MomentsForm(RecordForm):
    """A form over a record's times, all of them typed and shown in `zone`; so is what stands now after a conflict."""

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        set_zone(self.fields, zone)

    def _in_words(self, name: str, value: Any) -> str:
        return write_moment(value, self.zone) if isinstance(value, datetime) else super()._in_words(name, value)
