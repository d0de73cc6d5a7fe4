"""The prose of a section, and what to do where two people changed the same words."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.forms.text import long_text
from incidents.lengths import SECTION_TEXT
from incidents.models import Postmortem, PostmortemSection
from incidents.queries.roles import list_assignable_people
from lib.choices import with_chosen
from lib.forms import RecordForm


class SectionForm(forms.Form):
    """The text of a section, and the version over which it was typed.

    Without one that is a number nothing is known to have been seen, and whatever stands meets a conflict.
    """

    body = long_text(gettext_lazy("Text"), rows=14, max_length=SECTION_TEXT, required=False, strip=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, section: PostmortemSection) -> None:
        super().__init__(data, initial={"body": section.body, "seen": section.version})
        # The toolbar and the preview are of this text, also where the forms of several sections are open.
        self.fields["body"].widget.attrs["id"] = f"body-{section.key}"

    def clean_seen(self) -> int:
        """The version, 0 where there is none."""
        return to_version(self.cleaned_data["seen"])


def to_version(text: str) -> int:
    """The number of a version, 0 where this is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class PostmortemPeopleForm(RecordForm):
    """Who writes a post-mortem, and who leads the conversation about it."""

    author = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Author"), empty_label=None)
    facilitator = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Facilitator"),
        required=False,
        empty_label=gettext_lazy("nobody"),
        help_text=gettext_lazy("Leads the conversation about it; often not who writes."),
    )

    def __init__(self, *args: Any, postmortem: Postmortem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list_assignable_people(postmortem.incident)
        for name in ("author", "facilitator"):
            # Who has left stays what they are, until somebody else takes it.
            field: Any = self.fields[name]
            field.queryset = with_chosen(people, [getattr(postmortem, name)])
