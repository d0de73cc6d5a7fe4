"""What can be believed of a standby's signals, enumerated."""

from typing import Any

import pytest

from recovery.methods.postgresql_signals import (
    Signals,
    describe_mismatch,
    describe_stall,
    is_caught_up,
    judge_behind,
    judge_without_primary,
    read_position,
)

RECEIVER = {"status": "streaming", "slot": "standby", "end": "0/200", "heard_at": 1000.0}


def standby(**changes: Any) -> Signals:
    usual = {
        "system": "7",
        "is_in_recovery": True,
        "now": 1010.0,
        "position": "0/200",
        "replayed_at": 900.0,
        "pause": "not paused",
        "receiver": RECEIVER,
    }
    return Signals(usual | changes)


def primary(**changes: Any) -> Signals:
    return Signals({"system": "7", "is_in_recovery": False, "position": "0/200", "slots": {"standby": True}} | changes)


def test_positions_are_bytes() -> None:
    assert read_position("16/B374D848") == 0x16_B374D848
    assert read_position(None) is read_position("") is None


def test_a_healthy_standby_is_not_stalled() -> None:
    assert describe_stall(standby(), primary()) == describe_stall(standby(), None) == ""
    assert describe_stall(standby(), primary(slots={})) == ""
    assert describe_mismatch(standby(), primary()) == ""


@pytest.mark.parametrize(
    ("changes", "slots", "words"),
    [
        ({"is_in_recovery": False}, {}, "promoted"),
        ({"pause": "paused"}, {}, "paused"),
        ({"pause": "pause requested"}, {}, "paused"),
        ({"receiver": None}, {}, "receives nothing"),
        ({"receiver": RECEIVER | {"status": "waiting"}}, {}, "receives nothing"),
        ({}, {"standby": False}, "not in use"),
    ],
)
def test_what_stops_the_flow_is_named(changes: dict[str, Any], slots: dict[str, bool], words: str) -> None:
    assert words in describe_stall(standby(**changes), primary(slots=slots))


def test_another_system_is_named() -> None:
    assert "another system (7)" in describe_mismatch(standby(), primary(system="8"))


def test_nothing_is_missing_only_where_both_positions_are_known() -> None:
    assert is_caught_up(standby(), 0x200)
    assert not is_caught_up(standby(), 0x201)
    assert not is_caught_up(standby(), None)
    assert not is_caught_up(standby(position=None), 0)


def test_without_a_primary_the_lag_is_the_age_of_its_last_word() -> None:
    assert judge_without_primary(standby()).seconds == 10
    behind = judge_without_primary(standby(position="0/1FF"))
    assert (behind.seconds, "At most" in behind.reason) == (110, True)


def test_a_standby_that_is_behind_is_no_further_than_its_newest_transaction() -> None:
    assert judge_behind(standby()).seconds == 110
    unknown = judge_behind(standby(replayed_at=None))
    assert (unknown.seconds, "no transaction" in unknown.reason) == (None, True)
