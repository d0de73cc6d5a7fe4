"""How far a replica is behind its source, by the one signal that neither sleeps nor cries wolf."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext

from recovery.methods.litestream_position import find_position, last_unreplicated_write
from recovery.methods.process import Bounds

# A write is given so long to arrive before it counts as late, and only where it seems late by more than `PATIENCE`:
# after an idle hour, the first write would otherwise look an hour late for the second it takes to arrive.
SETTLING_SECONDS = 5.0
PATIENCE_SECONDS = 2.0
_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Freshness:
    """`seconds` behind (None: cannot be known, with the `reason`), and the source's `last_write` that explains it."""

    seconds: float | None
    last_write: datetime | None
    reason: str = ""

    @property
    def may_settle(self) -> bool:
        """Whether a later look may say otherwise: it seems late, and the last write was a moment ago."""
        if self.seconds is None or self.last_write is None or self.seconds <= PATIENCE_SECONDS:
            return False
        return abs((datetime.now(UTC) - self.last_write).total_seconds()) < SETTLING_SECONDS


def judge_freshness(source: Path | None, replica: Path | None, txid: str, newest_at: datetime | None) -> Freshness:
    """How far the replica, whose newest transaction is `txid` of `newest_at`, is behind; `replica`: its folder.

    Where everything is replicated, `last_write` is `newest_at`.
    """
    if source is None:
        return Freshness(None, None, gettext("The source cannot be read from here, so its last write is not known."))
    try:
        late = last_unreplicated_write(source, find_position(source, replica, txid))
    except OSError:
        return Freshness(
            None,
            None,
            gettext("The source {path} cannot be read from here, so its last write is not known.").format(path=source),
        )
    if newest_at is None:
        return Freshness(None, late, gettext("The replica does not say when its newest transaction was made."))
    if late is None:
        return Freshness(0.0, newest_at)
    return Freshness(max(0.0, (late - newest_at).total_seconds()), late)


def settle(look: Callable[[Bounds], Freshness], bounds: Bounds) -> Freshness:
    """What `look` finds; again for up to five seconds where what seems late may only be under way."""
    end = time.monotonic() + SETTLING_SECONDS
    found = look(bounds)
    while found.may_settle and time.monotonic() < end:
        next_look = time.monotonic() + _LOOK_SECONDS
        while time.monotonic() < next_look:
            bounds.deadline.check()
            bounds.on_tick()
            time.sleep(min(bounds.deadline.next_tick, _LOOK_SECONDS / 2))
        found = look(bounds)
    return found
