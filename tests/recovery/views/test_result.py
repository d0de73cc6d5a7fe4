"""Phases along time, and what would be lost."""

import pytest

from recovery.views.result import WIDTH, compare_tables, list_lanes, read_loss


def test_what_ran_beside_each_other_overlaps() -> None:
    phases = {"plan": 1, "fetch": 2, "restore": 3, "integrity": 4, "foreign_keys": 1, "counts": 0.5, "hash": 2}
    lanes = {str(lane.label): lane for lane in list_lanes(phases)}
    assert [str(name) for name in lanes] == [
        *("Plan", "Fetch", "Restore", "Integrity check", "Foreign keys", "Row counts", "SHA-256")
    ]
    assert [lane.starts_at for lane in lanes.values()] == [0, 1, 3, 6, 6, 7, 6]
    assert [lane.x for lane in lanes.values()] == [0, 100, 300, 600, 600, 700, 600]
    assert lanes["Integrity check"].x + lanes["Integrity check"].width == WIDTH


def test_a_restore_that_fetches_too_says_so() -> None:
    assert [str(lane.label) for lane in list_lanes({"restore": 1})] == ["Fetch and restore"]


@pytest.mark.parametrize("phases", [{}, {"plan": 0.0}, {"plan": 0.0, "restore": 100.0, "hash": 0.0}])
def test_every_phase_stays_in_the_drawing_and_can_be_seen(phases: dict[str, float]) -> None:
    lanes = list_lanes(phases)
    assert len(lanes) == len(phases)
    assert all(lane.x >= 0 < lane.width and lane.x + lane.width <= WIDTH for lane in lanes)


def test_tables_are_compared_by_name() -> None:
    rows = {row.name: row for row in compare_tables({"b": 5, "new": 1, "z": 3}, {"b": 10, "gone": 2, "z": 0})}
    assert [*rows] == ["b", "gone", "new", "z"]
    assert (rows["b"].signed_difference, rows["b"].signed_percent) == ("−5", "−50.0 %")
    assert (rows["gone"].difference, rows["new"].difference) == (None, None)
    assert (rows["z"].signed_difference, rows["z"].signed_percent) == ("+3", "")


def test_a_loss_counts_only_what_is_fewer() -> None:
    tables = {"a": {"restored": 5, "compared": 9}, "b": {"restored": 9, "compared": 5}, "c": {"compared": 2}}
    loss = read_loss({"since": "2026-03-10T14:03:00+00:00", "compared_with": "RT-9", "tables": tables})
    assert loss is not None
    assert loss.rows == 6
    assert read_loss({}) is None
