"""Taking post-mortems away."""

from django import forms
from django.utils.translation import gettext_lazy

from incidents.documents.html import PAPERS
from incidents.documents.outputs import FORMATS

PAPER_LABELS = {"A4": "A4", "letter": gettext_lazy("Letter")}


class ExportForm(forms.Form):
    """What a ZIP file of many holds of each."""

    formats = forms.MultipleChoiceField(
        label=gettext_lazy("As"),
        choices=[*FORMATS.items()],
        initial=["pdf"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    is_external = forms.BooleanField(
        label=gettext_lazy("For readers outside"),
        required=False,
        help_text=gettext_lazy(
            "People become roles everywhere, also where only a part of a name is found. "
            "Read each document before you pass it on."
        ),
    )


class PdfForm(forms.Form):
    """What a PDF is made for; A4 where nobody says."""

    paper = forms.ChoiceField(choices=[(paper, PAPER_LABELS[paper]) for paper in PAPERS], required=False)

    def clean_paper(self) -> str:
        """The paper, A4 where nobody says."""
        return str(self.cleaned_data["paper"] or PAPERS[0])
