"""The form for a new event that every incident's page has."""

import pytest

from incidents.forms.new_event import EmptyEventForm, NewEventForm
from tests.factories import make_incident

pytestmark = pytest.mark.django_db


def test_an_empty_form_has_the_fields_of_a_new_one_and_a_key_of_its_own() -> None:
    incident = make_incident()
    form = EmptyEventForm(incident)
    first, second = form.ready, form.ready
    assert first != second
    for field in NewEventForm(incident=incident):
        assert f'name="{field.html_name}"' in first


def test_empty_forms_differ_by_timezone_and_by_what_is_proposed() -> None:
    here, there = make_incident(), make_incident(time_zone="Asia/Bangkok")
    assert "Asia/Bangkok" not in EmptyEventForm(here).ready
    assert "Asia/Bangkok" in EmptyEventForm(there).ready
    assert '"reported" selected' in EmptyEventForm(here).ready
    here.status = "resolved"
    assert '"recollected" selected' in EmptyEventForm(here).ready
