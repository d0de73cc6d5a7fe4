"""Looking at many things at once, some of which never answer."""

import threading
from collections.abc import Iterator

import pytest

from recovery.methods.lookouts import Lookouts


@pytest.fixture
def silence() -> Iterator[threading.Event]:
    """Whoever waits for it hangs until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_everything_that_answers_is_found() -> None:
    lookouts: Lookouts[int, int] = Lookouts(at_once=3)
    looks = {number: lambda number=number: number * number for number in range(50)}
    assert lookouts.gather(looks, seconds=10) == {number: number * number for number in range(50)}
    assert lookouts.gather({}, seconds=10) == {}


def test_no_more_than_so_many_look_at_once() -> None:
    running, most = threading.Semaphore(3), []

    def look() -> bool:
        is_free = running.acquire(blocking=False)
        most.append(is_free)
        threading.Event().wait(0.01)
        running.release()
        return is_free

    assert set(Lookouts[int, bool](at_once=3).gather(dict.fromkeys(range(20), look), seconds=10).values()) == {True}
    assert len(most) == 20


def test_one_that_hangs_holds_up_neither_the_others_nor_the_end(silence: threading.Event) -> None:
    lookouts: Lookouts[str, bool] = Lookouts(at_once=1)
    looks = {"stuck": silence.wait, "fine": lambda: True}
    assert lookouts.gather(looks, seconds=10, each=0.05) == {"fine": True}


def test_when_the_time_is_over_what_was_found_is_the_answer(silence: threading.Event) -> None:
    lookouts: Lookouts[str, bool] = Lookouts(at_once=1)
    looks = {"fine": lambda: True, "stuck": silence.wait, "late": lambda: True}
    assert lookouts.gather(looks, seconds=0.1) == {"fine": True}


def test_what_hangs_is_not_looked_at_again_until_it_answers(silence: threading.Event) -> None:
    lookouts: Lookouts[str, bool] = Lookouts(at_once=2)
    calls: list[threading.Thread] = []

    def look() -> bool:
        calls.append(threading.current_thread())
        return silence.wait()

    for _ in range(3):
        assert lookouts.gather({"stuck": look}, seconds=0.02) == {}
    assert len(calls) == 1
    assert calls[0].daemon
    silence.set()
    calls[0].join()
    assert lookouts.gather({"stuck": look}, seconds=10) == {"stuck": True}
    assert len(calls) == 2
