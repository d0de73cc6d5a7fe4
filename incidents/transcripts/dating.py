"""From times as they are written to instants: what a line does not say, the lines before it do."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from incidents.transcripts.days import Day, date_of, guess_day_first, tell_day_first
from incidents.transcripts.entry import Doubt
from incidents.transcripts.stamps import Stamp

# A clock that jumps back by more has passed midnight; by less, somebody wrote things down out of order.
OUT_OF_ORDER = timedelta(hours=1)
# Passing midnight jumps back by nearly a day; a jump of less might be something else.
SURELY_MIDNIGHT = timedelta(hours=6)


class Dating:
    """Walks through the times of a paste in order; `day` is that of the first one unless it says another.

    `days` are all that the paste writes out.
    """

    def __init__(self, day: date, zone: tzinfo, days: list[Day]) -> None:
        told = tell_day_first(days)
        self.assumed = self.day = day
        self.zone = zone
        self.day_first = guess_day_first(days, day) if told is None else told
        self.is_guessed = told is None
        self.last: datetime | None = None

    def turn_to(self, day: Day) -> None:
        """A line said which day the following are of."""
        self.day = date_of(day, self.assumed, day_first=self.day_first)
        self.last = None

    def date(self, stamp: Stamp) -> tuple[datetime, datetime | None, tuple[Doubt, ...]]:
        """From when to when, and why that may be wrong."""
        if stamp.instant is not None:
            return stamp.instant, None, ()
        doubts = [Doubt.BOTH_CLOCKS] if stamp.both_clocks else []
        if stamp.day is not None:
            self.day = date_of(stamp.day, self.assumed, day_first=self.day_first)
            doubts += [Doubt.DAY_ORDER] if self.is_guessed and stamp.day.is_open else []
        elif doubt := self._pass_midnight(stamp.clock):
            doubts.append(doubt)
        local = datetime.combine(self.day, stamp.clock)
        self.last = max(local, self.last) if self.last and stamp.day is None else local
        zone = stamp.zone or self.zone
        doubts += [doubt] if (doubt := _doubt_of(local, zone)) else []
        return local.replace(tzinfo=zone), self._end(stamp, local, zone), tuple(doubts)

    def _pass_midnight(self, clock: time) -> Doubt | None:
        if self.last is None:
            return None
        back = self.last - datetime.combine(self.day, clock)
        if back <= timedelta(0):
            return None
        if back <= OUT_OF_ORDER or self.day == date.max:
            return Doubt.OUT_OF_ORDER
        self.day = self.last.date()
        if datetime.combine(self.day, clock) < self.last:
            self.day += timedelta(days=1)
        return None if back >= SURELY_MIDNIGHT else Doubt.NEXT_DAY

    def _end(self, stamp: Stamp, begun: datetime, zone: tzinfo) -> datetime | None:
        if stamp.until is None:
            return None
        day = date_of(stamp.until_day, self.assumed, day_first=self.day_first) if stamp.until_day else begun.date()
        end = datetime.combine(day, stamp.until)
        if end < begun and stamp.until_day is None:
            end += timedelta(days=1)
        end_at, begun_at = end.replace(tzinfo=zone), begun.replace(tzinfo=zone)
        return end_at if end_at.astimezone(UTC) >= begun_at.astimezone(UTC) else None


def _doubt_of(local: datetime, zone: tzinfo) -> Doubt | None:
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return None
    is_there = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    return Doubt.TWICE if is_there else Doubt.NEVER
