"""The evidence in an incident's document: what was met, what was missed, what is unknown and why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from incidents.documents.build import build_document
from incidents.documents.html import render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.tree import Block, Chart, Facts, Figure, Gap, Table
from incidents.models import Incident
from incidents.services.drafts import start_postmortem
from recovery.documents import SECTION, evidence_blocks
from recovery.models import Evidence
from recovery.services.evidence import attach_evidence, attach_link, withdraw_evidence
from tests.factories import NOW, make_database, make_file_evidence, make_incident, make_replica, make_restore_test
from tests.recovery.records import make_records

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return make_incident()


def attach(incident: Incident, caption: str = "All is there", **facts: Any) -> Evidence:
    replica = facts.pop("replica", None) or make_replica(make_database(f"shop-{Evidence.objects.count()}"))
    test = make_restore_test(replica, **facts)
    return attach_evidence(test, incident=incident, caption=caption, actor=incident.declared_by, now=NOW)


def facts_of(block: Block) -> dict[str, str]:
    assert isinstance(block, Facts)
    return {fact.label: fact.value.text for fact in block.items}


def test_no_evidence_is_a_gap_and_said_so(incident: Incident) -> None:
    contribution = evidence_blocks(incident)
    (block,) = contribution.blocks
    assert isinstance(block, Gap)
    assert "nothing here shows that the data can be restored" in block.text
    assert contribution.modified_at is None


def test_a_note_stands_beside_the_reasons(incident: Incident) -> None:
    checks = [
        {"name": "size", "passed": False, "outcome": "failed", "message": "Too small."},
        {"name": "note", "passed": True, "outcome": "noted", "message": "Copied without its -wal."},
    ]
    attach(incident, status="failed", checks=checks)
    _overview, facts, _rows = evidence_blocks(incident).blocks
    told = facts_of(facts)
    assert (told["Reason"], told["Note"]) == ("Too small.", "Copied without its -wal.")


def test_a_test_that_met_its_objectives_says_so(incident: Incident) -> None:
    evidence = attach(incident, rto_objective_seconds=60, rpo_objective_seconds=1)
    overview, facts, rows = evidence_blocks(incident).blocks
    assert isinstance(overview, Table)
    reference = evidence.restore_test.reference
    assert [cell.text for cell in overview.rows[0]] == [reference, "All is there", "Passed", "8.5 s", "400 ms"]
    assert isinstance(facts, Facts)
    assert facts.title == f"{reference} · All is there"
    told = facts_of(facts)
    assert told["RTO"] == "8.5 s, objective 1 min: met"
    assert told["RPO"] == "400 ms, objective 1 s: met"
    assert told["Database and replica"] == "shop-0 / local (Litestream)"
    assert told["Size"] == "15.2 MB"
    assert told["SHA-256"] == "a" * 64
    assert isinstance(rows, Table)
    assert [[cell.text for cell in row] for row in rows.rows] == [["users", "150,000"]]


def test_a_missed_objective_and_none_at_all_are_told_apart(incident: Incident) -> None:
    attach(incident, rto_objective_seconds=8, rpo_objective_seconds=None)
    told = facts_of(evidence_blocks(incident).blocks[1])
    assert told["RTO"] == "8.5 s, objective 8 s: missed"
    assert told["RPO"] == "400 ms (no objective)"


def test_a_point_in_time_neither_meets_nor_misses_the_rpo_objective(incident: Incident) -> None:
    attach(incident, target_at=NOW, rto_objective_seconds=60, rpo_objective_seconds=1)
    told = facts_of(evidence_blocks(incident).blocks[1])
    assert told["RTO"] == "8.5 s, objective 1 min: met"
    assert told["RPO"] == "400 ms"


def test_an_objective_met_to_the_second_is_met(incident: Incident) -> None:
    attach(incident, rto_seconds=8.0, rto_objective_seconds=8, rpo_seconds=0.0, rpo_objective_seconds=0)
    told = facts_of(evidence_blocks(incident).blocks[1])
    assert told["RTO"].endswith("met")
    assert told["RPO"].endswith("met")


def test_what_is_unknown_is_said_with_its_reason(incident: Incident) -> None:
    nothing = {"rto_seconds": None, "rpo_seconds": None, "tables": {}, "sha256": "", "size_bytes": None, "tool": ""}
    checks = [{"name": "restore", "passed": False, "message": "The scratch disk was full."}]
    attach(incident, status="inconclusive", rpo_reason="The source cannot be read.", rpo_objective_seconds=1,
           integrity="", restored_to=None, checks=checks, **nothing)  # fmt: skip
    overview, facts, rows = evidence_blocks(incident).blocks
    told = facts_of(facts)
    assert isinstance(overview, Table)
    assert [cell.text for cell in overview.rows[0][2:]] == ["Inconclusive", "unknown", "unknown"]
    assert (told["RTO"], told["RPO"]) == ("unknown", "unknown: The source cannot be read.")
    assert told["Reason"] == "The scratch disk was full."
    assert {told[name] for name in ("Restored to", "Size", "SHA-256", "Tool")} == {"unknown"}
    assert told["Integrity"] == "not checked"
    assert isinstance(rows, Gap)


def test_withdrawn_evidence_is_left_out_and_changes_the_document(incident: Incident) -> None:
    evidence = attach(incident)
    assert evidence_blocks(incident).modified_at == NOW
    later = NOW + timedelta(hours=1)
    withdraw_evidence(evidence, actor=incident.declared_by, now=later)
    contribution = evidence_blocks(incident)
    assert isinstance(contribution.blocks[0], Gap)
    assert contribution.modified_at == later


def test_blocks_take_the_same_queries_for_one_and_for_many(incident: Incident, django_assert_num_queries: Any) -> None:
    for count in (1, 4):
        for _ in range(count):
            attach(incident)
        with django_assert_num_queries(3):
            evidence_blocks(incident)


def test_text_from_outside_is_text_in_every_output(incident: Incident) -> None:
    script, link = "<script>alert(1)</script>", "[here](javascript:alert(1))"
    replica = make_replica(make_database("shop", f"/data/{script}.db"), f"/data/{link}")
    checks = [{"name": "restore", "passed": False, "message": f"The log says {script} {link}."}]
    attach(incident, f"{script} {link}", replica=replica, status="failed", tables={script: 1, link: 2, "a|b\n\n# c": 3},
           checks=checks, rpo_seconds=None, rpo_reason=script, tool=script, integrity=link)  # fmt: skip
    postmortem = start_postmortem(incident, actor=incident.declared_by)
    document = build_document(postmortem)
    assert SECTION in {section.key for section in document.sections}
    html, markdown = render_self_contained(document), render_markdown_file(document)
    assert "<script" not in html
    assert 'href="javascript:' not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in markdown.replace(r"\<script", "")
    assert "[here](" not in markdown
    assert r"| a\|b # c | 3 |" in markdown


def test_times_are_told_in_the_installations_timezone(incident: Incident) -> None:
    attach(incident, restored_to=datetime(2026, 3, 10, 14, 3, 5, tzinfo=UTC))
    assert facts_of(evidence_blocks(incident).blocks[1])["Restored to"] == "2026-03-10 14:03:05"


def link(incident: Incident, url: str = "https://example.org/d/1?a=1&b=2", caption: str = "The graph") -> Evidence:
    return attach_link(incident, url=url, caption=caption, actor=incident.declared_by, now=NOW)


def test_files_and_links_stand_in_a_table_of_their_own(incident: Incident) -> None:
    attach(incident)
    make_file_evidence(incident, "The disk filled up", file_name="disk.png", file_type="image/png")
    link(incident)
    *tests, table, shown = evidence_blocks(incident).blocks
    assert len(tests) == 3
    assert isinstance(table, Table)
    assert isinstance(shown, Figure)
    assert shown.caption == "The disk filled up"
    assert sum(column.width for column in table.columns) == 12
    by = f"{incident.declared_by}, 2026-11-22 12:00"
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["File", "The disk filled up", "disk.png (PNG picture, 1.2 kB)", by, "b" * 64],
        ["Link", "The graph", "<https://example.org/d/1?a=1&b=2>", by, "–"],
    ]


def test_files_alone_do_not_hide_that_no_test_is_attached(incident: Incident) -> None:
    make_file_evidence(incident)
    gap, table = evidence_blocks(incident).blocks
    assert isinstance(gap, Gap)
    assert isinstance(table, Table)


def test_a_test_says_by_whom_and_when_it_was_attached(incident: Incident) -> None:
    attach(incident)
    told = facts_of(evidence_blocks(incident).blocks[1])
    assert told["Attached by"] == f"{incident.declared_by}, 2026-11-22 12:00"
    assert told["Finished"] == "2026-11-22 12:00"


def test_withdrawn_files_and_links_are_left_out(incident: Incident) -> None:
    later = NOW + timedelta(hours=1)
    for evidence in (make_file_evidence(incident), link(incident)):
        withdraw_evidence(evidence, actor=incident.declared_by, now=later)
    contribution = evidence_blocks(incident)
    assert len(contribution.blocks) == 1
    assert contribution.modified_at == later


def test_every_output_shows_the_address_and_the_digest(incident: Incident) -> None:
    make_file_evidence(incident, "<b>Full</b> | *disk*", file_name="a_b|c<i>.log")
    link(incident, "https://example.org/a_b?d={e|f}&g='h'")
    document = build_document(start_postmortem(incident, actor=incident.declared_by))
    html, markdown = render_self_contained(document), render_markdown_file(document)
    address = "https://example.org/a_b?d={e|f}&amp;g='h'"
    assert f">{address}</a>" in html.replace("&#x27;", "'").replace("&#39;", "'")
    assert "&lt;b&gt;Full&lt;/b&gt; | *disk*" in html
    for text in (html, markdown):
        assert "b" * 64 in text
        assert "<b>" not in text
        assert "<i>" not in text
    assert r"https://example.org/a_b?d={e\|f}&g='h'" in markdown
    assert r"a\_b\|c&lt;i&gt;.log (Text, 1.2 kB)" in markdown


def test_a_document_with_files_is_the_same_each_time_and_reads_no_file(incident: Incident) -> None:
    make_file_evidence(incident)
    link(incident)
    postmortem = start_postmortem(incident, actor=incident.declared_by)
    assert build_document(postmortem) == build_document(postmortem)


def test_files_and_links_take_no_more_queries(incident: Incident, django_assert_num_queries: Any) -> None:
    for number in range(3):
        make_file_evidence(incident)
        link(incident, f"https://example.org/{number}")
        with django_assert_num_queries(2):
            evidence_blocks(incident)


def measured(incident: Incident) -> list[Chart]:
    return [block for block in evidence_blocks(incident).blocks if isinstance(block, Chart)]


def test_the_tests_of_the_database_are_charts_up_to_the_one_attached(incident: Incident) -> None:
    replica = make_replica(make_database("charted"))
    for number in range(4):
        facts = {"finished_at": NOW - timedelta(days=9 - number), "rto_seconds": 5.0 + number}
        make_restore_test(replica, "failed" if number == 2 else "passed", **facts)
    attach(incident, replica=replica, rto_objective_seconds=60, rpo_objective_seconds=5)
    rto, rpo = measured(incident)
    assert rto.title == "Restore time in the tests of charted"
    assert rpo.title == "Data not in the replica in the tests of charted"
    assert rto.limit is not None
    assert rto.limit.label == "RTO objective 1 min"
    assert "1 test did not pass." in rto.description
    make_restore_test(replica, rto_seconds=500.0)
    assert measured(incident) == [rto, rpo]


def test_one_test_alone_is_no_chart(incident: Incident) -> None:
    attach(incident)
    assert measured(incident) == []


def test_tests_of_a_restricted_incident_are_in_no_chart(incident: Incident) -> None:
    replica = make_replica(make_database("charted"))
    hidden = make_incident(title="Hidden", visibility="restricted")
    make_restore_test(replica, incident=hidden, rto_seconds=777.0)
    attach(incident, replica=replica)
    assert measured(incident) == []


def test_the_digest_of_a_signed_record_stands_on_its_own(
    incident: Incident, settings: Settings, tmp_path: Path
) -> None:
    settings.RECORDS_DIR = tmp_path
    [record] = make_records(1, make_replica())
    attach_evidence(record.restore_test, incident=incident, caption="Signed", actor=incident.declared_by, now=NOW)
    told = facts_of(evidence_blocks(incident).blocks[1])
    assert (told["Signed record"], told["SHA-256 of the record"]) == ("1", record.sha256)
