"""Form fields that name a secret without holding it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lib.secret_references import SecretError, check_reference


class SecretReferenceField(forms.CharField):
    """Names where a secret is read from."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": "env:NAME", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=1000, widget=widget, **kwargs)

    def validate(self, value: str) -> None:
        """Refuses what is no reference, without repeating it: it may be the secret itself."""
        super().validate(value)
        if value:
            try:
                check_reference(value)
            except SecretError as error:
                raise ValidationError(str(error)) from None
