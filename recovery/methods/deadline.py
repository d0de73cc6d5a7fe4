"""The moment by which a whole restore test must be over."""

import time

from django.utils.translation import gettext

from recovery.errors import RestoreTimedOut

# How often a wait looks up: for progress, heartbeats and the deadline. It never delays the end of what is waited for.
TICK_SECONDS = 0.25


def do_nothing() -> None:
    """Stand in for a callback nobody asked for."""


class Deadline:
    """A point on the monotonic clock, so that setting the wall clock neither shortens nor lengthens a run."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._end - time.monotonic())

    @property
    def next_tick(self) -> float:
        """How long a wait may last before it looks up again, in seconds."""
        return min(TICK_SECONDS, self.remaining)

    def check(self) -> None:
        """Return while there is time left; raise RestoreTimedOut after it."""
        if self.remaining == 0:
            raise RestoreTimedOut(
                gettext(
                    "The restore test was stopped after {seconds:g} seconds, the time it is allowed. "
                    "Allow it more time, or find out why the backup is slow to read."
                ).format(seconds=self.seconds)
            )
