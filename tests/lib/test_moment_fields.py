"""A form's field for a time as people type it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone

from lib.moment_fields import MomentField, set_zone

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


class WhenForm(forms.Form):
    at = MomentField(required=False)
    note = forms.CharField()

    def __init__(self, *args: Any, zone: ZoneInfo | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if zone:
            set_zone(self.fields, zone)


def test_a_time_is_typed_in_the_forms_timezone_else_in_the_readers() -> None:
    with timezone.override(ZoneInfo("Asia/Bangkok")):
        assert WhenForm({"at": "2024-03-10 21:00", "note": "x"}).fields["at"].clean("2024-03-10 21:00").hour == 14
        form = WhenForm({"at": "2024-03-10 21:00", "note": "x"}, zone=BERLIN)
        assert form.is_valid()
    assert form.cleaned_data["at"] == datetime(2024, 3, 10, 20, 0, tzinfo=UTC)


def test_an_empty_time_is_none_and_a_required_one_is_asked_for() -> None:
    assert WhenForm({"at": " ", "note": "x"}).fields["at"].clean(" ") is None
    form = WhenForm({"at": "", "note": "x"})
    form.fields["at"].required = True
    assert form.errors == {"at": ["This field is required."]}


def test_what_cannot_be_read_stays_with_a_sentence() -> None:
    form = WhenForm({"at": "soon", "note": "x"})
    assert "“soon” is not a time that can be read." in form.errors["at"][0]
    assert form["at"].value() == "soon"


def test_where_something_else_is_wrong_the_form_says_which_instant_was_read() -> None:
    form = WhenForm({"at": "2024-03-10 14:03", "note": ""}, zone=BERLIN)
    assert list(form.errors) == ["note"]
    assert "Read as Sunday, 10 March 2024, 14:03 (Europe/Berlin)." in str(form["at"].as_field_group())


@pytest.mark.parametrize("hour", [5, 6])
def test_an_instant_left_untouched_stays_to_the_microsecond_even_in_the_hour_that_is_there_twice(hour: int) -> None:
    known = datetime(2024, 11, 3, hour, 30, 0, 123456, tzinfo=UTC)
    shown = WhenForm(initial={"at": known}, zone=NEW_YORK)["at"].value()
    assert shown == f"2024-11-03 01:30:00 -0{hour - 1}:00"
    form = WhenForm({"at": shown, "note": "x"}, initial={"at": known}, zone=NEW_YORK)
    assert form.is_valid()
    assert form.cleaned_data["at"] == known
    assert form.changed_data == ["note"]
    assert WhenForm({"at": "", "note": "x"}, initial={"at": known}, zone=NEW_YORK).changed_data == ["at", "note"]
