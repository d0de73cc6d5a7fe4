"""Which status of a post-mortem follows which: each pair."""

from itertools import product

import pytest

from incidents.errors import IncidentError
from incidents.postmortem_course import Status, check_postmortem_transition

ALLOWED = {
    *(("draft", "in_review"), ("draft", "published"), ("draft", "not_required")),
    *(("in_review", "published"), ("in_review", "draft"), ("in_review", "not_required")),
    *(("published", "published"), ("published", "draft"), ("not_required", "draft")),
}


@pytest.mark.parametrize(("before", "after"), [*product(Status, Status)])
def test_each_status_is_followed_by_those_named_here(before: Status, after: Status) -> None:
    if (before.value, after.value) in ALLOWED:
        check_postmortem_transition(before, after)
        return
    with pytest.raises(IncidentError, match="already" if before == after else "cannot become"):
        check_postmortem_transition(before, after)
