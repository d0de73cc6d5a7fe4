"""Choosing any number of records."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy


class RecordsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Any number of records, as check boxes."""

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> Any:
        """The records; a key that no database could hold is one that is not there."""
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(gettext_lazy("One of these is no longer there; choose again.")) from None
