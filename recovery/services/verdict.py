"""What a restored database must hold up to, and how much of it is missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lib.durations import format_bytes, format_duration
from recovery.methods.sqlite_file import Inspection

# Litestream keeps points in time this far apart once the raw files are compacted, so a restore to a moment may
# rightly end this much before it.
POINT_IN_TIME_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class CheckOutcome:
    """One check, whether it holds, and the sentence for a person on call."""

    name: str
    is_passed: bool
    message: str

    def as_json(self) -> dict[str, object]:
        """The outcome as it is stored and printed."""
        return {"name": self.name, "passed": self.is_passed, "message": self.message}


def stopped_early(message: str) -> CheckOutcome:
    """What stands in the list of checks of a test that never got to them."""
    return CheckOutcome("restore", False, message)


def judge(found: Inspection, *, target_at: datetime | None, restored_to: datetime | None) -> list[CheckOutcome]:
    """Every check of a restored SQLite database; the test passes when all hold."""
    return [_size(found), _integrity(found), _foreign_keys(found), _tables(found), _moment(target_at, restored_to)]


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
        return CheckOutcome("size", True, _("The restored file has %(size)s; the replica announces no size.") % {"size": size})
    if found.is_expected_size:
        return CheckOutcome("size", True, _("The restored file has the %(size)s that the replica announced.") % {"size": size})
    return CheckOutcome(
        "size",
        False,
        _("The restored file has %(size)s and should have %(expected)s.")
        % {"size": size, "expected": format_bytes(found.expected_bytes or 0)},
    )


def _integrity(found: Inspection) -> CheckOutcome:
    integrity = found.integrity
    if integrity.is_ok:
        return CheckOutcome("integrity_check", True, " ".join([_("SQLite's full integrity check found no fault."), integrity.note]).strip())
    if integrity.is_ok is None:
        return CheckOutcome("integrity_check", False, _("SQLite could not check the integrity: %(note)s") % {"note": integrity.note})
    return CheckOutcome(
        "integrity_check",
        False,
        _("SQLite's integrity check found faults: %(faults)s") % {"faults": "; ".join(integrity.problems)[:300]},
    )


def _foreign_keys(found: Inspection) -> CheckOutcome:
    keys = found.foreign_keys
    if keys.unchecked:
        return CheckOutcome(
            "foreign_keys", False, _("Foreign keys could not be checked in: %(tables)s.") % {"tables": ", ".join(keys.unchecked)}
        )
    if not keys.violations:
        return CheckOutcome("foreign_keys", True, _("Every foreign key points to a row that is there."))
    return CheckOutcome(
        "foreign_keys",
        False,
        _("%(count)s rows point to rows that are not there, in: %(tables)s.")
        % {"count": keys.violations, "tables": ", ".join(keys.tables)},
    )


def _tables(found: Inspection) -> CheckOutcome:
    if found.uncountable:
        return CheckOutcome(
            "row_counts", False, _("The rows could not be counted in: %(tables)s.") % {"tables": ", ".join(found.uncountable)}
        )
    rows = sum(found.row_counts.values())
    if not rows:
        return CheckOutcome("row_counts", False, _("The restored database has no rows at all."))
    return CheckOutcome(
        "row_counts",
        True,
        _("%(rows)s rows in %(tables)s tables were counted.") % {"rows": f"{rows:,}", "tables": len(found.row_counts)},
    )


def _moment(target_at: datetime | None, restored_to: datetime | None) -> CheckOutcome:
    if target_at is None:
        return CheckOutcome("point_in_time", True, _("The latest state was asked for and restored."))
    if restored_to is None:
        return CheckOutcome("point_in_time", False, _("The replica does not say which point in time was restored."))
    behind = target_at - restored_to
    gap = format_duration(behind.total_seconds())
    if behind > POINT_IN_TIME_TOLERANCE:
        return CheckOutcome(
            "point_in_time",
            False,
            _("The newest restored transaction is %(gap)s before the time asked for: the replica has a gap, or nothing was written.") % {"gap": gap},
        )
    return CheckOutcome("point_in_time", True, _("The newest restored transaction is %(gap)s before the time asked for.") % {"gap": gap})
