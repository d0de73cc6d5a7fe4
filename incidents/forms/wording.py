"""Rules of wording, and leaving a mark as it is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.text import long_text
from incidents.lengths import SECTION_TEXT
from incidents.models import WordingDismissal, WordingRule
from incidents.wording.rules import THAI, phrase_words
from lib.forms import RecordForm

MAX_WORDS = 12
MAX_REASON = WordingDismissal._meta.get_field("reason").max_length


class WordingRuleForm(RecordForm):
    """A phrase, why it is marked, and what to write instead."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=WordingRule.Language.choices, initial="en")
    phrase = forms.CharField(
        label=gettext_lazy("Phrase"),
        max_length=120,
        help_text=gettext_lazy(
            "As it is written; * stands for any one word, as in “whole * team”. Case does not count."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("A sentence: what the phrase does to whoever reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    rewrite = forms.CharField(
        label=gettext_lazy("Write instead"),
        max_length=300,
        help_text=gettext_lazy("Something concrete that says what happened, or how."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """The phrase with single blanks; one without words, or that begins or ends with any word, is refused."""
        cleaned = super().clean() or self.cleaned_data
        phrase = " ".join(cleaned.get("phrase", "").split())
        if phrase and (problem := _problem_of(phrase, cleaned.get("language", ""))):
            self.add_error("phrase", ValidationError(problem))
        return {**cleaned, "phrase": phrase} if "phrase" in cleaned else cleaned


def _problem_of(phrase: str, language: str) -> str | None:
    if phrase.startswith("*") or phrase.endswith("*"):
        return _("A phrase begins and ends with a word; write the * between two.")
    words = phrase_words(phrase)
    if not any(any(map(str.isalpha, word)) for word in words):
        return _("Write at least one word.")
    if phrase.count("*") > MAX_WORDS or (language != THAI and len(words) > MAX_WORDS):
        return _("This phrase has more than 12 words. Shorten it to those that matter.")
    return None


class DismissalForm(forms.Form):
    """Why a mark is left as it is."""

    rule = forms.CharField(max_length=80, widget=forms.HiddenInput)
    phrase = forms.CharField(max_length=300, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it stays"),
        max_length=MAX_REASON,
        error_messages={"required": gettext_lazy("Say in a few words why this wording stays.")},
    )


class WordingTextForm(forms.Form):
    """The text as it is being typed."""

    body = long_text(gettext_lazy("Text"), max_length=SECTION_TEXT, required=False, strip=False)
