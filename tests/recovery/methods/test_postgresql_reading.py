"""Values of PostgreSQL as answers hold them."""

import math
from decimal import Decimal

import pytest

from recovery.methods.postgresql_reading import plain_value


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("3"), 3),
        (Decimal("3.00"), 3),
        (Decimal("2.5"), 2.5),
        (Decimal("Infinity"), math.inf),
        (Decimal("-Infinity"), -math.inf),
        (True, "true"),
        (None, None),
    ],
)
def test_numbers_stay_numbers(value: object, plain: object) -> None:
    assert plain_value(value) == plain


def test_what_is_no_number_stays_none() -> None:
    found = plain_value(Decimal("NaN"))
    assert isinstance(found, float)
    assert math.isnan(found)
