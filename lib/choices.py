"""Choosing any number of records."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

Record = TypeVar("Record", bound=Model)


def with_chosen(choices: QuerySet[Record], chosen: Iterable[Record | None]) -> QuerySet[Record]:
    """The choices, and what is chosen already although it is none any more: saving the form keeps it."""
    kept = [record.pk for record in chosen if record]
    return choices | choices.model._default_manager.filter(pk__in=kept) if kept else choices


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
