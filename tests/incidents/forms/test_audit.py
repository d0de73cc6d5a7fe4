"""Which changes are asked for."""

import pytest

from accounts.models import User
from incidents.forms.audit import ChangesForm, read_change_filter
from incidents.queries.changes import ChangeFilter


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_a_slip(responder: User, name: str, day: str) -> None:
    form = ChangesForm({name: day})
    assert read_change_filter(form) == ChangeFilter()
    assert list(form.errors) == [name]
