"""Templates of post-mortems, the sections of these and of documents, and choosing one."""

from collections.abc import Container
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.documents.outline import DEFAULT_SECTIONS, in_words
from incidents.forms.text import LongTextField
from incidents.models import PostmortemTemplate, SeverityLevel
from lib.choices import RecordsField
from lib.forms import RecordForm


class TemplateForm(RecordForm):
    """What a template is called, what it is for, and which levels use it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = LongTextField(
        label=gettext_lazy("What it is for"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    severities = RecordsField(SeverityLevel.objects.order_by("level"), label=gettext_lazy("Used by"), required=False)

    def clean_severities(self) -> list[SeverityLevel]:
        """The levels chosen."""
        return list(self.cleaned_data["severities"])


class HeadingForm(RecordForm):
    """A section's title, and what its author is asked."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    prompt = LongTextField(
        label=gettext_lazy("Question"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What its author is asked while it is empty. It is in no export."),
    )


class NewSectionForm(HeadingForm):
    """One more section; `taken` are the kinds that stand already."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Records in it"),
        required=False,
        help_text=gettext_lazy("They show below its text, and stay up to date by themselves."),
    )

    def __init__(self, *args: Any, taken: Container[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(key, title) for key, title in DEFAULT_SECTIONS.items() if key not in taken]
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("None, text alone")), *free]


class TemplateChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """One of the templates, in the reader's words."""

    def label_from_instance(self, template: PostmortemTemplate) -> str:
        """Its name."""
        return in_words(template.name)


def template_choice(**kwargs: Any) -> TemplateChoice:
    """Any template; empty is the outline."""
    kwargs = {"empty_label": gettext_lazy("Debrief's own sections")} | kwargs
    return TemplateChoice(PostmortemTemplate.objects.all(), required=False, **kwargs)


class TemplateSelect(forms.RadioSelect):
    """The templates below each other, each with what it is for."""

    template_name = "incidents/draft/_choice.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with its template for the page."""
        return super().create_option(name, value, *args, **kwargs) | {"chosen": getattr(value, "instance", None)}


class DraftForm(forms.Form):
    """What a document is begun from; where nothing is chosen, its severity says."""

    template = template_choice(
        label=gettext_lazy("Begin from"),
        widget=TemplateSelect,
        blank=False,
        empty_label=None,
        help_text=gettext_lazy(
            "Its sections are copied; in the document they can be renamed, moved, added and removed."
        ),
    )
