"""What a document's references stand for: for everyone who may read it, and nothing beyond."""

from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from incidents.documents import references
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.references import find_references
from incidents.documents.tree import Document
from incidents.models import ActionItem, Incident, IncidentGrant, PostmortemSection, TimelineEvent
from recovery.services.evidence import attach_evidence, withdraw_evidence
from tests.factories import NOW, make_incident, make_restore_test, make_team, make_user
from tests.incidents.conftest import THEN, Scene


def say(scene: Scene, text: str) -> Document:
    PostmortemSection.objects.filter(pk=scene.section.pk).update(body=text)
    return build_document(scene.section.postmortem)


def keys(text: str, incident: Incident) -> set[str]:
    return set(find_references([text], incident))


def restrict(incident: Incident, *people: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    for person in people:
        IncidentGrant.objects.create(incident=incident, person=person)
    incident.refresh_from_db()


def test_prose_timeline_and_causes_say_what_was_measured(scene: Scene) -> None:
    test = make_restore_test()
    TimelineEvent.objects.filter(pk=scene.event.pk).update(text=f"Restored as in {test.reference}.rto")
    scene.cause.statement = f"See {scene.item.reference}"
    scene.cause.save(update_fields=["statement"])
    document = say(scene, f"Lost: {test.reference}.rpo. Not `{test.reference}`.")
    markdown, page = render_markdown_file(document), render_self_contained(document)
    address = f"{settings.BASE_URL}{test.get_absolute_url()}"
    for measured, key in (("8.5 s", "rto"), ("400 ms", "rpo")):
        assert f'[{measured} ({test.reference})]({address} "{test.reference}.{key}")' in markdown
        assert f'{measured} (<a href="' in page
    assert f'{address}" rel=' in page
    assert f'#action-{scene.item.number}" rel=' in page
    assert f"<code>{test.reference}</code>" in page
    assert 'href="/' not in page
    assert 'href="/' not in render_print_source(document)


def test_an_incidents_durations_are_values(scene: Scene) -> None:
    Incident.objects.filter(pk=scene.incident.pk).update(impact_started_at=THEN, detected_at=THEN.replace(minute=25))
    scene.incident.refresh_from_db()
    reference = scene.incident.reference
    found = find_references(
        [f"{reference}.time_to_detect {reference}.time_to_resolve {reference}.cost"], scene.incident
    )
    assert {key: each.value for key, each in found.items()} == {
        f"{reference}.time_to_detect": "25 min",
        f"{reference}.time_to_resolve": "unknown",
    }


@pytest.mark.parametrize("text", ["INC-999999", "ACT-999999", "RT-999999.rto", "EV-999999", "@nobody", "XY-1"])
def test_what_is_not_there_stays_text(scene: Scene, text: str) -> None:
    assert keys(text, scene.incident) == set()
    assert text in render_markdown_file(say(scene, f"See {text}."))


def test_what_is_restricted_elsewhere_stays_text(scene: Scene, responder: User) -> None:
    secret = make_incident(responder, "Nobody may know", now=THEN)
    item = ActionItem.objects.create(incident=secret, title="Hidden promise")
    drill = make_restore_test(incident=secret)
    evidence = attach_evidence(make_restore_test(drill.replica), incident=secret, caption="x", actor=responder, now=NOW)
    text = f"{secret.reference} {secret.reference}.time_to_detect {item.reference} {drill.reference}.rto {evidence}"
    assert len(keys(text, scene.incident)) == 5
    restrict(secret, responder)
    assert keys(text, scene.incident) == set()
    # Its own readers know of it.
    assert len(keys(text, secret)) == 5
    page = render_self_contained(say(scene, text))
    assert "Hidden promise" not in page
    assert text in page


def test_withdrawn_evidence_stays_text(scene: Scene, responder: User) -> None:
    evidence = attach_evidence(make_restore_test(), incident=scene.incident, caption="x", actor=responder, now=NOW)
    assert keys(f"{evidence}", scene.incident) == {f"{evidence}"}
    withdraw_evidence(evidence, actor=responder, now=NOW)
    assert keys(f"{evidence}", scene.incident) == set()


@pytest.mark.parametrize(
    ("facts", "said"), [({"status": "failed"}, "8.5 s, failed"), ({"rto_seconds": None}, "unknown")]
)
def test_a_figure_that_proves_nothing_says_so(scene: Scene, facts: dict[str, Any], said: str) -> None:
    test = make_restore_test(**facts)
    found = find_references([f"{test.reference}.rto"], scene.incident)
    assert found[f"{test.reference}.rto"].value == said


def test_a_figure_of_the_demonstration_says_so(scene: Scene) -> None:
    test = make_restore_test()
    test.replica.database.is_demonstration = True
    test.replica.database.save(update_fields=["is_demonstration"])
    found = find_references([f"{test.reference}.rto"], scene.incident)
    assert found[f"{test.reference}.rto"].value == "8.5 s, made up for the demonstration"


def test_those_mentioned_can_sign_in_and_see_the_incident(scene: Scene, responder: User, viewer: User) -> None:
    make_user("gone", is_active=False)
    text = f"@{responder.username} @{viewer.username} @gone"
    assert keys(text, scene.incident) == {f"@{responder.username}", f"@{viewer.username}"}
    restrict(scene.incident, responder)
    assert keys(text, scene.incident) == {f"@{responder.username}"}


def test_thousands_take_as_many_queries_as_one(scene: Scene, responder: User, django_assert_num_queries: Any) -> None:
    test = make_restore_test()
    for count in (1, 300):
        text = " ".join(f"INC-{n} ACT-{n} RT-{n}.rto EV-{n} @{responder.username}" for n in range(1, count + 1))
        with django_assert_num_queries(5):
            found = find_references([text, f"{test.reference} {scene.incident.reference}"], scene.incident)
        assert scene.incident.reference in found


def test_a_text_without_references_asks_nothing(scene: Scene, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert find_references(["nothing", "`a`"], scene.incident) == {}


def test_those_of_a_team_that_sees_the_incident_can_be_mentioned(scene: Scene, viewer: User) -> None:
    restrict(scene.incident)
    assert keys(f"@{viewer.username}", scene.incident) == set()
    team = make_team()
    team.members.add(viewer)
    IncidentGrant.objects.create(incident=scene.incident, team=team, granted_by=scene.incident.declared_by)
    assert keys(f"@{viewer.username}", scene.incident) == {f"@{viewer.username}"}


def test_beyond_so_many_of_one_kind_they_stay_text(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MOST", 2)
    reference = scene.incident.reference
    assert keys(f"INC-900001 {reference} INC-900002", scene.incident) == {reference}
    assert keys(f"INC-900001 INC-900002 {reference}", scene.incident) == set()
