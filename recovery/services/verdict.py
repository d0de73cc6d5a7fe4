"""What every restored database must hold up to, and how much of it is missing."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lib.durations import format_bytes, format_duration
from recovery.checks.outcome import CheckOutcome, cannot_say, fails, holds, note
from recovery.methods.backup import SourceState
from recovery.methods.inspection import Inspection
from recovery.services.lag import usual_lag

# The clocks of two machines differ a little.
CLOCK_SKEW = timedelta(seconds=2)


def stopped_early(message: str) -> CheckOutcome:
    """What stands in the list of checks of a test that never got to them."""
    return fails("restore", message)


def judge(found: Inspection) -> list[CheckOutcome]:
    """Every check of what is in a restored SQLite database."""
    return [_size(found), _integrity(found), _foreign_keys(found), _row_counts(found), *_notes(found)]


def judge_moment(*, target_at: datetime, restored_to: datetime | None, has_gap: bool) -> CheckOutcome:
    """Whether a restore to a point in time reached it; `has_gap` where the replica lost what followed."""
    name = "point_in_time"
    if restored_to is None:
        return fails(name, _("The replica does not say which moment was restored, so it may not be the one asked for."))
    if restored_to >= target_at:
        return fails(
            name,
            _(
                "The newest restored transaction is not before the time asked for, but %(gap)s after it: the files of "
                "the replica have lost their times. Copy replicas together with them."
            ),
            gap=format_duration((restored_to - target_at).total_seconds()),
        )
    gap = format_duration((target_at - restored_to).total_seconds())
    if has_gap:
        return fails(
            name,
            _(
                "The restore ends %(gap)s before the time asked for, because the replica lost what came next, or the "
                "time when that was made."
            ),
            gap=gap,
        )
    return holds(name, _("The newest restored transaction is %(gap)s before the time asked for."), gap=gap)


def judge_freshness(
    *,
    rpo_seconds: float | None,
    rpo_reason: str,
    objective_seconds: int | None,
    method: str,
    at_most: float | None = None,
) -> CheckOutcome:
    """Whether the latest state is as new as the objective asks, or without one as the method makes it.

    Where the RPO is unknown, an objective is met if `at_most` so many seconds can be missing, which is None for
    unknown, and otherwise cannot be said to be; without an objective that is noted, and fails nothing.
    """
    name = "freshness"
    if rpo_seconds is None:
        return _judge_unknown(rpo_reason, objective_seconds, at_most)
    limit = usual_lag(method) if objective_seconds is None else objective_seconds
    values = {"limit": format_duration(limit), "measured": format_duration(rpo_seconds)}
    if rpo_seconds > limit and objective_seconds is None:
        message = _(
            "The newest %(measured)s are missing. No RPO objective is set, and more than %(limit)s is unusual for this "
            "kind of backup. Check the replication, or set an objective."
        )
        return fails(name, message, **values)
    if rpo_seconds > limit:
        message = _("The newest %(measured)s are missing; the RPO objective is %(limit)s. Check the replication.")
        return fails(name, message, **values)
    if not rpo_seconds:
        return holds(name, _("Nothing that was written to the source is missing."))
    if objective_seconds is None:
        return holds(name, _("The newest %(measured)s are missing; no RPO objective is set."), **values)
    return holds(name, _("The newest %(measured)s are missing, within the RPO objective of %(limit)s."), **values)


def _judge_unknown(reason: str, objective_seconds: int | None, at_most: float | None) -> CheckOutcome:
    name = "freshness"
    if objective_seconds is None:
        return CheckOutcome(name, "noted", f"{_('How much of the newest data is missing is not known.')} {reason}")
    values = {"limit": format_duration(objective_seconds), "reason": reason}
    if at_most is None:
        return cannot_say(name, _("Whether the RPO objective of %(limit)s is met cannot be said. %(reason)s"), **values)
    values["bound"] = format_duration(at_most)
    if at_most <= objective_seconds:
        message = _("At most %(bound)s can be missing, within the RPO objective of %(limit)s.")
        return holds(name, message, **values)
    message = _(
        "Whether the RPO objective of %(limit)s is met cannot be said: the newest restored transaction is from "
        "%(bound)s before the test began, and whether anything was written since is not known. %(reason)s Set a "
        "heartbeat among its checks, which would tell."
    )
    return cannot_say(name, message, **values)


def most_missing(*, restored_to: datetime | None, started_at: datetime, now: datetime) -> float | None:
    """How many seconds can be missing at most, whatever the source is like; None for unknown.

    Whatever is missing was written after the newest restored transaction and before the test began. A transaction of
    the future was dated by a wrong clock, and says nothing.
    """
    if restored_to is None or restored_to > now + CLOCK_SKEW:
        return None
    return round(max(0.0, (started_at - restored_to).total_seconds()), 3)


def explain_unknown(reason: str, at_most: float | None) -> str:
    """Why the RPO is unknown, and what is known all the same."""
    if at_most is None:
        return reason
    message = _("At most %(bound)s can be missing; a heartbeat would tell.")
    return f"{reason} {message % {'bound': format_duration(at_most)}}"


def recovery_point(
    *, restored_to: datetime | None, following_at: datetime | None, source: SourceState, target_at: datetime | None
) -> tuple[float | None, str]:
    """The RPO in seconds, or None and the reason.

    It is the time between the source's last write (for a point in time: that point, where it is earlier) and the
    newest restored transaction; 0 where nothing is missing. `following_at` is when the transaction after that one was
    replicated, None for unknown: not before the moment asked for, the source was idle and nothing is missing.
    """
    if restored_to is None:
        return None, _("The replica does not say when its newest transaction was made.")
    if target_at and following_at and following_at >= target_at:
        return 0.0, ""
    if source.last_write is None:
        return None, source.reason
    reference = min(source.last_write, target_at) if target_at else source.last_write
    return round(max(0.0, (reference - restored_to).total_seconds()), 3), ""


def _size(found: Inspection) -> CheckOutcome:
    size = format_bytes(found.size_bytes)
    if found.is_expected_size is None:
        return holds("size", _("The restored data has %(size)s; the backup announces no size."), size=size)
    if found.is_expected_size:
        return holds("size", _("The restored data has the %(size)s that the backup announced."), size=size)
    return fails(
        "size",
        _("The restored data has %(size)s and should have %(expected)s."),
        size=size,
        expected=format_bytes(found.expected_bytes or 0),
    )


def _integrity(found: Inspection) -> CheckOutcome:
    name, integrity = "integrity_check", found.integrity
    if integrity.is_ok:
        return holds(name, _("The database’s own full integrity check found no fault."))
    if integrity.is_ok is None:
        return fails(name, _("The integrity could not be checked: %(note)s"), note=integrity.note)
    message = _("The database’s own integrity check found faults: %(faults)s.")
    return fails(name, message, faults="; ".join(integrity.problems)[:300])


def _notes(found: Inspection) -> list[CheckOutcome]:
    """One a note, each once. Where the integrity is unknown, they are the reason for that and told with it."""
    return [] if found.integrity.is_ok is None else [note(one) for one in dict.fromkeys(found.integrity.notes)]


def _foreign_keys(found: Inspection) -> CheckOutcome:
    name, keys = "foreign_keys", found.foreign_keys
    if keys.unchecked:
        return fails(name, _("Foreign keys could not be checked in: %(tables)s."), tables=", ".join(keys.unchecked))
    if keys.violations:
        return fails(
            name,
            _("%(count)s rows point to rows that are not there, in: %(tables)s."),
            count=keys.violations,
            tables=", ".join(keys.tables),
        )
    return holds(name, _("Every foreign key points to a row that is there."))


def _row_counts(found: Inspection) -> CheckOutcome:
    name, rows = "row_counts", sum(found.row_counts.values())
    if found.uncountable:
        return fails(name, _("The rows could not be counted in: %(tables)s."), tables=", ".join(found.uncountable))
    if not rows:
        return fails(name, _("The restored database has no rows at all."))
    return holds(
        name, _("%(rows)s rows in %(tables)s tables were counted."), rows=f"{rows:,}", tables=len(found.row_counts)
    )
