"""Which points in time a schedule restores to, so that over the weeks no part of a replica goes unread."""

import random
from datetime import datetime, timedelta

# By the time that a test runs, retention may have removed what was oldest when it was drawn.
LONGEST_MARGIN = timedelta(hours=2)
MARGIN_SHARE = 10


def sample_points(oldest: datetime, newest: datetime, *, count: int, chance: random.Random) -> list[datetime]:
    """So many points between the two, oldest first, one drawn at random from each of as many equal parts.

    Whole seconds, as replicas keep time by them; fewer points where the parts are shorter than that.
    """
    start = oldest + min(LONGEST_MARGIN, (newest - oldest) / MARGIN_SHARE)
    length = (newest - start) / count if count else timedelta(0)
    points = set()
    for part in range(count):
        drawn = start + length * (part + chance.random())
        point = drawn.replace(microsecond=0) + timedelta(seconds=1)
        if oldest < point < newest:
            points.add(point)
    return sorted(points)
