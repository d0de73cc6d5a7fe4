"""What a post-mortem is begun with, and when that happens by itself."""

from datetime import timedelta

import pytest

from accounts.models import User
from incidents.models import Incident, Mode, Postmortem, PostmortemTemplate, SeverityLevel, TemplateSection
from incidents.services.declaration import declare_incident
from incidents.services.drafts import expected_author, start_postmortem
from incidents.services.postmortem_status import change_postmortem_status
from incidents.services.roles import assign_role, release_role
from incidents.services.status import change_status
from incidents.services.visibility import change_visibility
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_user

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def critical(responder: User) -> Incident:
    return make_incident(responder, severity=SeverityLevel.objects.get(level=1))


def resolve(incident: Incident, actor: User) -> Incident:
    return change_status(incident, status="resolved", actor=actor, now=LATER)


def template(name: str) -> PostmortemTemplate:
    return PostmortemTemplate.objects.get(name=name)


def keys(postmortem: Postmortem) -> list[str]:
    return [section.key for section in postmortem.sections.all()]


def test_a_resolved_incident_that_owes_one_has_a_draft_for_who_had_the_command(
    critical: Incident, responder: User
) -> None:
    ann, ben = make_user("ann"), make_user("ben")
    first = assign_role(critical, role="commander", person=ann, actor=responder, now=NOW)
    assign_role(critical, role="commander", person=ben, actor=responder, now=NOW + timedelta(1 / 24), seen=[first.pk])
    resolve(critical, responder)
    postmortem = Postmortem.objects.get()
    assert (postmortem.incident, postmortem.author, postmortem.status) == (critical, ben, "draft")
    assert postmortem.template == template("Complete")
    # Nothing is invented: every section is empty, and asks.
    assert {section.body for section in postmortem.sections.all()} == {""}
    assert all(section.prompt for section in postmortem.sections.all())


def test_who_gave_the_command_back_is_still_expected_and_who_left_is_not(critical: Incident, responder: User) -> None:
    ann = make_user("ann")
    held = assign_role(critical, role="commander", person=ann, actor=responder, now=NOW)
    release_role(held, actor=responder, now=LATER)
    assert expected_author(critical) == ann
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert expected_author(critical) == responder
    User.objects.filter(pk=responder.pk).update(role="viewer")
    assert expected_author(Incident.objects.get()) is None


def test_where_nobody_is_left_who_resolves_it_is_the_author(
    critical: Incident, responder: User, administrator: User
) -> None:
    User.objects.filter(pk=responder.pk).update(is_active=False)
    resolve(Incident.objects.get(), administrator)
    assert Postmortem.objects.get().author == administrator


@pytest.mark.parametrize("facts", [{"mode": Mode.DRILL}, {"severity_id": 3}])
def test_drills_and_lesser_ones_get_none_by_themselves(
    critical: Incident, responder: User, facts: dict[str, str]
) -> None:
    Incident.objects.update(**facts)
    resolve(critical, responder)
    assert not Postmortem.objects.exists()


def test_one_that_is_over_when_it_is_written_down_has_a_draft_as_well(responder: User) -> None:
    declare_incident(
        title="Last week",
        actor=responder,
        now=NOW,
        severity=SeverityLevel.objects.get(level=2),
        mode=Mode.RETROSPECTIVE,
        resolved_at=NOW - timedelta(days=7),
    )
    assert Postmortem.objects.get().author == responder


def test_resolving_again_keeps_what_was_written_and_what_was_said(critical: Incident, responder: User) -> None:
    change_postmortem_status(critical, status="not_required", reason="A known test", actor=responder, now=NOW)
    resolve(critical, responder)
    change_status(critical, status="investigating", actor=responder, now=LATER)
    resolve(critical, responder)
    postmortem = Postmortem.objects.get()
    assert (postmortem.status, postmortem.reason) == ("not_required", "A known test")


def test_the_page_offers_it_where_none_is_required(responder: User) -> None:
    incident = make_incident(responder)
    resolve(incident, responder)
    page = signed_in(responder).get(incident.get_absolute_url()).content.decode()
    assert "Begin the post-mortem" in page
    assert f"{incident.get_absolute_url()}postmortem/draft/" in page


def test_a_template_is_chosen_by_hand_or_by_the_severity(critical: Incident, responder: User) -> None:
    SeverityLevel.objects.filter(level=1).update(postmortem_template=template("Five whys"))
    begun = start_postmortem(critical, actor=responder, template=template("Lightweight"))
    assert keys(begun) == ["summary", "impact", "timeline", "root_causes", "action_items", "lessons"]
    other = start_postmortem(make_incident(responder, severity=critical.severity), actor=responder)
    assert keys(other)[2:5] == ["problem", "root_causes", "other_branches"]


def test_without_a_template_or_with_one_that_was_removed_it_is_the_outline(critical: Incident, responder: User) -> None:
    gone = template("Lightweight")
    PostmortemTemplate.objects.filter(pk=gone.pk).update(removed_at=NOW)
    SeverityLevel.objects.filter(level=1).update(postmortem_template=gone)
    SeverityLevel.objects.filter(level=2).update(postmortem_template=None)
    for level in (1, 2):
        incident = make_incident(responder, severity=SeverityLevel.objects.get(level=level))
        begun = start_postmortem(incident, actor=responder)
        assert (len(keys(begun)), begun.template) == (13, None)


def test_changing_a_template_touches_no_document(critical: Incident, responder: User) -> None:
    begun = start_postmortem(critical, actor=responder)
    before = list(begun.sections.values())
    TemplateSection.objects.update(title="Another", prompt="Another?")
    TemplateSection.objects.filter(key="impact").delete()
    PostmortemTemplate.objects.filter(name="Complete").delete()
    assert list(begun.sections.values()) == before
    begun.refresh_from_db()
    assert begun.template is None


def test_beginning_twice_is_beginning_once(critical: Incident, responder: User) -> None:
    first = start_postmortem(critical, actor=responder)
    again = start_postmortem(critical, actor=make_user("ann"), template=template("Lightweight"))
    assert (again, again.author, len(keys(again))) == (first, responder, 13)


def test_who_was_left_out_of_a_restricted_one_is_not_expected(critical: Incident, responder: User) -> None:
    ann = make_user("ann")
    first = assign_role(critical, role="commander", person=ann, actor=responder, now=NOW)
    release_role(first, actor=responder, now=LATER)
    assert expected_author(critical) == ann
    change_visibility(critical, visibility="restricted", actor=responder, now=LATER, people=[responder], teams=[])
    assert expected_author(Incident.objects.get(pk=critical.pk)) == responder
