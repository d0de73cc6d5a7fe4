from typing import Any

import pytest

from accounts.models import User
from incidents import closing
from incidents.closing import Obstacle, list_obstacles, register_requirement
from incidents.models import Incident, Mode, SeverityLevel
from incidents.services.drafts import start_postmortem
from incidents.services.postmortem_status import change_postmortem_status
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication


@pytest.fixture
def critical(responder: User) -> Incident:
    return make_incident(responder, severity=SeverityLevel.objects.get(is_postmortem_required=True, level=1))


def reasons(incident: Incident) -> list[str]:
    return [obstacle.reason for obstacle in list_obstacles(Incident.objects.get(pk=incident.pk))]


def test_a_required_postmortem_stands_in_the_way_until_it_is_published(critical: Incident, responder: User) -> None:
    assert reasons(critical) == ["A post-mortem is required at SEV1 and has not been begun."]
    start_postmortem(critical, actor=responder)
    assert reasons(critical) == ["A post-mortem is required at SEV1 and has not been published."]
    make_publication(critical, responder)
    assert reasons(critical) == []
    change_postmortem_status(critical, status="draft", actor=responder, now=NOW)
    assert reasons(critical) == ["A post-mortem is required at SEV1 and has not been published."]
    change_postmortem_status(critical, status="not_required", reason="A test of ours", actor=responder, now=NOW)
    assert reasons(critical) == []


def test_behaviour_hangs_on_the_flag_and_not_on_the_level(critical: Incident) -> None:
    critical.severity.is_postmortem_required = False
    critical.severity.save()
    assert reasons(critical) == []


@pytest.mark.parametrize("facts", [{"mode": Mode.DRILL}, {"duplicate_of": True}])
def test_drills_and_duplicates_need_no_postmortem(critical: Incident, facts: dict[str, Any]) -> None:
    if "duplicate_of" in facts:
        facts = {"duplicate_of": make_incident()}
    Incident.objects.filter(pk=critical.pk).update(**facts)
    assert reasons(critical) == []


def test_other_apps_add_requirements_once(critical: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "_requirements", [])

    def refuse(_incident: Incident) -> Obstacle:
        return Obstacle("The moon is full.", "/", "Wait")

    register_requirement(refuse)
    register_requirement(refuse)
    assert reasons(critical)[1:] == ["The moon is full."]
