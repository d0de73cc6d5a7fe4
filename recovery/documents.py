"""What recovery adds to an incident's document: the evidence, with RTO and RPO against their objectives."""

from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.documents.blocks import format_instant
from incidents.documents.contributions import Contribution
from incidents.documents.tree import Block, Cell, Column, Fact, Facts, Gap, Table
from incidents.models import Incident
from lib.durations import format_bytes, format_duration
from recovery.models import Evidence, RestoreTest
from recovery.queries import list_evidence, newest_evidence_change

SECTION = "recovery"


def evidence_blocks(incident: Incident) -> Contribution:
    """A summary of all attached restore tests, then each with its facts and row counts."""
    evidence = list(list_evidence(incident))
    if not evidence:
        gap = Gap(
            _("No restore test is attached to this incident, so nothing here shows that the data can be restored.")
        )
        return Contribution((gap,), newest_evidence_change(incident))
    blocks: list[Block] = [_overview(evidence)]
    for item in evidence:
        blocks += [_facts(item), _row_counts(item.test)]
    return Contribution(tuple(blocks), newest_evidence_change(incident))


def _overview(evidence: list[Evidence]) -> Table:
    columns = (
        Column(_("Test"), 2),
        Column(_("What it shows"), 4),
        Column(_("Result"), 2),
        Column("RTO", 2),
        Column("RPO", 2),
    )
    return Table(
        _("Restore tests"),
        columns,
        tuple(
            (
                Cell(item.test.reference, "code"),
                Cell(item.caption),
                Cell(item.test.get_status_display(), "state", item.test.status),
                Cell(_seconds(item.test.rto_seconds)),
                Cell(_seconds(item.test.rpo_seconds)),
            )
            for item in evidence
        ),
    )


def _facts(item: Evidence) -> Facts:
    test, zone = item.test, timezone.get_default_timezone()
    facts = [
        Fact(
            _("Database and replica"),
            Cell(f"{test.replica.database.name} / {test.replica.name} ({test.replica.get_method_display()})"),
        ),
        Fact(_("Result"), Cell(test.get_status_display(), "state", test.status)),
        Fact("RTO", Cell(_against(test.rto_seconds, test.rto_objective_seconds, met=test.is_rto_met, reason=""))),
        Fact(
            "RPO",
            Cell(_against(test.rpo_seconds, test.rpo_objective_seconds, met=test.is_rpo_met, reason=test.rpo_reason)),
        ),
        Fact(_("Restored to"), Cell(format_instant(test.restored_to, zone) if test.restored_to else _("unknown"))),
        Fact(_("Integrity"), Cell(test.integrity or _("not checked"))),
        Fact(_("Size"), Cell(format_bytes(test.size_bytes) if test.size_bytes else _("unknown"))),
        Fact("SHA-256", Cell(test.sha256 or _("unknown"), "code")),
        Fact(_("Tool"), Cell(test.tool or _("unknown"))),
    ]
    if test.finished_at:
        facts.append(Fact(_("Finished"), Cell(format_instant(test.finished_at, zone))))
    facts.append(Fact(_("Attached by"), Cell(str(item.attached_by))))
    facts += [Fact(_("Reason"), Cell(reason)) for reason in test.reasons]
    return Facts(tuple(facts), title=f"{test.reference} · {item.caption}")


def _row_counts(test: RestoreTest) -> Block:
    if not test.tables:
        return Gap(_("No table was counted in %(test)s.") % {"test": test.reference})
    rows = tuple((Cell(name, "code"), Cell(f"{count:,}", "number")) for name, count in sorted(test.tables.items()))
    return Table(
        _("Rows restored in %(test)s") % {"test": test.reference},
        (Column(_("Table"), 8), Column(_("Rows"), 4, is_numeric=True)),
        rows,
    )


def _seconds(seconds: float | None) -> str:
    return _("unknown") if seconds is None else format_duration(seconds)


def _against(seconds: float | None, objective: int | None, *, met: bool | None, reason: str) -> str:
    if seconds is None:
        return " ".join(filter(None, [_("unknown") if not reason else _("unknown:"), reason]))
    if objective is None:
        return _("%(measured)s (no objective)") % {"measured": format_duration(seconds)}
    verdict = _("met") if met else _("missed")
    return _("%(measured)s, objective %(objective)s: %(verdict)s") % {
        "measured": format_duration(seconds),
        "objective": format_duration(objective),
        "verdict": verdict,
    }
