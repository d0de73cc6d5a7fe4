"""What a restored database must hold up to, and how much of it is missing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lib.durations import format_bytes, format_duration
from recovery.methods.inspection import Inspection

# Fewer than this share of the rows there were is a loss, not a tidying up.
SMALLEST_SHARE = 0.5
# Of so few rows, such as open sessions, half can go in a minute. They still count in the whole.
FEWEST_ROWS = 10
MOST_NAMED = 5


@dataclass(frozen=True)
class CheckOutcome:
    """One check, whether it holds, and the sentence for a person on call."""

    name: str
    is_passed: bool
    message: str
    # Where nothing can be said, the test is inconclusive rather than failed.
    is_unknown: bool = False

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


def judge_shrinkage(found: Inspection, *, before: dict[str, int], reference: str) -> CheckOutcome:
    """Whether the tables are still there, with at least half of the rows that the test `reference` counted."""
    name, now = "no_shrinkage", found.row_counts
    # What is there but cannot be counted is another check's to say.
    unknown = {*found.uncountable, *found.schema.uncounted}
    losses = [
        _describe_loss(table, now.get(table), rows)
        for table, rows in sorted(before.items())
        if table not in unknown and (table not in now or (rows >= FEWEST_ROWS and _is_shrunken(now[table], rows)))
    ]
    if not losses and _is_shrunken(sum(now.values()), sum(before.values())):
        losses = [_describe_loss(_("all tables together"), sum(now.values()), sum(before.values()))]
    if not losses:
        return holds(
            name, _("Every table of %(reference)s is there, with at least half of its rows."), reference=reference
        )
    named = "; ".join(losses[:MOST_NAMED]) + ("; …" if len(losses) > MOST_NAMED else "")
    message = _(
        "Rows are gone since %(reference)s: %(losses)s. If that was meant, add the replica's folder once more under "
        "another name: its tests begin anew."
    )
    return fails(name, message, reference=reference, losses=named)


def judge_freshness(*, rpo_seconds: float | None, rpo_reason: str, objective_seconds: int) -> CheckOutcome:
    """Whether the latest state is as new as the objective asks; unknown where the RPO is."""
    name, objective = "freshness", format_duration(objective_seconds)
    if rpo_seconds is None:
        message = _("Whether the RPO objective of %(objective)s is met cannot be said. %(reason)s")
        return CheckOutcome(
            name, is_passed=False, message=message % {"objective": objective, "reason": rpo_reason}, is_unknown=True
        )
    measured = format_duration(rpo_seconds)
    if rpo_seconds > objective_seconds:
        message = _("The newest %(measured)s are missing; the RPO objective is %(objective)s. Check the replication.")
        return fails(name, message, measured=measured, objective=objective)
    if not rpo_seconds:
        return holds(name, _("Nothing that was written to the source is missing."))
    message = _("The newest %(measured)s are missing, within the RPO objective of %(objective)s.")
    return holds(name, message, measured=measured, objective=objective)


def recovery_point(
    *,
    restored_to: datetime | None,
    following_at: datetime | None,
    last_write: datetime | None,
    target_at: datetime | None,
    path: str,
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
    if last_write is None:
        return None, _("The source %(path)s cannot be read from here, so its last write is not known.") % {"path": path}
    reference = min(last_write, target_at) if target_at else last_write
    return round(max(0.0, (reference - restored_to).total_seconds()), 3), ""


def _is_shrunken(rows: int, before: int) -> bool:
    return rows < before * SMALLEST_SHARE


def _describe_loss(table: str, rows: int | None, before: int) -> str:
    values = {"table": table, "rows": f"{rows or 0:,}", "before": f"{before:,}"}
    if rows is None:
        return _("%(table)s is missing (%(before)s rows before)") % values
    return _("%(table)s has %(rows)s rows (%(before)s before)") % values


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
