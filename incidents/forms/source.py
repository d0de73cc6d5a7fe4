"""Fields for what was written elsewhere: text that is pasted, files, and the timezone of times that name none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from lib.timezones import list_timezones

# Of one text; more is not read at once.
MOST_BYTES = 1_000_000


class SourceField(forms.CharField):
    """Text as it was pasted, with the blanks at its ends."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 12, "data-takes-files": True, "spellcheck": "false"})
        super().__init__(required=False, strip=False, widget=widget, **kwargs)


class FilesInput(forms.FileInput):
    """Lets people choose several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """All files that were chosen, as a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The list; empty where none was chosen."""
        return [super(FilesField, self).clean(each, initial) for each in data or [] if each]


class ZoneField(forms.ChoiceField):
    """The name of a timezone."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(name, name) for name in list_timezones()]
        super().__init__(label=gettext_lazy("Timezone"), choices=choices, **kwargs)
