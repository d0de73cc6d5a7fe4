"""Fields over open sets: severities, services, tags, timezones, another incident."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.models import Incident, SeverityLevel, Tag
from incidents.queries.names import suggest_tags
from incidents.queries.relations import find_incident
from incidents.queries.services import list_choosable_services
from lib.choices import RecordsField
from lib.timezones import list_timezones

MOST_TAGS = 20


class SeveritySelect(forms.RadioSelect):
    """The levels side by side, each with its definition and what follows from choosing it."""

    template_name = "incidents/severity/_choice.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with its level for the template."""
        return super().create_option(name, value, *args, **kwargs) | {"level": getattr(value, "instance", None)}


class SeverityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """One of the five levels."""

    def __init__(self, **kwargs: Any) -> None:
        levels = SeverityLevel.objects.all()
        super().__init__(
            levels, label=gettext_lazy("Severity"), empty_label=None, widget=SeveritySelect, blank=False, **kwargs
        )


def services_field() -> RecordsField:
    """Any number of the services that are not retired."""
    return RecordsField(list_choosable_services(), label=gettext_lazy("Services"), required=False)


class TagsInput(forms.TextInput):
    """One line of words with commas between, and suggestions; the script completes the word being typed."""

    template_name = "incidents/tag/_input.html"
    suggestions: Iterable[str] = ()

    def format_value(self, value: Any) -> str | None:
        """The words with commas between; what was typed as it was typed."""
        shown: str | None = super().format_value(", ".join(value) if isinstance(value, list) else value)
        return shown

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The input, and what to suggest."""
        attrs = {**(attrs or {}), "data-tags": True, "autocomplete": "off"}
        attrs |= {"list": f"{attrs['id']}_list"} if "id" in attrs else {}
        return super().get_context(name, value, attrs) | {"suggestions": self.suggestions}


class TagsField(forms.CharField):
    """Words with commas between, as a list in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = gettext_lazy("Words with commas between, such as “checkout, black friday”.")
        super().__init__(
            label=gettext_lazy("Tags"), required=False, widget=TagsInput, help_text=help_text, max_length=2000, **kwargs
        )

    def suggest_for(self, user: User) -> None:
        """Suggests the tags that this person has seen."""
        self.widget.suggestions = suggest_tags(user)

    def clean(self, value: Any) -> list[str]:
        """Each word once."""
        words = [" ".join(word.lower().split()) for word in super().clean(value).split(",")]
        names = list(dict.fromkeys(word for word in words if word))
        longest = Tag._meta.get_field("name").max_length or 0
        if too_long := [name for name in names if len(name) > longest]:
            raise ValidationError(
                _("“%(tag)s…” is too long for a tag; at most %(limit)d characters fit. Put commas between tags.")
                % {"tag": too_long[0][:20], "limit": longest}
            )
        if len(names) > MOST_TAGS:
            sentence = _("These are more than %(limit)d tags; keep the ones that help finding.")
            raise ValidationError(sentence % {"limit": MOST_TAGS})
        return names


def time_zone_field() -> forms.ChoiceField:
    """The timezone in which an incident's times are typed."""
    choices = [("", gettext_lazy("Installation default")), *((name, name) for name in list_timezones())]
    return forms.ChoiceField(
        label=gettext_lazy("Timezone"),
        required=False,
        choices=choices,
        help_text=gettext_lazy("Times in the timeline are typed in this timezone."),
    )


class IncidentField(forms.CharField):
    """Another incident, by its reference or number; one that its writer may not see is not there."""

    user: User

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": "INC-42", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> Incident | None:
        """The incident."""
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"(?:INC-)?(\d{1,18})", text.strip(), re.IGNORECASE)
        incident = find_incident(self.user, int(found[1])) if found else None
        if incident is None:
            raise ValidationError(_("There is no such incident. Enter a number or a reference such as INC-42."))
        return incident
