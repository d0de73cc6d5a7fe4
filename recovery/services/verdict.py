"""What a restored database must hold up to, and how much of it is missing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lib.durations import format_bytes, format_duration
from recovery.methods.sqlite_file import Inspection


@dataclass(frozen=True)
class CheckOutcome:
    """One check, whether it holds, and the sentence for a person on call."""

    name: str
    is_passed: bool
    message: str

    def as_json(self) -> dict[str, object]:
        """The outcome as it is stored and printed."""
        return {"name": self.name, "passed": self.is_passed, "message": self.message}


def holds(name: str, message: str, **values: object) -> CheckOutcome:
    """A check that holds; `values` fill the message."""
    return CheckOutcome(name, is_passed=True, message=message % values if values else message)


def fails(name: str, message: str, **values: object) -> CheckOutcome:
    """A check that does not hold; `values` fill the message."""
    return CheckOutcome(name, is_passed=False, message=message % values if values else message)


def stopped_early(message: str) -> CheckOutcome:
    """What stands in the list of checks of a test that never got to them."""
    return fails("restore", message)


def judge(found: Inspection) -> list[CheckOutcome]:
    """Every check of what is in a restored SQLite database."""
    return [_size(found), _integrity(found), _foreign_keys(found), _row_counts(found)]


def judge_moment(*, target_at: datetime, restored_to: datetime | None, has_gap: bool) -> CheckOutcome:
    """Whether a restore to a point in time reached it; `has_gap` where the replica lost what followed."""
    name = "point_in_time"
    if restored_to is None:
        return fails(name, _("The replica does not say which moment was restored, so it may not be the one asked for."))
    gap = format_duration((target_at - restored_to).total_seconds())
    if has_gap:
        return fails(
            name,
            _("The restore ends %(gap)s before the time asked for, because the replica lost what came next."),
            gap=gap,
        )
    return holds(name, _("The newest restored transaction is %(gap)s before the time asked for."), gap=gap)


def recovery_point(
    *, restored_to: datetime | None, last_write: datetime | None, target_at: datetime | None, path: str
) -> tuple[float | None, str]:
    """The RPO in seconds, or None and the reason.

    It is the time between the source's last write (for a point in time: that point, where it is earlier) and the
    newest restored transaction; 0 where nothing is missing.
    """
    if restored_to is None:
        return None, _("The replica does not say when its newest transaction was made.")
    if last_write is None:
        return None, _("The source %(path)s cannot be read from here, so its last write is not known.") % {"path": path}
    reference = min(last_write, target_at) if target_at else last_write
    return round(max(0.0, (reference - restored_to).total_seconds()), 3), ""


def _size(found: Inspection) -> CheckOutcome:
    size = format_bytes(found.size_bytes)
    if found.is_expected_size is None:
        return holds("size", _("The restored file has %(size)s; the replica announces no size."), size=size)
    if found.is_expected_size:
        return holds("size", _("The restored file has the %(size)s that the replica announced."), size=size)
    return fails(
        "size",
        _("The restored file has %(size)s and should have %(expected)s."),
        size=size,
        expected=format_bytes(found.expected_bytes or 0),
    )


def _integrity(found: Inspection) -> CheckOutcome:
    name, integrity = "integrity_check", found.integrity
    if integrity.is_ok:
        return holds(name, " ".join([_("SQLite’s full integrity check found no fault."), integrity.note]).strip())
    if integrity.is_ok is None:
        return fails(name, _("SQLite could not check the integrity: %(note)s"), note=integrity.note)
    return fails(
        name, _("SQLite’s integrity check found faults: %(faults)s."), faults="; ".join(integrity.problems)[:300]
    )


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
