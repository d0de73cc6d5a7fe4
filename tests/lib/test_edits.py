from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Team
from lib.edits import check_unchanged, fingerprint
from lib.errors import EditConflict

KNOWN: dict[str, Any] = {"text": "a", "at": datetime(2024, 3, 10, 14, tzinfo=UTC), "teams": [Team(pk=1), Team(pk=2)]}


@pytest.mark.parametrize(
    "same",
    [
        dict(reversed(KNOWN.items())),
        KNOWN | {"at": KNOWN["at"].astimezone(ZoneInfo("Asia/Bangkok"))},
        KNOWN | {"teams": [Team(pk=2), Team(pk=1, name="renamed")]},
    ],
)
def test_equal_values_have_one_fingerprint(same: dict[str, Any]) -> None:
    assert fingerprint(same) == fingerprint(KNOWN)
    check_unchanged(same, fingerprint(KNOWN))


@pytest.mark.parametrize(
    "other",
    [
        {"text": "b"},
        {"text": None},
        {"text": ""},
        {"at": KNOWN["at"].replace(microsecond=1)},
        {"at": date(2024, 3, 10)},
        {"teams": [Team(pk=1)]},
        {"teams": []},
    ],
)
def test_other_values_are_a_conflict(other: dict[str, Any]) -> None:
    with pytest.raises(EditConflict) as conflict:
        check_unchanged(KNOWN | other, fingerprint(KNOWN))
    assert conflict.value.values == KNOWN | other


def test_who_has_filled_no_form_is_asked_nothing() -> None:
    check_unchanged(KNOWN, None)
    with pytest.raises(EditConflict):
        check_unchanged(KNOWN, "")
