"""The forms of checks, one a kind; the keys of cleaned_data are the parameters of that kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recovery.checks.sql_assertion import OPERATORS
from recovery.forms import LONGEST_OBJECTIVE, KnownTableInput
from recovery.models import Check

Kind = Check.Kind


def _table_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(label=_("Table"), max_length=200, widget=KnownTableInput(), **kwargs)


class RequiredTablesForm(forms.Form):
    """Tables that must be there."""

    tables = forms.CharField(label=_("Tables"), widget=forms.Textarea(attrs={"rows": 5}), help_text=_("One a line."))

    def clean_tables(self) -> list[str]:
        """The names, each once, in order."""
        return sorted({line.strip() for line in self.cleaned_data["tables"].splitlines() if line.strip()})


class MinimumRowsForm(forms.Form):
    """Rows a table has at least."""

    table = _table_field()
    rows = forms.IntegerField(label=_("Rows at least"), min_value=1, max_value=10**15)


class NoShrinkageForm(forms.Form):
    """How much a table may shrink."""

    percent = forms.FloatField(
        label=_("Per cent that may go"),
        min_value=0,
        max_value=100,
        help_text=_("Of each table’s rows, and of all together, since the last passing test."),
    )


class NewestValueForm(forms.Form):
    """How old the newest time in a column may be."""

    table = _table_field()
    column = forms.CharField(label=_("Column"), max_length=200, help_text=_("It holds times: text, or seconds."))
    seconds = forms.IntegerField(label=_("Seconds old at most"), min_value=1, max_value=LONGEST_OBJECTIVE)


class SqlAssertionForm(forms.Form):
    """What a query must give."""

    sql = forms.CharField(
        label=_("Query"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code"}),
        help_text=_(
            "One SELECT that gives one value. It runs on the restored data, can only read, and has 30 seconds."
        ),
    )
    operator = forms.ChoiceField(label=_("Must be"), choices=[(sign, sign) for sign in OPERATORS])
    expected = forms.CharField(label=_("Value"), max_length=1000, help_text=_("NULL stands for no value."))


class SourceContentForm(forms.Form):
    """Which table must be the same in the source."""

    table = _table_field()
    column = forms.CharField(
        label=_("Column that only grows"),
        max_length=200,
        required=False,
        help_text=_(
            "Such as a key: rows up to the newest restored one are compared, whatever was added since. "
            "Empty: the whole table, as long as nobody writes to the source meanwhile."
        ),
    )


FORMS: dict[str, type[forms.Form]] = {
    Kind.REQUIRED_TABLES: RequiredTablesForm,
    Kind.MINIMUM_ROWS: MinimumRowsForm,
    Kind.NO_SHRINKAGE: NoShrinkageForm,
    Kind.NEWEST_VALUE: NewestValueForm,
    Kind.SQL_ASSERTION: SqlAssertionForm,
    Kind.SOURCE_CONTENT: SourceContentForm,
}


def initial_of(check: Check) -> dict[str, Any]:
    """What a form over the check is filled with."""
    values = dict(check.parameters)
    if check.kind == Kind.REQUIRED_TABLES:
        values["tables"] = "\n".join(values["tables"])
    return values
