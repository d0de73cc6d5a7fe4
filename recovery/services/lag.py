"""How far a replica may be behind before somebody must know, and when that is so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from lib.durations import format_duration
from recovery.models import Database, Replica

# With these a backup is made now and then; hours without a new one are what was meant.
NOW_AND_THEN = {Replica.Method.SQLITE_BACKUP, Replica.Method.FILE_COPY}
LIMIT_NOW_AND_THEN = 26 * 3600
LIMIT = 300
# Below it an alarm would follow each hiccup of the network.
LEAST_LIMIT = 60
UNKNOWN_FOR = timedelta(minutes=10)
# What the rules look back at; measurements before a stop of Debrief are none of theirs.
LOOK_BACK = timedelta(minutes=15)


@dataclass(frozen=True)
class Seen:
    """One measurement: when, how many seconds behind (None: unknown), why that is unknown, and whether it was read."""

    at: datetime
    seconds: float | None
    reason: str = ""
    is_read: bool = True


class Verdict(StrEnum):
    """What the alarm about a replica's lag does."""

    OPEN = "open"
    KEEP = "keep"
    CLOSE = "close"


def lag_limit(database: Database, method: str) -> int:
    """Seconds of lag above which there is an alarm: what was set, else what follows from objective and method."""
    if database.lag_alert_seconds is not None:
        return database.lag_alert_seconds
    if database.rpo_objective_seconds is None:
        return usual_lag(method)
    return max(database.rpo_objective_seconds, LEAST_LIMIT)


def usual_lag(method: str) -> int:
    """How many seconds a backup of this method may be behind where nobody said otherwise."""
    return LIMIT_NOW_AND_THEN if method in NOW_AND_THEN else LIMIT


def judge_lag(history: Sequence[Seen], *, limit: int) -> tuple[Verdict, str]:
    """What the measurements say, oldest first and the present one last, with the reason in a sentence.

    One that is above the limit once, or unknown for some minutes, changes nothing.
    """
    if not history:
        return Verdict.KEEP, ""
    now = history[-1]
    if now.seconds is None:
        return _judge_unknown(history)
    words = {"lag": format_duration(now.seconds), "limit": format_duration(limit)}
    if now.seconds <= limit:
        return Verdict.CLOSE, _("It is %(lag)s behind again; the limit is %(limit)s.") % words
    known = [seen.seconds for seen in history if seen.seconds is not None]
    if len(known) > 1 and known[-2] > limit:
        return Verdict.OPEN, _("It is %(lag)s behind; the limit is %(limit)s.") % words
    return Verdict.KEEP, ""


def judge_silence(history: Sequence[Seen]) -> tuple[Verdict, str]:
    """As `judge_lag`, of a replica whose lag nobody can know from here: whether it can be read at all."""
    if not history:
        return Verdict.KEEP, ""
    if history[-1].is_read:
        return Verdict.CLOSE, _("It can be read again.")
    minutes = _minutes_since(history, [seen.is_read for seen in history])
    if minutes is None:
        return Verdict.KEEP, ""
    words = {"minutes": minutes, "reason": history[-1].reason}
    return Verdict.OPEN, _("It could not be read for %(minutes)s minutes. %(reason)s") % words


def _judge_unknown(history: Sequence[Seen]) -> tuple[Verdict, str]:
    minutes = _minutes_since(history, [seen.seconds is not None for seen in history])
    if minutes is None:
        return Verdict.KEEP, ""
    words = {"minutes": minutes, "reason": history[-1].reason}
    return Verdict.OPEN, _("How far it is behind has been unknown for %(minutes)s minutes. %(reason)s") % words


def _minutes_since(history: Sequence[Seen], known: Sequence[bool]) -> int | None:
    """For how long the newest measurements have said nothing, of which `known` has one each; None for not long yet."""
    last = max((place for place, is_known in enumerate(known) if is_known), default=-1)
    silence = history[-1].at - history[last + 1].at
    return None if silence < UNKNOWN_FOR else int(silence.total_seconds() // 60)
