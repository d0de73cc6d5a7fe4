from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone

from lib.edits import fingerprint
from lib.errors import DomainError, EditConflict
from lib.forms import DayField, InstantField, RecordForm, carry_out


class NoteForm(RecordForm):
    text = forms.CharField()


class WhenForm(forms.Form):
    at = InstantField(required=False)
    day = DayField(required=False)


def note(**data: str) -> NoteForm:
    query = QueryDict(mutable=True)
    query.update(data)
    return NoteForm(query, record={"text": "known"})


def refuse(error: DomainError) -> Any:
    def act(**_facts: object) -> object:
        raise error

    return act


def test_a_valid_form_hands_its_data_over_and_returns_what_came_of_it() -> None:
    form = note(text="typed", seen="3")
    assert carry_out(form, lambda **facts: facts) == {"text": "typed", "seen": "3"}
    assert not form.errors


def test_an_unbound_or_invalid_form_never_acts() -> None:
    never = refuse(DomainError("acted"))
    assert carry_out(NoteForm(), never) is None
    form = note(text="", seen="3")
    assert carry_out(form, never) is None
    assert list(form.errors) == ["text"]


@pytest.mark.parametrize(("field", "beside"), [("text", "text"), (None, "__all__"), ("unknown", "__all__")])
def test_a_refusal_stands_beside_its_field_with_what_was_typed(field: str | None, beside: str) -> None:
    form = note(text="typed", seen="3")
    assert carry_out(form, refuse(DomainError("Not so.", field=field))) is None
    assert form.errors == {beside: ["Not so."]}
    assert form["text"].value() == "typed"


def test_a_conflict_shows_both_texts_and_the_next_save_is_over_theirs() -> None:
    form = note(text="mine", seen="3")
    assert carry_out(form, refuse(EditConflict("Compare.", values={"text": "theirs"}))) is None
    assert form.theirs == "Text: theirs"
    assert form["text"].value() == "mine"
    assert form["seen"].value() == fingerprint({"text": "theirs"})
    assert form.errors == {"__all__": ["Compare."]}


def test_a_form_for_something_new_has_seen_nothing() -> None:
    assert "seen" not in NoteForm().fields
    assert NoteForm(record={"text": "known"})["seen"].value() == fingerprint({"text": "known"})


def test_other_errors_are_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        carry_out(note(text="typed", seen="3"), lambda **_facts: 1 // 0)


def test_an_instant_is_read_in_the_readers_timezone() -> None:
    with timezone.override(ZoneInfo("Asia/Bangkok")):
        form = WhenForm({"at": "2024-03-10T21:00"})
        assert form.is_valid()
    assert form.cleaned_data["at"].astimezone(UTC) == datetime(2024, 3, 10, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00", "1899-12-31T23:59", "3000-01-01T00:00", "9999-12-31T23:59", "soon", "2024-02-30T00:00"]
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Bangkok", "America/New_York"])
def test_an_instant_that_can_only_be_a_slip_is_refused(text: str, zone: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        form = WhenForm({"at": text})
        assert list(form.errors) == ["at"]


@pytest.mark.parametrize(("text", "is_one"), [("1899-12-31", False), ("1900-01-01", True), ("2999-12-31", True)])
@pytest.mark.parametrize("ends", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_refused(text: str, ends: str, *, is_one: bool) -> None:
    assert WhenForm({"day": text}).is_valid() is is_one
    assert WhenForm({"day": ends}).errors == {"day": ["Check the year; it must lie between 1900 and 2999."]}


@pytest.mark.parametrize("text", ["2024-11-03T01:30:00", "2024-03-10T02:30:00"])
def test_an_hour_that_is_there_twice_or_never_is_refused(text: str) -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        (sentence,) = WhenForm({"at": text}).errors["at"]
    assert "Choose UTC as timezone in your profile and type the time in UTC." in sentence


@pytest.mark.parametrize("text", ["2024-11-03T01:30:00", "2024-11-03T01:30"])
@pytest.mark.parametrize("hour", [5, 6])
def test_an_instant_left_untouched_stays_to_the_microsecond_even_in_the_hour_that_is_there_twice(
    hour: int, text: str
) -> None:
    known = datetime(2024, 11, 3, hour, 30, 0, 123456, tzinfo=UTC)
    with timezone.override(ZoneInfo("America/New_York")):
        form = WhenForm({"at": text}, initial={"at": known})
        assert form.is_valid()
    assert form.cleaned_data["at"] == known
