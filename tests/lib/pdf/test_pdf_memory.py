import resource

import pytest

from lib.pdf.memory import memory_limit

MEGABYTE = 1_000_000


def test_what_asks_for_more_is_refused_and_nothing_is_limited_afterwards() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with memory_limit(50 * MEGABYTE), pytest.raises(MemoryError):
        bytearray(200 * MEGABYTE)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(bytearray(200 * MEGABYTE)) == 200 * MEGABYTE


def test_what_asks_for_less_gets_it() -> None:
    with memory_limit(200 * MEGABYTE):
        assert len(bytearray(50 * MEGABYTE)) == 50 * MEGABYTE


def test_an_error_inside_ends_the_limit_too() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(ZeroDivisionError), memory_limit(50 * MEGABYTE):
        1 / 0  # noqa: B018
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
