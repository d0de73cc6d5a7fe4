"""Looks at many things at once, and waits for none of them longer than it may."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Lookouts(Generic[Key, Answer]):
    """A handful of threads that look, each at one thing after the other.

    A look at a network disk that has gone silent cannot be ended: the kernel keeps its thread until the disk answers.
    So such a thread is left behind, holds up neither the others nor the end of the process, and as long as it hangs
    nothing looks at the same thing again; therefore at most one thread hangs for each thing.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._hanging: dict[Key, threading.Thread] = {}

    def gather(
        self, looks: Mapping[Key, Callable[[], Answer]], *, seconds: float, each: float | None = None
    ) -> dict[Key, Answer]:
        """What each look found, by its key, in the order given as far as the time allows.

        Missing is what was not over after `seconds` altogether, or after `each` by itself where that is given; what is
        still under way then goes on unseen.
        """
        self._hanging = {key: thread for key, thread in self._hanging.items() if thread.is_alive()}
        free = {key: look for key, look in looks.items() if key not in self._hanging}
        round_ = _Round(free, each)
        ends_at = time.monotonic() + seconds
        with round_.changed:
            while not round_.is_over(time.monotonic()):
                for key in round_.take(self._at_once, time.monotonic()):
                    self._hanging[key] = round_.start(key)
                left = ends_at - time.monotonic()
                if left <= 0:
                    break
                round_.changed.wait(min(left, 0.25))
            round_.closed = True
            return dict(round_.answers)


class _Round(Generic[Key, Answer]):
    """One call of `gather`: what waits, what is under way since when, and what was found. Guarded by `changed`."""

    def __init__(self, looks: Mapping[Key, Callable[[], Answer]], each: float | None) -> None:
        self.changed = threading.Condition()
        self.closed = False
        self.answers: dict[Key, Answer] = {}
        self._looks = looks
        self._each = each
        self._waiting = deque(looks)
        self._started: dict[Key, float] = {}

    def take(self, at_once: int, now: float) -> list[Key]:
        """The keys to look at next: one that overran its time no longer counts as being looked at."""
        room = at_once - len(self._under_way(now))
        return [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]

    def start(self, key: Key) -> threading.Thread:
        """A thread of its own looks at it; a daemon, so that one that hangs does not keep the process from ending."""
        self._started[key] = time.monotonic()
        thread = threading.Thread(target=self._look, args=(key,), name=f"look at {key}", daemon=True)
        thread.start()
        return thread

    def is_over(self, now: float) -> bool:
        """True once nothing waits and nothing is under way that may still answer."""
        return not self._waiting and not self._under_way(now)

    def _under_way(self, now: float) -> list[Key]:
        return [key for key, since in self._started.items() if self._each is None or now - since < self._each]

    def _look(self, key: Key) -> None:
        found: list[Answer] = []
        try:
            found.append(self._looks[key]())
        finally:
            with self.changed:
                self._started.pop(key, None)
                if found and not self.closed:
                    self.answers[key] = found[0]
                self.changed.notify()
