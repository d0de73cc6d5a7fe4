"""Figures that are typed, and figures that are read from what was measured."""

import pytest

from accounts.models import User
from incidents.documents.references import list_figures
from incidents.errors import IncidentError
from incidents.services.improvements import add_improvement, change_improvement
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_restore_test
from tests.incidents.conftest import Scene


def test_a_bound_figure_keeps_what_it_was_when_it_was_chosen(scene: Scene, responder: User) -> None:
    test = make_restore_test()
    attach_evidence(test, incident=scene.incident, caption="x", actor=responder, now=NOW)
    source = f"{test.reference}.rto"
    improvement = add_improvement(
        scene.incident, metric="RTO", before="25 min", after="typed before", after_source=source
    )
    assert (improvement.before, improvement.after, improvement.after_source) == ("25 min", "8.5 s", source)
    typed = change_improvement(improvement, metric="RTO", before="25 min", after="2 min")
    assert (typed.after, typed.after_source) == ("2 min", "")


@pytest.mark.parametrize("source", ["RT-99999.rto", "RT-1", "INC-99999.time_to_detect", "INC-1.cost"])
def test_what_measures_nothing_is_refused(scene: Scene, source: str) -> None:
    with pytest.raises(IncidentError, match="no longer there") as refusal:
        add_improvement(scene.incident, metric="RTO", before="1", after_source=source)
    assert refusal.value.field == "after_source"


def test_what_can_be_chosen_belongs_to_the_incident(scene: Scene, responder: User) -> None:
    attached, other = make_restore_test(), None
    other = make_restore_test(attached.replica)
    attach_evidence(attached, incident=scene.incident, caption="x", actor=responder, now=NOW)
    figures = list_figures(scene.incident)
    assert figures[f"{attached.reference}.rto"] == f"{attached.reference}.rto: 8.5 s"
    assert figures[f"{scene.incident.reference}.time_to_resolve"].endswith(": unknown")
    assert f"{other.reference}.rto" not in figures
    # What was chosen once stays to be chosen.
    assert f"{other.reference}.rto" in list_figures(scene.incident, also=[f"{other.reference}.rto", ""])
    assert "" not in list_figures(scene.incident, also=[""])
