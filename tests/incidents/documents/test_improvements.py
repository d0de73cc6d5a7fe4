"""Figures before and after in the document: as they are now, with where they are from."""

import pytest

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_self_contained
from incidents.documents.improvements import improvement_rows
from incidents.documents.markdown import render_markdown_file
from incidents.models import Improvement, Incident
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_restore_test
from tests.incidents.conftest import THEN, Scene


def make(scene: Scene, **facts: str) -> Improvement:
    return Improvement.objects.create(incident=scene.incident, metric="RTO", **facts)


def test_a_bound_figure_is_read_anew_and_says_its_source(scene: Scene, responder: User) -> None:
    test = make_restore_test()
    attach_evidence(test, incident=scene.incident, caption="x", actor=responder, now=NOW)
    source = f"{scene.incident.reference}.time_to_resolve"
    make(scene, before="old", before_source=source, after="older", after_source=f"{test.reference}.rto")
    Incident.objects.filter(pk=scene.incident.pk).update(
        impact_started_at=THEN, resolved_at=THEN.replace(minute=25), status="resolved"
    )
    document = build_document(scene.section.postmortem)
    html, text = render_self_contained(document), render_markdown_file(document)
    assert f">{scene.incident.reference}</a>)" in html
    assert f">{test.reference}</a>)" in html
    assert "older" not in html
    assert f"- **RTO:** [25 min ({scene.incident.reference})](" in text
    assert f"→ [8.5 s ({test.reference})](" in text


@pytest.mark.parametrize("source", ["RT-99999.rto", "INC-1.nothing"])
def test_what_is_not_measured_is_unknown(scene: Scene, source: str) -> None:
    (row,) = improvement_rows([make(scene, before="1 min", after_source=source)], scene.incident)
    assert (row.after.text, row.after.state, row.after_share) == ("unknown", "unknown", 0)


def test_what_nobody_typed_is_unknown(scene: Scene) -> None:
    (row,) = improvement_rows([make(scene, before="", after="1 min")], scene.incident)
    assert (row.before.text, row.before.state) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("before", "after", "shares"),
    [
        ("25 min", "2 min", (100, 8)),
        ("2 min", "25 min", (8, 100)),
        ("1 d", "1 s", (100, 0.8)),
        ("25 min", "2 min (with the runbook)", (100, 8)),
        ("25 min", "80 % threshold", (0, 0)),
        ("often", "never", (0, 0)),
        ("0 s", "0 s", (0, 0)),
    ],
)
def test_two_durations_have_bars(scene: Scene, before: str, after: str, shares: tuple[float, float]) -> None:
    (row,) = improvement_rows([make(scene, before=before, after=after)], scene.incident)
    assert (row.before_share, row.after_share) == shares


def test_a_figure_that_proves_nothing_has_no_bar(scene: Scene) -> None:
    failed = make_restore_test(status="failed")
    (row,) = improvement_rows([make(scene, before="25 min", after_source=f"{failed.reference}.rto")], scene.incident)
    assert row.after.references[0].value == "8.5 s, failed"
    assert row.after_share == 0
