"""Form fields that name a secret without holding it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lib.secret_references import SecretError, check_reference, is_reference

IN_URL = re.compile(r"(://[^/@:]*):[^/]*@")
IN_WORDS = re.compile(r"\s*\bpassword\s*=\s*('(?:\\.|[^'\\])*'|[^\s&]*)", re.IGNORECASE)


class ReferenceInput(forms.TextInput):
    """Shows again what was typed only where it is a reference: anything else may be a secret in the wrong field."""

    def format_value(self, value: Any) -> str | None:
        """Nothing for what is no reference."""
        return value if isinstance(value, str) and is_reference(value) else None


class AddressInput(forms.TextInput):
    """Shows again what was typed, without a password that stands in it: an address has to do without."""

    def format_value(self, value: Any) -> str | None:
        """The address, its password left out."""
        text = super().format_value(value)
        return text if text is None else IN_WORDS.sub("", IN_URL.sub(r"\1@", text))


class SecretReferenceField(forms.CharField):
    """Names where a secret is read from."""

    def __init__(self, **kwargs: Any) -> None:
        widget = ReferenceInput(attrs={"placeholder": "env:NAME", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=1000, widget=widget, **kwargs)

    def validate(self, value: str) -> None:
        """Refuses what is no reference, without repeating it: it may be the secret itself."""
        super().validate(value)
        if value:
            try:
                check_reference(value)
            except SecretError as error:
                raise ValidationError(str(error)) from None
