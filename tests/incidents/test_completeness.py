"""The meter of completeness: each rule, and that nothing is said twice or to nobody's use."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from incidents.completeness import measure
from incidents.models import Incident, PostmortemSection, TimelineEvent
from incidents.services.causes import add_cause
from recovery.services.evidence import attach_evidence, withdraw_evidence
from tests.factories import NOW, make_incident, make_restore_test
from tests.incidents.conftest import THEN, Scene

CLAIM = "No data was lost."


def missing(scene: Scene) -> dict[str, list[str]]:
    lacking = measure(scene.section.postmortem).lacking
    return {label: [each.sentence for each in found] for label, found in lacking}


def complete(scene: Scene, responder: User) -> None:
    """Nothing is missing from then on."""
    known: dict[str, Any] = {"customers_affected": 0, "requests_failed": 5, "data_loss": "lost"}
    milestones = ("impact_started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at")
    known |= {name: THEN.replace(minute=minute) for minute, name in enumerate(milestones)}
    Incident.objects.filter(pk=scene.incident.pk).update(**known, status="resolved")
    PostmortemSection.objects.update(body="Something was written.")
    TimelineEvent.objects.filter(pk=scene.event.pk).update(is_pinned=True, is_hidden=False)
    scene.item.owner_person, scene.item.due_date = responder, date(2024, 4, 1)
    scene.item.save()


def test_everything_that_is_missing_is_listed(scene: Scene) -> None:
    TimelineEvent.objects.update(is_pinned=False)
    scene.cause.delete()
    found = missing(scene)
    assert "How many customers were affected is unknown; 0 is an answer too." in found["Impact figures"]
    assert "When this was is unknown: Detected." in found["Milestones, detection among them"]
    assert "“Detection” is not written yet." in found["Every section is written"]
    assert not any("“Action items”" in sentence for sentence in found["Every section is written"])
    assert found["A timeline"] == ["No timeline event has been chosen for the post-mortem."]
    assert found["A cause"] == ["No cause has been recorded."]
    assert found["An owner and a due date for every action item"] == [
        f"{scene.item.reference} has no owner.",
        f"{scene.item.reference} has no due date.",
    ]


def test_a_complete_document_misses_nothing(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    measured = measure(scene.section.postmortem)
    assert measured.lacking == ()
    assert len(measured.held) == measured.total == 10


def test_milestones_out_of_order_are_named(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    Incident.objects.update(detected_at=THEN.replace(hour=1))
    assert missing(scene)["Milestones, detection among them"][0].startswith("Time to detect: “Detected” is before")


def test_causes_and_items_belong_together(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    add_cause(scene.incident, kind="mitigator", category="change", statement="A replica was there")
    assert missing(scene) == {}
    add_cause(scene.incident, kind="risk", category="change", statement="It can come again")
    assert missing(scene) == {"An action item for every cause": ["No action item addresses “It can come again”."]}
    scene.item.root_cause = None
    scene.item.save()
    assert missing(scene)["A cause for every action item"] == [f"{scene.item.reference} addresses no cause."]


def test_what_is_not_done_needs_nobody(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    scene.item.status, scene.item.reason, scene.item.owner_person, scene.item.due_date = "not_doing", "x", None, None
    scene.item.save()
    assert missing(scene) == {}


class TestClaims:
    """Of recovery, with and without evidence."""

    LABEL = "Evidence for what is said of recovery"

    @pytest.fixture(autouse=True)
    def _complete(self, scene: Scene, responder: User) -> None:
        complete(scene, responder)

    def say(self, scene: Scene, text: str) -> list[str]:
        PostmortemSection.objects.filter(pk=scene.section.pk).update(body=text)
        return missing(scene).get(self.LABEL, [])

    def test_a_claim_without_evidence_is_named_as_a_sentence(self, scene: Scene) -> None:
        (sentence,) = self.say(scene, f"It broke. {CLAIM} It was mended.")
        assert sentence.startswith(f"“{CLAIM}” names no evidence.")

    def test_a_claim_in_thai_is_one_too(self, scene: Scene) -> None:
        assert len(self.say(scene, "ไม่มีข้อมูลสูญหาย\n\nกู้คืนได้ภายใน 8 วินาที")) == 2

    def test_a_reference_that_readers_can_follow_is_evidence(self, scene: Scene) -> None:
        test = make_restore_test()
        assert self.say(scene, f"No data was lost ({test.reference}).") == []
        assert len(self.say(scene, "No data was lost (RT-99999).")) == 1

    def test_attached_evidence_is_enough_until_it_is_withdrawn(self, scene: Scene, responder: User) -> None:
        evidence = attach_evidence(make_restore_test(), incident=scene.incident, caption="x", actor=responder, now=NOW)
        assert self.say(scene, CLAIM) == []
        withdraw_evidence(evidence, actor=responder, now=NOW)
        assert len(self.say(scene, CLAIM)) == 1

    def test_the_facts_and_the_figures_claim_as_well(self, scene: Scene) -> None:
        Incident.objects.update(data_loss="none")
        scene.improvement.metric, scene.improvement.after = "RTO", "2 min"
        scene.improvement.save()
        assert [sentence.partition("”")[0] for sentence in self.say(scene, "x")] == ["“Data lost: none", "“RTO 2 min"]
        scene.improvement.after_source = f"{make_restore_test().reference}.rto"
        scene.improvement.save()
        assert len(self.say(scene, "x")) == 1


def test_as_many_queries_for_many_rows(scene: Scene, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(30) as few:
        measure(scene.section.postmortem)
    for n in range(20):
        add_cause(scene.incident, kind="risk", category="change", statement=f"{n}")
    with django_assert_max_num_queries(len(few)):
        measure(scene.section.postmortem)


def test_words_on_what_was_lost_and_zeros_are_answers(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    Incident.objects.update(data_loss="unknown", customers_affected=0, requests_failed=0)
    assert missing(scene)["Impact figures"] == ["Whether data was lost is unknown."]
    Incident.objects.update(data_lost="Three orders, perhaps more")
    assert "Impact figures" not in missing(scene)


def test_an_event_that_is_hidden_is_no_timeline(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    TimelineEvent.objects.filter(is_pinned=True).update(is_hidden=True)
    assert missing(scene)["A timeline"] == ["No timeline event has been chosen for the post-mortem."]


def test_without_any_cause_no_item_is_asked_for_its_own(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    scene.item.root_cause = None
    scene.item.save()
    scene.cause.delete()
    assert set(missing(scene)) == {"A cause"}


def test_references_that_lead_nowhere_are_named(scene: Scene, responder: User) -> None:
    complete(scene, responder)
    hidden = make_incident(responder, "Elsewhere")
    Incident.objects.filter(pk=hidden.pk).update(visibility="restricted")
    here = f"{scene.incident.reference}.time_to_resolve, {scene.item.reference}, @nobody"
    text = f"{here}; {hidden.reference} and RT-99.rto. `INC-98` [INC-97](https://a.b)\n\n```\nEV-9\n```\n"
    PostmortemSection.objects.filter(pk=scene.section.pk).update(body=text)
    told = "{} leads nowhere for readers of this document, and stays plain text.".format
    assert missing(scene) == {"References that lead somewhere": [told(hidden.reference), told("RT-99.rto")]}
