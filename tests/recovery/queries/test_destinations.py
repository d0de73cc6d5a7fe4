"""Where references to restore tests lead."""

import pytest

from accounts.models import User
from incidents.queries.destinations import resolve
from incidents.services.visibility import change_visibility
from tests.factories import NOW, make_incident, make_restore_test


@pytest.mark.parametrize("is_drill", [True, False])
def test_a_restore_test_is_found_by_its_number_where_it_may_be_seen(
    responder: User, viewer: User, is_drill: bool
) -> None:
    incident = make_incident(responder)
    test = make_restore_test(incident=incident if is_drill else None)
    named = {"people": [responder], "teams": []}
    change_visibility(incident, visibility="restricted", actor=responder, now=NOW, **named)
    found = [resolve(person, test.reference) for person in (responder, viewer)]
    assert [bool(one) for one in found] == [True, not is_drill]
    assert found[0]
    assert (found[0].address, found[0].reference) == (test.get_absolute_url(), test.reference)
