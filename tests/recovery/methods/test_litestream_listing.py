"""What follows from the files that a replica has."""

from datetime import UTC, datetime

import pytest

from recovery.methods.litestream_listing import Listed, has_gap_after

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RAW = [(0, 4, 4), (0, 5, 5), (0, 6, 6), (0, 7, 7)]
COMPACTED = [(1, 1, 3), (1, 4, 6), (2, 1, 6), (9, 1, 3)]


def txid(number: int) -> str:
    return f"{number:016x}"


def listed(*files: tuple[int, int, int]) -> list[Listed]:
    return [Listed(level, txid(first), txid(last), 100, NOW) for level, first, last in files]


@pytest.mark.parametrize("restored", range(1, 8))
def test_a_healthy_replica_has_no_gap(restored: int) -> None:
    assert not has_gap_after(listed(*RAW, *COMPACTED), txid(restored))


@pytest.mark.parametrize(
    ("files", "restored", "is_gap"),
    [
        # Retention clears single transactions from the oldest on.
        ([(0, 6, 6), (0, 7, 7), *COMPACTED], 3, False),
        ([(0, 7, 7), *COMPACTED], 3, False),
        ([], 3, False),
        ([(0, 4, 4), (0, 6, 6), (0, 7, 7), *COMPACTED], 4, True),
        ([(0, 4, 4), (0, 7, 7), *COMPACTED], 4, True),
        # A lost tail is for freshness to find.
        ([(0, 4, 4), (0, 5, 5), *COMPACTED], 6, False),
        # What is compacted once goes with the snapshots before it only.
        ([(0, 7, 7), (1, 1, 3), (2, 1, 6)], 3, True),
        ([(0, 7, 7), (1, 4, 6), (2, 1, 6), (9, 1, 3)], 3, False),
        ([(0, 7, 7), (1, 1, 3)], 3, True),
        ([(0, 4, 4), (9, 1, 7)], 4, True),
    ],
)
def test_what_follows_is_lost_or_was_cleared(files: list[tuple[int, int, int]], restored: int, is_gap: bool) -> None:
    assert has_gap_after(listed(*files), txid(restored)) is is_gap


def test_nothing_is_known_to_follow_nothing() -> None:
    assert not has_gap_after(listed(*RAW), "")
