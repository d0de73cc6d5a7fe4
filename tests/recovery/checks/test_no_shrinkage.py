"""Rows that were there and are gone."""

from typing import Any

import pytest

from recovery.checks.no_shrinkage import NoShrinkage
from recovery.checks.outcome import CheckOutcome
from recovery.methods.inspection import Schema
from tests.recovery.checks.found import KEY, findings


def shrinkage(before: dict[str, int], **facts: Any) -> CheckOutcome:
    return NoShrinkage().judge(KEY, findings(before=before, reference="RT-3", **facts))


@pytest.mark.parametrize(
    ("before", "now", "is_held"),
    [
        ({"users": 600}, {"users": 300}, True),
        ({"users": 600}, {"users": 299}, False),
        ({"users": 600}, {"people": 600}, False),
        ({"users": 600, "notes": 0}, {"users": 600}, False),
        ({"users": 600, "sessions": 9}, {"users": 600, "sessions": 0}, True),
        ({"users": 600, "sessions": 10}, {"users": 600, "sessions": 0}, False),
        ({"users": 3}, {"users": 1}, False),
        ({"users": 0}, {"users": 0}, True),
        ({}, {"users": 1}, True),
    ],
)
def test_a_table_keeps_half_of_its_rows_or_the_check_does_not_hold(
    before: dict[str, int], now: dict[str, int], is_held: bool
) -> None:
    check = shrinkage(before, row_counts=now)
    assert check.is_passed == is_held
    assert "RT-3" in check.message


def test_losses_are_named_with_rows_now_and_before_and_not_without_end() -> None:
    few = shrinkage({"users": 6000, "100%s": 40}, row_counts={"users": 1000})
    assert (
        few.message
        == "Rows are gone since RT-3: 100%s is missing (40 rows before); users has 1,000 rows (6,000 before)."
        " If that was meant, accept this result on its page; later tests are then compared with it."
    )
    many = shrinkage({f"table_{n}": 40 for n in range(500)}, row_counts={})
    assert len(many.message) < 400


def test_a_table_that_cannot_be_counted_is_not_missing() -> None:
    assert shrinkage({"users": 3, "orders": 3}, row_counts={"users": 3}, uncountable={"orders": "malformed"}).is_passed
    virtual = Schema(("users",), ("orders",), "f" * 64)
    assert shrinkage({"users": 3, "orders": 3}, row_counts={"users": 3}, schema=virtual).is_passed


@pytest.mark.parametrize(
    ("percent", "rows", "is_held"), [(1, 99, True), (1, 98, False), (90, 10, True), (90, 9, False)]
)
def test_the_share_that_may_go_is_a_setting(percent: float, rows: int, is_held: bool) -> None:
    found = findings(before={"users": 100}, reference="RT-3", row_counts={"users": rows})
    assert NoShrinkage(percent).judge(KEY, found).is_passed == is_held


def test_the_first_test_has_nothing_to_be_compared_with() -> None:
    assert NoShrinkage().judge(KEY, findings()).outcome == "skipped"
