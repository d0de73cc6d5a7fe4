"""What recovery adds to an incident's document: the evidence, with RTO and RPO against their objectives.

No file is read here: each stands there with its digest, by which a copy of it can be told to be the one. Pictures are
shown below, in the files by whoever makes those.
"""

from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.documents.blocks import format_instant
from incidents.documents.contributions import Contribution
from incidents.documents.tree import Block, Cell, Column, Fact, Facts, Figure, Gap, Picture, Table
from incidents.models import Incident
from lib.durations import format_bytes, format_duration
from recovery.attestation.attachments import attachments_of
from recovery.document_charts import measured_charts
from recovery.evidence_words import rpo_of, rto_of
from recovery.models import Evidence, RestoreTest
from recovery.queries import list_evidence, newest_evidence_change

SECTION = "recovery"


def evidence_blocks(incident: Incident) -> Contribution:
    """A summary of all attached restore tests, then each with its facts and row counts, then the files and links."""
    evidence = list(list_evidence(incident))
    tests = [item for item in evidence if item.kind == Evidence.Kind.RESTORE_TEST]
    others = [item for item in evidence if item.kind != Evidence.Kind.RESTORE_TEST]
    gap = Gap(_("No restore test is attached to this incident, so nothing here shows that the data can be restored."))
    blocks: list[Block] = [_overview(tests) if tests else gap]
    blocks += measured_charts(incident, [item.test for item in tests])
    for item in tests:
        blocks += [_facts(item), _row_counts(item.test)]
    if others:
        blocks.append(_files_and_links(others))
    pictures = [item for item in others if item.file_kind and item.file_kind.is_picture]
    blocks += [Figure(_address_of(item), item.caption) for item in pictures]
    attachments = attachments_of(item.test for item in tests)
    shown = tuple(_picture(item) for item in pictures)
    return Contribution(tuple(blocks), newest_evidence_change(incident), attachments, shown)


def _picture(item: Evidence) -> Picture:
    folder = Path(settings.EVIDENCE_DIR)
    return Picture(_address_of(item), item.file_sha256, item.file_type, item.file_bytes or 0, folder)


def _address_of(item: Evidence) -> str:
    return reverse("recovery:evidence_file", args=[item.pk])


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


def _files_and_links(evidence: list[Evidence]) -> Table:
    columns = (
        Column(_("Kind"), 1),
        Column(_("What it shows"), 3),
        Column(_("File or address"), 3),
        Column(_("Attached by"), 2),
        Column("SHA-256", 3),
    )
    zone = timezone.get_default_timezone()
    rows = tuple(
        (
            Cell(item.get_kind_display()),
            Cell(item.caption),
            _file_or_address(item),
            Cell(f"{item.attached_by}, {format_instant(item.attached_at, zone)}"),
            Cell(item.file_sha256, "code") if item.file_sha256 else Cell("–"),
        )
        for item in evidence
    )
    return Table(_("Files and links"), columns, rows)


def _file_or_address(item: Evidence) -> Cell:
    if item.kind == Evidence.Kind.LINK:
        # An address in pointed brackets is a link that shows where it leads, on paper too.
        return Cell(f"<{item.url}>", "markdown")
    kind = item.file_kind.title if item.file_kind else item.file_type
    return Cell(f"{item.file_name} ({kind}, {format_bytes(item.file_bytes or 0)})")


def _facts(item: Evidence) -> Facts:
    test, zone = item.test, timezone.get_default_timezone()
    facts = [
        Fact(
            _("Database and replica"),
            Cell(f"{test.replica.database.name} / {test.replica.name} ({test.replica.get_method_display()})"),
        ),
        Fact(_("Result"), Cell(test.get_status_display(), "state", test.status)),
        Fact("RTO", Cell(rto_of(test))),
        Fact("RPO", Cell(rpo_of(test))),
        Fact(_("Restored to"), Cell(format_instant(test.restored_to, zone) if test.restored_to else _("unknown"))),
        Fact(_("Integrity"), Cell(test.integrity or _("not checked"))),
        Fact(_("Size"), Cell(format_bytes(test.size_bytes) if test.size_bytes else _("unknown"))),
        Fact("SHA-256", Cell(test.sha256 or _("unknown"), "code")),
        Fact(_("Tool"), Cell(test.tool or _("unknown"))),
    ]
    if hasattr(test, "record"):
        facts.append(Fact(_("Signed record"), Cell(str(test.record.sequence), "code")))
        facts.append(Fact(_("SHA-256 of the record"), Cell(test.record.sha256, "code")))
    if test.origin == RestoreTest.Origin.REPORTED:
        reported = _("Reported by %(host)s, not measured here") % {"host": test.reporter or _("unknown")}
        facts.insert(1, Fact(_("Origin"), Cell(reported)))
    if test.finished_at:
        facts.append(Fact(_("Finished"), Cell(format_instant(test.finished_at, zone))))
    facts.append(Fact(_("Attached by"), Cell(f"{item.attached_by}, {format_instant(item.attached_at, zone)}")))
    facts += [Fact(_("Reason"), Cell(reason)) for reason in test.reasons]
    facts += [Fact(_("Note"), Cell(note)) for note in test.notes]
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
